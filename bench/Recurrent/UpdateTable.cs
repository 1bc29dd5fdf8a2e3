using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>
/// <c>dotnet run -c Release --project bench -- update</c>: whole updates under the JIT, by the kernels in every form, by
/// TensorPrimitives and by plain loops, in turn. <c>update full</c>: more shapes, double precision, and the check that no shape
/// in 32..256 falls behind; <c>update sizes</c>: that check alone; <c>update 100x80</c>: that shape. With <c>--property:AllShapes=true</c> after <c>Release</c> every shape of the tables is compiled in, not only three.
/// </summary>
internal static class UpdateTable
{
    private const int Steps = 25;
    private const int Rounds = 7;

    /// <summary>A shape in 32..256 must reach this share of the best shape's operations a second.</summary>
    private const double LeastShare = 0.6;

    private static readonly NetworkShape[] Squares = [new(32, 80), new(64, 80), new(100, 80), new(128, 80), new(256, 80), new(512, 80), new(1024, 80)];

    private static readonly NetworkShape[] Others = [new(100, 61), new(100, 65), new(100, 83), new(100, 97), new(100, 143), new(90, 80), new(110, 80), new(100, 3000)];

    public static int Run(string[] words, TextWriter output)
    {
        var (full, sizes) = (words.Contains("full"), words.Contains("sizes"));
        var named = new List<NetworkShape>();
        foreach (var word in words.Where(word => word is not "full" and not "sizes"))
        {
            if (word.Split('x') is not [var hidden, var vocabulary] || !int.TryParse(hidden, out var m) || !int.TryParse(vocabulary, out var k) || m < 1 || k < 1)
            {
                Console.Error.WriteLine($"update: '{word}' is not a shape such as 100x80, nor full (more shapes, double precision) nor sizes (the check of all sizes alone)");
                return 2;
            }

            named.Add(new(m, k));
        }

        output.WriteLine($"{Kernels.Timing.Processor()}; .NET {Environment.Version}, JIT; {Steps} characters an update");
        var agree = true;
        if (!sizes)
        {
            var shapes = named.Count > 0 ? [.. named] : full ? [.. Squares, .. Others] : Squares;
            output.WriteLine($"Microseconds an update, {Rounds} interleaved rounds; the share is of the multiply-add peak in registers of the same width, for the others of the widest.");
            agree = Table<float>(shapes, output);
            agree &= !full || Table<double>(shapes, output);
        }

        return agree & (!(sizes || (full && named.Count == 0)) || (EverySize<float>(output) & EverySize<double>(output))) ? 0 : 1;
    }

