using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Optimizers;

/// <summary>Stochastic gradient descent: Robbins, Monro, Annals of Mathematical Statistics 22 (1951).</summary>
[OptimizerRule]
public sealed partial class Sgd
{
    double eta;

    void Begin(OptimizerSettings settings, long update) => eta = settings.Eta;

    Vector Step(Vector theta, Vector g) => theta - eta * g;
}
