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
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Measure<T>(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128);

    /// <summary>Measures for about 30 ms with registers of one width, which the processor should have.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="bits">512, 256 or 128.</param>
    /// <returns>10^9 floating-point operations a second, two for each multiply-add; the best of several runs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no registers of so many bits.</exception>
    public static double Measure<T>(int bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => bits switch
        {
            512 => Measure<Vector512<T>, Register512<T>, T>(),
            256 => Measure<Vector256<T>, Register256<T>, T>(),
            128 => Measure<Vector128<T>, Register128<T>, T>(),
            _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Registers have 512, 256 or 128 bits."),
        };

    /// <summary>Measures with registers of one width.</summary>
    internal static double Measure<TRegister, TOperations, T>()
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int rounds = 100_000;
        var operations = 2.0 * Chains * rounds * TOperations.Bits / 8 / Unsafe.SizeOf<T>();
        var best = 0.0;
        for (var run = 0; run < 12; run++)
        {
            var start = Stopwatch.GetTimestamp();
            Run<TRegister, TOperations, T>(rounds);
            best = Math.Max(best, operations / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Run<TRegister, TOperations, T>(int rounds)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default, k = default, l = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d));
            (e, f, g, h) = (Add(x, e), Add(x, f), Add(x, g), Add(x, h));
            (i, j, k, l) = (Add(x, i), Add(x, j), Add(x, k), Add(x, l));
        }

        // One register: locals whose addresses are taken for a call do not stay in registers.
        Keep(TOperations.MultiplyAdd(a, b, TOperations.MultiplyAdd(c, d, TOperations.MultiplyAdd(e, f, TOperations.MultiplyAdd(g, h, TOperations.MultiplyAdd(i, j, TOperations.MultiplyAdd(k, l, x)))))));

        static TRegister Add(TRegister x, TRegister sum) => TOperations.MultiplyAdd(x, x, sum);
    }

    /// <summary>A result that counts as used, so that nothing is left out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Keep<TRegister>(TRegister value) => _ = value;
}
