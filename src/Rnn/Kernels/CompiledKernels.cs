using System.Numerics;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;

namespace CharRnn.Rnn.Kernels;

/// <summary>The update kernels that this build carries; the other half is emitted.</summary>
[RecurrentKernels(typeof(Vanilla), typeof(Adagrad))]
public static partial class CompiledKernels
{
    /// <summary>The kernels for a shape in the widest registers that the processor has.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">m and K.</param>
    /// <param name="allowFixed">Whether kernels with the shape compiled in may be chosen.</param>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static RecurrentKernels<T> Best<T>(NetworkShape shape, bool allowFixed = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (RecurrentKernels<T>)(object)Single(shape, allowFixed)
        : typeof(T) == typeof(double) ? (RecurrentKernels<T>)(object)Double(shape, allowFixed)
        : throw new NotSupportedException($"Kernels are emitted for float and double, not for {typeof(T).Name}.");

    /// <summary>Every implementation for a shape that the processor can run, widest first.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="shape">m and K.</param>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static IEnumerable<RecurrentKernels<T>> All<T>(NetworkShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? (IEnumerable<RecurrentKernels<T>>)AllSingle(shape)
        : typeof(T) == typeof(double) ? (IEnumerable<RecurrentKernels<T>>)AllDouble(shape)
        : throw new NotSupportedException($"Kernels are emitted for float and double, not for {typeof(T).Name}.");
}