    private static bool Table<T>(NetworkShape[] shapes, TextWriter output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] widths = [.. new[] { 512, 256, 128 }.Where(bits => bits == 128 || (bits == 256 ? Vector256.IsHardwareAccelerated : Vector512.IsHardwareAccelerated))];
        var peaks = widths.ToDictionary(bits => bits, MultiplyAddPeak.Measure<T>);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(typeof(T) == typeof(float) ? "Single" : "Double")} precision; peaks {string.Join(", ", peaks.Select(peak => $"{peak.Key} bits {peak.Value:F1}"))} GFLOP/s"));
        output.WriteLine();
        output.WriteLine("| m x K | | min | median | GFLOP/s | of the peak | times the first |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var agree = true;
        foreach (var shape in shapes)
        {
            var updates = (IUpdate[])[.. All<T>(shape).Select(kernels => new KernelUpdate<T>(shape, Steps, kernels)), new TensorPrimitivesUpdate<T>(shape, Steps), new LoopUpdate<T>(shape, Steps)];
            var benchmark = new UpdateBenchmark<T>(shape, Steps);
            agree &= Agree(shape, updates, benchmark, output);
            var times = Time(updates, Array.ConvertAll(updates, _ => benchmark), warmUpMilliseconds: 150);
            for (var i = 0; i < updates.Length; i++)
            {
                var (least, median) = (times[i][0], times[i][Rounds / 2]);
                var rate = benchmark.Operations / least / 1e3;
                var peak = peaks[updates[i].Bits > 0 ? updates[i].Bits : widths[0]];
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {shape.HiddenSize} x {shape.VocabularySize} | {updates[i].Name} | {least:F1} | {median:F1} | {rate:F1} | {100 * rate / peak:F0} % | {least / times[0][0]:F2} |"));
                updates[i].Dispose();
            }
        }

        return agree;
    }

    /// <summary>Sizes 32 to 256 in steps of 7, as hidden size and as vocabulary size, on the kernels with run-time sizes.</summary>
    private static bool EverySize<T>(TextWriter output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sizes = Enumerable.Range(0, 33).Select(i => 32 + (7 * i)).ToArray();
        NetworkShape[] shapes = [.. sizes.Select(m => new NetworkShape(m, 80)), .. sizes.Select(k => new NetworkShape(100, k))];
        var benchmarks = Array.ConvertAll(shapes, shape => new UpdateBenchmark<T>(shape, Steps));
        var updates = Array.ConvertAll(shapes, IUpdate (NetworkShape shape) => new KernelUpdate<T>(shape, Steps, CompiledKernels.Best<T>(shape, allowFixed: false)));
        var times = Time(updates, benchmarks, warmUpMilliseconds: 60);
        var rates = Array.ConvertAll(shapes, shape => (Shape: shape, Rate: 0.0));
        for (var i = 0; i < shapes.Length; i++)
        {
            rates[i].Rate = benchmarks[i].Operations / times[i][0] / 1e3;
            updates[i].Dispose();
        }

        var best = rates.MaxBy(rate => rate.Rate);
        var slow = rates.Where(rate => rate.Rate < LeastShare * best.Rate).ToArray();
        var worst = rates.MinBy(rate => rate.Rate);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(typeof(T) == typeof(float) ? "Single" : "Double")} precision, run-time sizes, {rates.Length} shapes with m or K from 32 to 256: best {best.Shape} {best.Rate:F1} GFLOP/s, worst {worst.Shape} {worst.Rate:F1} ({100 * worst.Rate / best.Rate:F0} % of the best)"));
        foreach (var (shape, rate) in slow)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"under {100 * LeastShare:F0} %: {shape} {rate:F1} GFLOP/s, {100 * rate / best.Rate:F0} %"));
        }

        return slow.Length == 0;
    }

    private static IEnumerable<RecurrentKernels<T>> All<T>(NetworkShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
        ? BenchmarkKernels.AllSingle(shape).Cast<RecurrentKernels<T>>()
        : BenchmarkKernels.AllDouble(shape).Cast<RecurrentKernels<T>>();

    /// <summary>The same work? With a learning rate at which rounding errors do not grow, the losses agree with the reference's.</summary>
    private static bool Agree<T>(NetworkShape shape, IUpdate[] updates, UpdateBenchmark<T> benchmark, TextWriter output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = (int)Math.Clamp(4e7 / benchmark.Operations, 2, 20);
        var text = benchmark.Text;
        var reference = ReferenceNetwork<double>.From(NetworkWeights<T>.Random(shape, 1));
        var agree = true;
        var expected = new double[count];
        for (var i = 0; i < count; i++)
        {
            expected[i] = reference.Forward(text.Slice(i * Steps, Steps), text.Slice((i * Steps) + 1, Steps));
            reference.Backward();
            reference.Update(0.01, 5);
            reference.CarryHidden();
        }

        foreach (var update in updates)
        {
            var error = 0.0;
            for (var i = 0; i < count; i++)
            {
                var loss = update.Run(text.Slice(i * Steps, Steps), text.Slice((i * Steps) + 1, Steps), 0.01);
                error = Math.Max(error, Math.Abs(loss - expected[i]) / expected[i]);
            }

            if (!(error < (typeof(T) == typeof(float) ? 1e-4 : 1e-10)))
            {
                agree = false;
                output.WriteLine($"{shape} {update.Name}: a loss is off by {error:e1} of itself from the reference's within {count} updates");
            }
        }

        return agree;
    }

    /// <summary>Microseconds an update: for each, one time a round, fastest first.</summary>
    private static double[][] Time<T>(IUpdate[] updates, UpdateBenchmark<T>[] benchmarks, int warmUpMilliseconds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int groupMilliseconds = 20;
        var texts = Array.ConvertAll(benchmarks, benchmark => benchmark.Text.ToArray());
        var position = 0;
        double Run(int i, int count)
        {
            var text = texts[i];
            var start = Stopwatch.GetTimestamp();
            for (var run = 0; run < count; run++)
            {
                position = (position + 1) % (text.Length / Steps);
                updates[i].Run(text.AsSpan(position * Steps, Steps), text.AsSpan((position * Steps) + 1, Steps), 0.1);
            }

            return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count;
        }

        // The JIT compiles a method anew after thirty calls and a tenth of a second; so everything runs before and after a pause.
        var counts = new int[updates.Length];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var i = 0; i < updates.Length; i++)
            {
                var (clock, runs) = (Stopwatch.StartNew(), 0);
                while (clock.ElapsedMilliseconds < warmUpMilliseconds && (runs < 40 || benchmarks[i].Operations < 1e8))
                {
                    Run(i, 1);
                    runs++;
                }

                counts[i] = Math.Max(1, (int)(runs * groupMilliseconds / Math.Max(1, clock.ElapsedMilliseconds)));
            }

            Thread.Sleep(100);
        }

        var times = Array.ConvertAll(updates, _ => new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < updates.Length; i++)
            {
                times[i][round] = Run(i, counts[i]);
            }
        }

        foreach (var list in times)
        {
            Array.Sort(list);
        }

        return times;
    }
}
