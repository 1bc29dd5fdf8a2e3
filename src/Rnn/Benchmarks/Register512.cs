using System.Numerics;
using System.Runtime.Intrinsics;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>Registers of 512 bits.</summary>
internal readonly unsafe struct Register512<T> : IRegisterOperations<Vector512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Bits => 512;

    /// <inheritdoc/>
    public static Vector512<T> Broadcast(double value) => Vector512.Create(T.CreateChecked(value));

    /// <inheritdoc/>
    public static Vector512<T> Load(T* address) => Vector512.Load(address);

    /// <inheritdoc/>
    public static void Store(Vector512<T> value, T* address) => value.Store(address);

    /// <inheritdoc/>
    public static Vector512<T> MultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> sum) => typeof(T) == typeof(float)
        ? Vector512.MultiplyAddEstimate(x.AsSingle(), y.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector512.MultiplyAddEstimate(x.AsDouble(), y.AsDouble(), sum.AsDouble()).As<double, T>();

    /// <inheritdoc/>
    public static Vector512<T> DivideByRoot(Vector512<T> x, Vector512<T> y) => x / Vector512.Sqrt(y);
}
