using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>What one core can do at the most: independent chains of fused multiply-adds that touch no memory.</summary>
public static class MultiplyAddPeak
{
    private const int Chains = 12;

    /// <summary>Measures for about 30 ms with the widest registers that the kernels use.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <returns>10^9 floating-point operations a second, two for each multiply-add; the best of several runs.</returns>
    public static double Measure<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int rounds = 100_000;
        var best = 0.0;
        for (var run = 0; run < 12; run++)
        {
            var start = Stopwatch.GetTimestamp();
            var lanes = Vector512.IsHardwareAccelerated ? Run512<T>(rounds) : Vector256.IsHardwareAccelerated ? Run256<T>(rounds) : Run128<T>(rounds);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            best = Math.Max(best, 2.0 * Chains * rounds * lanes / seconds / 1e9);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run512<T>(int rounds)
    {
        Vector512<T> x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default, k = default, l = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d));
            (e, f, g, h) = (Add(x, e), Add(x, f), Add(x, g), Add(x, h));
            (i, j, k, l) = (Add(x, i), Add(x, j), Add(x, k), Add(x, l));
        }

        Keep(a + b + c + d + e + f + g + h + i + j + k + l);
        return Vector512<T>.Count;

        static Vector512<T> Add(Vector512<T> x, Vector512<T> sum) => typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(x.AsSingle(), x.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(x.AsDouble(), x.AsDouble(), sum.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run256<T>(int rounds)
    {
        Vector256<T> x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default, k = default, l = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d));
            (e, f, g, h) = (Add(x, e), Add(x, f), Add(x, g), Add(x, h));
            (i, j, k, l) = (Add(x, i), Add(x, j), Add(x, k), Add(x, l));
        }

        Keep(a + b + c + d + e + f + g + h + i + j + k + l);
        return Vector256<T>.Count;

        static Vector256<T> Add(Vector256<T> x, Vector256<T> sum) => typeof(T) == typeof(float)
            ? Vector256.MultiplyAddEstimate(x.AsSingle(), x.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector256.MultiplyAddEstimate(x.AsDouble(), x.AsDouble(), sum.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run128<T>(int rounds)
    {
        Vector128<T> x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default, k = default, l = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d));
            (e, f, g, h) = (Add(x, e), Add(x, f), Add(x, g), Add(x, h));
            (i, j, k, l) = (Add(x, i), Add(x, j), Add(x, k), Add(x, l));
        }

        Keep(a + b + c + d + e + f + g + h + i + j + k + l);
        return Vector128<T>.Count;

        static Vector128<T> Add(Vector128<T> x, Vector128<T> sum) => typeof(T) == typeof(float)
            ? Vector128.MultiplyAddEstimate(x.AsSingle(), x.AsSingle(), sum.AsSingle()).As<float, T>()
            : Vector128.MultiplyAddEstimate(x.AsDouble(), x.AsDouble(), sum.AsDouble()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep<TVector>(TVector value) => _ = value;
}
