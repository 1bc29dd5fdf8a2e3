using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>
/// <c>dotnet run -c Release --project bench -- kernels [double] [OPERATION]</c>: the tables of the package's README. Short repetitions of all
/// contenders in turn, the least of each, so that a busy machine disturbs all of them alike. A minute, where BenchmarkDotNet takes an hour.
/// With DOTNET_EnableAVX512=0 in the environment the kernels, and TensorPrimitives, run in 256 bits.
/// </summary>
internal static class KernelTable
{
    private const int Rounds = 60;
    private const int WarmUpMilliseconds = 300;

    public static int Run(TextWriter output, string[] choices)
    {
        var operations = Enum.GetValues<KernelOperation>().Where(operation => choices.Contains(operation.ToString())).ToArray();
        if (choices.FirstOrDefault(choice => choice is not ("float" or "double") && !Enum.TryParse<KernelOperation>(choice, out _)) is { } unknown)
        {
            output.WriteLine($"'{unknown}' is neither float, double nor an operation: {string.Join(", ", Enum.GetNames<KernelOperation>())}.");
            return 2;
        }

        return choices.Contains("double") ? Run<double>(output, operations) : Run<float>(output, operations);
    }

    private static int Run<T>(TextWriter output, KernelOperation[] operations)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        output.WriteLine($"Processor: {Timing.Processor()}; .NET {Environment.Version}; widest form: {(Vector512.IsHardwareAccelerated ? "Vector512" : Vector256.IsHardwareAccelerated ? "Vector256" : "Vector128")}.");
        output.WriteLine($"Nanoseconds, {(typeof(T) == typeof(float) ? "float" : "double")}, the least of 60 interleaved repetitions. MatMul: rows x columns times columns x columns.");
        output.WriteLine();
        output.WriteLine("| | generated | TensorPrimitives | MathNet.Numerics | plain loops | Matrix4x4 | TensorPrimitives / generated |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var slower = 0;
        foreach (var operation in operations.Length > 0 ? operations : Enum.GetValues<KernelOperation>())
        {
            foreach (var shape in KernelBenchmarkShape.All)
            {
                var contender = new Contender<T>(operation, shape);
                var times = Measure([contender.Kernel, contender.TensorPrimitives, contender.MathNet, contender.Loops, contender.Matrix4x4]);
                slower += times[0] > times[1] ? 1 : 0;
                output.WriteLine($"| {operation} {shape} | {string.Join(" | ", times.Select(time => double.IsNaN(time) ? "" : time.ToString(time < 1000 ? "F1" : "F0", CultureInfo.InvariantCulture)))} | {(times[1] / times[0]).ToString("F2", CultureInfo.InvariantCulture)} |");
            }
        }

        output.WriteLine();
        output.WriteLine(slower == 0 ? "TensorPrimitives is faster nowhere." : $"TensorPrimitives is faster at {slower} of them.");
        return 0;
    }

    private static double[] Measure(Action?[] actions)
    {
        // Enough calls for some 30 microseconds a repetition, found while the JIT still improves the contenders' code.
        var calls = new int[actions.Length];
        for (var a = 0; a < actions.Length; a++)
        {
            if (actions[a] is { } action)
            {
                var warm = Stopwatch.StartNew();
                var count = 0;
                while (warm.ElapsedMilliseconds < WarmUpMilliseconds)
                {
                    action();
                    count++;
                }

                calls[a] = Math.Max(1, (int)Math.Min(2000, (long)count * 30 / (WarmUpMilliseconds * 1000)));
            }
        }

        var least = Enumerable.Repeat(double.NaN, actions.Length).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var a = 0; a < actions.Length; a++)
            {
                if (actions[a] is not { } action)
                {
                    continue;
                }

                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < calls[a]; i++)
                {
                    action();
                }

                var time = Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls[a];
                least[a] = double.IsNaN(least[a]) ? time : Math.Min(least[a], time);
            }
        }

        return least;
    }
}
