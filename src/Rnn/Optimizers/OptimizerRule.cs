using System.Numerics;
using Vector = CharRnn.Rnn.Cells.Vector;

namespace CharRnn.Rnn.Optimizers;

/// <summary>What every rule is to the rest of the program; the generator makes it the base of each class with [OptimizerRule].</summary>
public abstract class OptimizerRule
{
    /// <summary>The name on the command line and in files.</summary>
    public abstract string Name { get; }

    /// <summary>The names of the slots, in the order of their declaration.</summary>
    public abstract IReadOnlyList<string> Slots { get; }

    /// <summary>Whether a weight or a slot changes where the gradient is zero, so that characters which did not occur are updated too.</summary>
    public abstract bool MovesWithoutGradient { get; }

    /// <summary>The numbers that the kernels take for one update, each the same for all weights.</summary>
    /// <param name="settings">The rule's settings.</param>
    /// <param name="update">The number of the update, from 1.</param>
    public abstract double[] Numbers(OptimizerSettings settings, long update);

    /// <summary>The rule as it is written, over numbers of any type; call <see cref="Numbers"/> first, which sets what is the same for all weights.</summary>
    /// <param name="slots">The slots; replaced by what becomes of them.</param>
    /// <param name="theta">The weights.</param>
    /// <param name="g">Their gradients.</param>
    /// <returns>The new weights.</returns>
    public abstract Vector Run(Vector[] slots, Vector theta, Vector g);

    /// <summary>The kernels of the rule, in every register form that the processor can run, widest first.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <exception cref="NotSupportedException">T is neither.</exception>
    public IEnumerable<OptimizerKernels<T>> Kernels<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (IEnumerable<OptimizerKernels<T>>)SingleKernels()
        : typeof(T) == typeof(double) ? (IEnumerable<OptimizerKernels<T>>)DoubleKernels()
        : throw new NotSupportedException($"Kernels are emitted for float and double, not for {typeof(T).Name}.");

    /// <summary>See <see cref="Kernels{T}"/>.</summary>
    protected abstract IEnumerable<OptimizerKernels<float>> SingleKernels();

    /// <summary>See <see cref="Kernels{T}"/>.</summary>
    protected abstract IEnumerable<OptimizerKernels<double>> DoubleKernels();

    /// <summary>The square root of every element.</summary>
    protected static Vector Sqrt(Vector a) => a.SquareRoot();
}
