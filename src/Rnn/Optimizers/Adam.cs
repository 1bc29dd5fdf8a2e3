using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Optimizers;

/// <summary>Adam, algorithm 1 of Kingma, Ba, ICLR 2015: m and v are running means of the gradient and of its square, corrected for their start at zero.</summary>
[OptimizerRule]
public sealed partial class Adam
{
    Vector m, v;
    double eta, beta1, beta2, epsilon, correction1, correction2;

    void Begin(OptimizerSettings settings, long update)
    {
        (eta, beta1, beta2, epsilon) = settings;
        correction1 = 1 - Math.Pow(beta1, update);
        correction2 = 1 - Math.Pow(beta2, update);
    }

    Vector Step(Vector theta, Vector g)
    {
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * (g * g);
        return theta - eta / correction1 * m / (Sqrt(v / correction2) + epsilon);
    }
}
