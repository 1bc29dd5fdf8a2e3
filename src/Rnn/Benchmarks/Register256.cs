using System.Numerics;
using System.Runtime.Intrinsics;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>Registers of 256 bits.</summary>
internal readonly unsafe struct Register256<T> : IRegisterOperations<Vector256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Bits => 256;

    /// <inheritdoc/>
    public static Vector256<T> Broadcast(double value) => Vector256.Create(T.CreateChecked(value));

    /// <inheritdoc/>
    public static Vector256<T> Load(T* address) => Vector256.Load(address);

    /// <inheritdoc/>
    public static void Store(Vector256<T> value, T* address) => value.Store(address);

    /// <inheritdoc/>
    public static Vector256<T> MultiplyAdd(Vector256<T> x, Vector256<T> y, Vector256<T> sum) => typeof(T) == typeof(float)
        ? Vector256.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector256.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();

    /// <inheritdoc/>
    public static Vector256<T> DivideByRoot(Vector256<T> x, Vector256<T> y) => x / Vector256.Sqrt(y);
}
