using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Optimizers;

namespace CharRnn.Rnn.Tests.Kernels;

/// <summary>The vanilla cell again: the generator reads equations from the source of the project that it writes into. The benchmarks are compiled with this file too.</summary>
[RecurrentCell]
internal sealed partial class TestCell
{
    private readonly Matrix W, U;
    private readonly Vector b;

    private Vector Step(Vector h, Vector x) => Tanh(W * h + U * x + b);
}

/// <summary>AdaGrad again, for the same reason.</summary>
[OptimizerRule]
internal sealed partial class TestRule
{
    private Vector G;
    private double eta, epsilon;

    private void Begin(OptimizerSettings settings, long update) => (eta, epsilon) = (settings.Eta, settings.Epsilon);

    private Vector Step(Vector theta, Vector g)
    {
        G = G + g * g;
        return theta - eta * g / Sqrt(G + epsilon);
    }
}
