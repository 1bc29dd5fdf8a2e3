using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CharRnn.Kernels;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>What one core of this processor allows with registers of one width, measured.</summary>
/// <param name="Bits">Bits of a register.</param>
/// <param name="Lanes">Elements in a register.</param>
/// <param name="Peak">Independent multiply-adds in registers, 10^9 floating-point operations a second.</param>
/// <param name="Sweeps">Multiply-adds with one operand from memory, smallest buffer first.</param>
/// <param name="RootsPerMicrosecond">Registers a microsecond through an exact square root and an exact division, both counted as one.</param>
/// <param name="Overlaps">Square root and division beside multiply-adds, most multiply-adds first.</param>
public sealed record ProcessorLimits(
    int Bits, int Lanes, double Peak, IReadOnlyList<SweepLimit> Sweeps, double RootsPerMicrosecond, IReadOnlyList<OverlapLimit> Overlaps)
{
    private static readonly int[] SweptKilobytes = [8, 16, 24, 32, 40, 48, 64, 128, 256, 1024, 4096];

    /// <summary>Measures each register width that the processor has, for about half a second each.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <returns>The widest first, down to 256 bits where there are as many.</returns>
    public static IReadOnlyList<ProcessorLimits> Measure<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var limits = new List<ProcessorLimits>();
        if (Vector512.IsHardwareAccelerated)
        {
            limits.Add(Measure<Vector512<T>, Register512<T>, T>());
        }

        limits.Add(Vector256.IsHardwareAccelerated ? Measure<Vector256<T>, Register256<T>, T>() : Measure<Vector128<T>, Register128<T>, T>());
        return limits;
    }

    /// <summary>Bytes a nanosecond where so much is swept over and over: between two measured buffers, in proportion to the logarithms of their sizes.</summary>
    /// <param name="footprint">Bytes.</param>
    public double BytesPerNanosecond(double footprint)
    {
        var next = Sweeps.TakeWhile(sweep => sweep.Kilobytes * 1024.0 < footprint).Count();
        if (next == 0 || next == Sweeps.Count)
        {
            return Sweeps[Math.Min(next, Sweeps.Count - 1)].BytesPerNanosecond;
        }

        var (low, high) = (Sweeps[next - 1], Sweeps[next]);
        var share = Math.Log2(footprint / (low.Kilobytes * 1024.0)) / Math.Log2((double)high.Kilobytes / low.Kilobytes);
        return low.BytesPerNanosecond + (share * (high.BytesPerNanosecond - low.BytesPerNanosecond));
    }

    private static unsafe ProcessorLimits Measure<TRegister, TOperations, T>()
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = TOperations.Bits / 8 / Unsafe.SizeOf<T>();
        var peak = MultiplyAddPeak.Measure<TRegister, TOperations, T>();
        var sweeps = Array.ConvertAll(SweptKilobytes, Sweep<TRegister, TOperations, T>);
        const int rounds = 2000;
        using var arena = new AlignedArena<T>(8 * lanes, 8 * lanes);
        var from = arena.Take(8 * lanes);
        var to = arena.Take(8 * lanes);
        new Span<T>(from, 8 * lanes).Fill(T.CreateChecked(1.3));
        var root = Best(40, () => Roots<TRegister, TOperations, T>(from, to, rounds)) / (8 * rounds);

        // A loop's body has fifty multiply-adds, and with them two registers' roots or five.
        var alone = Best(40, () => MultiplyAdds<TRegister, TOperations, T>(rounds)) / rounds;
        var two = Best(40, () => MultiplyAddsAndTwoRoots<TRegister, TOperations, T>(from, to, rounds)) / (2 * rounds);
        var five = Best(40, () => MultiplyAddsAndFiveRoots<TRegister, TOperations, T>(from, to, rounds)) / (5 * rounds);
        peak = Math.Max(peak, MultiplyAddPeak.Measure<TRegister, TOperations, T>());
        return new(TOperations.Bits, lanes, peak, sweeps, 1000 / root, [new(25, alone / 2, root, two), new(10, alone / 5, root, five)]);
    }

    /// <summary>Nanoseconds of the fastest run.</summary>
    private static double Best(int runs, Action action)
    {
        var best = double.PositiveInfinity;
        for (var run = 0; run < runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, (Stopwatch.GetTimestamp() - start) * 1e9 / Stopwatch.Frequency);
        }

        return best;
    }

    private static unsafe SweepLimit Sweep<TRegister, TOperations, T>(int kilobytes)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bytes = kilobytes * 1024;
        using var arena = new AlignedArena<T>(bytes / sizeof(T));
        var buffer = arena.Take(bytes / sizeof(T));
        new Span<T>(buffer, bytes / sizeof(T)).Fill(T.CreateChecked(0.01));
        var pairs = Math.Max(1, (1 << 20) / bytes);
        var time = Best(40, () =>
        {
            for (var pair = 0; pair < pairs; pair++)
            {
                Sweep<TRegister, TOperations, T>(buffer, bytes, down: true);
                Sweep<TRegister, TOperations, T>(buffer, bytes, down: false);
            }
        });
        var swept = 2.0 * pairs * bytes;
        return new(kilobytes, 2 * swept / sizeof(T) / time, swept / time);
    }

    /// <summary>Eight sums, each register of memory read once, within its multiply-add.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Sweep<TRegister, TOperations, T>(T* buffer, int bytes, bool down)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = (nint)(TOperations.Bits / 8 / sizeof(T));
        var block = 8 * lanes;
        var blocks = bytes / sizeof(T) / block;
        var step = down ? block : -block;
        var at = down ? buffer : buffer + ((blocks - 1) * block);
        var x = TOperations.Broadcast(0.01);
        TRegister a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (nint i = 0; i < blocks; i++)
        {
            a = TOperations.MultiplyAdd(x, TOperations.Load(at), a);
            b = TOperations.MultiplyAdd(x, TOperations.Load(at + lanes), b);
            c = TOperations.MultiplyAdd(x, TOperations.Load(at + (2 * lanes)), c);
            d = TOperations.MultiplyAdd(x, TOperations.Load(at + (3 * lanes)), d);
            e = TOperations.MultiplyAdd(x, TOperations.Load(at + (4 * lanes)), e);
            f = TOperations.MultiplyAdd(x, TOperations.Load(at + (5 * lanes)), f);
            g = TOperations.MultiplyAdd(x, TOperations.Load(at + (6 * lanes)), g);
            h = TOperations.MultiplyAdd(x, TOperations.Load(at + (7 * lanes)), h);
            at += step;
        }

        MultiplyAddPeak.Keep(TOperations.MultiplyAdd(a, b, TOperations.MultiplyAdd(c, d, TOperations.MultiplyAdd(e, f, TOperations.MultiplyAdd(g, h, x)))));
    }

    /// <summary>Eight registers a round through square root and division, from memory and back.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Roots<TRegister, TOperations, T>(T* from, T* to, int rounds)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = TOperations.Bits / 8 / sizeof(T);
        var y = TOperations.Broadcast(1.5);
        for (var round = 0; round < rounds; round++)
        {
            Root<TRegister, TOperations, T>(y, from, to);
            Root<TRegister, TOperations, T>(y, from + lanes, to + lanes);
            Root<TRegister, TOperations, T>(y, from + (2 * lanes), to + (2 * lanes));
            Root<TRegister, TOperations, T>(y, from + (3 * lanes), to + (3 * lanes));
            Root<TRegister, TOperations, T>(y, from + (4 * lanes), to + (4 * lanes));
            Root<TRegister, TOperations, T>(y, from + (5 * lanes), to + (5 * lanes));
            Root<TRegister, TOperations, T>(y, from + (6 * lanes), to + (6 * lanes));
            Root<TRegister, TOperations, T>(y, from + (7 * lanes), to + (7 * lanes));
        }
    }

    private static unsafe void Root<TRegister, TOperations, T>(TRegister y, T* from, T* to)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TOperations.Store(TOperations.DivideByRoot(y, TOperations.Load(from)), to);

    /// <summary>Fifty multiply-adds a round in ten chains.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyAdds<TRegister, TOperations, T>(int rounds)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TRegister x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
        }

        MultiplyAddPeak.Keep(TOperations.MultiplyAdd(a, b, TOperations.MultiplyAdd(c, d, TOperations.MultiplyAdd(e, f, TOperations.MultiplyAdd(g, h, TOperations.MultiplyAdd(i, j, x))))));

        static TRegister Add(TRegister x, TRegister sum) => TOperations.MultiplyAdd(x, x, sum);
    }

    /// <summary>Fifty multiply-adds a round, and after every twenty-five a register through square root and division.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void MultiplyAddsAndTwoRoots<TRegister, TOperations, T>(T* from, T* to, int rounds)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = TOperations.Bits / 8 / sizeof(T);
        var y = TOperations.Broadcast(1.5);
        TRegister x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            Root<TRegister, TOperations, T>(y, from, to);
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            Root<TRegister, TOperations, T>(y, from + lanes, to + lanes);
        }

        MultiplyAddPeak.Keep(TOperations.MultiplyAdd(a, b, TOperations.MultiplyAdd(c, d, TOperations.MultiplyAdd(e, f, TOperations.MultiplyAdd(g, h, TOperations.MultiplyAdd(i, j, x))))));

        static TRegister Add(TRegister x, TRegister sum) => TOperations.MultiplyAdd(x, x, sum);
    }

    /// <summary>Fifty multiply-adds a round, and after every ten a register through square root and division.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static unsafe void MultiplyAddsAndFiveRoots<TRegister, TOperations, T>(T* from, T* to, int rounds)
        where TRegister : struct
        where TOperations : struct, IRegisterOperations<TRegister, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var lanes = TOperations.Bits / 8 / sizeof(T);
        var y = TOperations.Broadcast(1.5);
        TRegister x = default, a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, i = default, j = default;
        for (var round = 0; round < rounds; round++)
        {
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            Root<TRegister, TOperations, T>(y, from, to);
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            Root<TRegister, TOperations, T>(y, from + lanes, to + lanes);
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            Root<TRegister, TOperations, T>(y, from + (2 * lanes), to + (2 * lanes));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            Root<TRegister, TOperations, T>(y, from + (3 * lanes), to + (3 * lanes));
            (a, b, c, d, e) = (Add(x, a), Add(x, b), Add(x, c), Add(x, d), Add(x, e));
            (f, g, h, i, j) = (Add(x, f), Add(x, g), Add(x, h), Add(x, i), Add(x, j));
            Root<TRegister, TOperations, T>(y, from + (4 * lanes), to + (4 * lanes));
        }

        MultiplyAddPeak.Keep(TOperations.MultiplyAdd(a, b, TOperations.MultiplyAdd(c, d, TOperations.MultiplyAdd(e, f, TOperations.MultiplyAdd(g, h, TOperations.MultiplyAdd(i, j, x))))));

        static TRegister Add(TRegister x, TRegister sum) => TOperations.MultiplyAdd(x, x, sum);
    }
}
