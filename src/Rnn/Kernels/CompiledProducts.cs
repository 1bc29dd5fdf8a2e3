using System.Numerics;

namespace CharRnn.Rnn.Kernels;

/// <summary>The products that this build carries; the other half is emitted.</summary>
[ProductKernels]
public static partial class CompiledProducts
{
    /// <summary>The products in every register form that the processor can run, widest first.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="allowFixed">Whether depths that are compiled in may be constants.</param>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static IEnumerable<ProductKernels<T>> All<T>(bool allowFixed = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (IEnumerable<ProductKernels<T>>)Single(allowFixed)
        : typeof(T) == typeof(double) ? (IEnumerable<ProductKernels<T>>)Double(allowFixed)
        : throw new NotSupportedException($"Kernels are emitted for float and double, not for {typeof(T).Name}.");
}
