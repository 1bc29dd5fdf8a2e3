using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Optimizers;

/// <summary>AdaGrad, the diagonal form of Duchi, Hazan, Singer, JMLR 12 (2011): G is the sum of squared gradients.</summary>
[OptimizerRule]
public sealed partial class Adagrad
{
    Vector G;
    double eta, epsilon;

    void Begin(OptimizerSettings settings, long update) => (eta, epsilon) = (settings.Eta, settings.Epsilon);

    Vector Step(Vector theta, Vector g)
    {
        G = G + g * g;
        return theta - eta * g / Sqrt(G + epsilon);
    }
}
