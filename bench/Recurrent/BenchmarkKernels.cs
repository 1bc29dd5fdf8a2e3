using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Optimizers;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>The recurrent network's kernels in every register form: with run-time sizes, and for the shapes that the project file compiles in.</summary>
[RecurrentKernels(typeof(BenchmarkCell), typeof(BenchmarkRule))]
internal static partial class BenchmarkKernels
{
}

/// <summary>The vanilla cell again: the generator reads equations from the source of the project that it writes into.</summary>
[RecurrentCell]
internal sealed partial class BenchmarkCell
{
    private readonly Matrix W, U;
    private readonly Vector b;

    private Vector Step(Vector h, Vector x) => Tanh(W * h + U * x + b);
}

/// <summary>AdaGrad again, for the same reason.</summary>
[OptimizerRule]
internal sealed partial class BenchmarkRule
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
