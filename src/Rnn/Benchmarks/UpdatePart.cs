using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>What one part of an update asks of the processor, whoever computes it.</summary>
/// <param name="Name">The part.</param>
/// <param name="Operations">Floating-point operations of its products, two for each multiply-add; 0 where it has none.</param>
/// <param name="Bytes">What it reads and writes at the least: each operand once.</param>
/// <param name="Swept">Bytes of the operand that is read anew for each time step; 0 where a tile can share it among the steps.</param>
/// <param name="Sweeps">How often that operand is read.</param>
/// <param name="Roots">Elements to which the optimiser's rule is applied: a square root and a division each, at the least.</param>
public sealed record UpdatePart(string Name, double Operations, double Bytes, double Swept, int Sweeps, double Roots)
{
    /// <summary>The parts of an update of the textbooks' network, one vanilla layer and one stream by AdaGrad, in the order in which training runs them.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="steps">T.</param>
    /// <param name="distinct">Different characters in the chunk: so many columns of U are updated.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    public static IReadOnlyList<UpdatePart> All(NetworkShape shape, int steps, int distinct, int elementSize)
    {
        double m = shape.HiddenSize, k = shape.VocabularySize, t = steps, size = elementSize;
        var (products, outputs) = (2 * m * m, 2 * t * m * k);
        return
        [
            new("W h and tanh", t * products, size * ((m * m) + (2 * t * m)), size * m * m, steps, 0),
            new("O = V H", outputs, size * ((m * k) + (t * m) + (t * k)), 0, 0, 0),
            new("softmax", 0, size * 2 * t * k, 0, 0, 0),
            new("dH = V' G", outputs, size * ((m * k) + (t * m) + (t * k)), 0, 0, 0),
            new("W' dz", (t - 1) * products, size * ((m * m) + (3 * t * m)), size * m * m, steps - 1, 0),
            new("dV and AdaGrad", outputs, size * ((5 * m * k) + (t * m) + (t * k)), 0, 0, m * k),
            new("dW and AdaGrad", t * products, size * ((4 * m * m) + (2 * t * m)), 0, 0, m * m),
            new("dU and AdaGrad", 0, size * ((t * m) + (4.0 * distinct * m)), 0, 0, distinct * m),
            new("db, dc and AdaGrad", 0, size * ((t * m) + (t * k) + (4 * (m + k))), 0, 0, m + k),
        ];
    }
}
