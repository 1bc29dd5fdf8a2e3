using System.Numerics;
using System.Runtime.Intrinsics;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>Registers of 128 bits.</summary>
internal readonly unsafe struct Register128<T> : IRegisterOperations<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Bits => 128;

    /// <inheritdoc/>
    public static Vector128<T> Broadcast(double value) => Vector128.Create(T.CreateChecked(value));

    /// <inheritdoc/>
    public static Vector128<T> Load(T* address) => Vector128.Load(address);

    /// <inheritdoc/>
    public static void Store(Vector128<T> value, T* address) => value.Store(address);

    /// <inheritdoc/>
    public static Vector128<T> MultiplyAdd(Vector128<T> x, Vector128<T> y, Vector128<T> sum) => typeof(T) == typeof(float)
        ? Vector128.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector128.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();

    /// <inheritdoc/>
    public static Vector128<T> DivideByRoot(Vector128<T> x, Vector128<T> y) => x / Vector128.Sqrt(y);
}
