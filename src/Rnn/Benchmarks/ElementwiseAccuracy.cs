using System.Runtime.Intrinsics;
using CharRnn.Rnn.Registers;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>The largest errors of the single-precision tanh and exp, over every float there is.</summary>
public static class ElementwiseAccuracy
{
    /// <summary>The largest error found and where.</summary>
    /// <param name="Function">tanh or exp.</param>
    /// <param name="Arguments">How many floats were tried.</param>
    /// <param name="LargestUlps">The largest error in units of the last place of the result.</param>
    /// <param name="At">The argument of that error.</param>
    public sealed record Result(string Function, long Arguments, double LargestUlps, float At);

    /// <summary>tanh over all finite floats (it is odd: the negative ones are checked to mirror the positive).</summary>
    /// <param name="stride">Tries every stride-th float; 1 for all.</param>
    /// <param name="progress">Is told of every million floats.</param>
    public static Result Tanh(int stride = 1, WorkProgress? progress = null) => Measure("tanh", 0, 0x7F7FFFFF, stride, progress, VectorMath.Tanh, VectorMath.Tanh, Math.Tanh, odd: true);

    /// <summary>exp over all floats from -87.336 (below, results are subnormal and count as zero) to 0.</summary>
    /// <param name="stride">Tries every stride-th float; 1 for all.</param>
    /// <param name="progress">Is told of every million floats.</param>
    public static Result Exp(int stride = 1, WorkProgress? progress = null) => Measure("exp", unchecked((int)0x80000000), BitConverter.SingleToInt32Bits(-87.336f), stride, progress, VectorMath.ExpOfNonPositive, VectorMath.ExpOfNonPositive, Math.Exp, odd: false);

    private static Result Measure(string name, int first, int last, int stride, WorkProgress? progress, Func<Vector512<float>, Vector512<float>> wide, Func<Vector256<float>, Vector256<float>> narrow, Func<double, double> truth, bool odd)
    {
        const int block = 1 << 20;
        var count = (((long)last - first) / stride) + 1;
        var worst = (Ulps: -1.0, At: 0f);
        var gate = new Lock();
        progress?.Begin(name, 0.5, (count + block - 1) / block);
        Parallel.For(0, (count + block - 1) / block, part =>
        {
            var (ulps, at) = (-1.0, 0f);
            Span<float> arguments = stackalloc float[16];
            Span<float> results = stackalloc float[16];
            Span<float> mirrored = stackalloc float[16];
            var end = Math.Min(count, (part + 1) * block);
            for (var i = part * block; i < end; i += 16)
            {
                for (var lane = 0; lane < 16; lane++)
                {
                    arguments[lane] = BitConverter.Int32BitsToSingle((int)(first + (Math.Min(i + lane, end - 1) * stride)));
                }

                Apply(arguments, results, wide, narrow);
                for (var lane = 0; lane < 16; lane++)
                {
                    var expected = truth(arguments[lane]);
                    var unit = Math.Max(MathF.BitIncrement((float)Math.Abs(expected)) - (float)Math.Abs(expected), float.Epsilon);
                    var error = Math.Abs(results[lane] - expected) / unit;
                    if (!(error <= ulps))
                    {
                        (ulps, at) = (error, arguments[lane]);
                    }

                    arguments[lane] = -arguments[lane];
                }

                if (odd)
                {
                    Apply(arguments, mirrored, wide, narrow);
                    for (var lane = 0; lane < 16; lane++)
                    {
                        if (mirrored[lane] != -results[lane])
                        {
                            (ulps, at) = (double.PositiveInfinity, arguments[lane]);
                        }
                    }
                }
            }

            lock (gate)
            {
                if (!(ulps <= worst.Ulps))
                {
                    worst = (ulps, at);
                }
            }

            progress?.Advance();
        });
        return new Result(name, odd ? 2 * count : count, worst.Ulps, worst.At);
    }

    private static void Apply(ReadOnlySpan<float> arguments, Span<float> results, Func<Vector512<float>, Vector512<float>> wide, Func<Vector256<float>, Vector256<float>> narrow)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            wide(Vector512.Create(arguments)).CopyTo(results);
            return;
        }

        narrow(Vector256.Create(arguments)).CopyTo(results);
        narrow(Vector256.Create(arguments[8..])).CopyTo(results[8..]);
    }
}
