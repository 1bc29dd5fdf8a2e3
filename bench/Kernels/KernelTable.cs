using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>
/// <c>dotnet run -c Release --project bench -- kernels [double] [OPERATION]</c>: the tables of the package's README, by direct calls. Short repetitions of all
/// contenders in turn, the least of each, so that a busy machine disturbs all of them alike. A minute, where BenchmarkDotNet takes an hour.
/// With DOTNET_EnableAVX512=0 in the environment the kernels, and TensorPrimitives, run in 256 bits.
/// </summary>
internal static class KernelTable
{
    private const int Rounds = 60;
    private const double RoundNanoseconds = 30_000;

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
        output.WriteLine($"Nanoseconds, {(typeof(T) == typeof(float) ? "float" : "double")}, the least of {Rounds} interleaved repetitions, direct calls. MatMul: rows x columns times columns x columns.");
        output.WriteLine();
        output.WriteLine("| | generated | TensorPrimitives | MathNet.Numerics | plain loops | Matrix4x4 | TensorPrimitives / generated |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var slower = 0;
        foreach (var operation in operations.Length > 0 ? operations : Enum.GetValues<KernelOperation>())
        {
            foreach (var shape in KernelBenchmarkShape.All)
            {
                var contender = new Contender<T>(operation, shape);
                Action<int>?[] loops = [contender.Kernel, contender.TensorPrimitives, contender.MathNet, contender.Loops, contender.Matrix4x4];
                var measured = Timing.Least([.. loops.OfType<Action<int>>()], Rounds, RoundNanoseconds);
                double[] times = [.. measured, .. Enumerable.Repeat(double.NaN, loops.Length - measured.Length)];
                slower += times[0] > times[1] ? 1 : 0;
                output.WriteLine($"| {operation} {shape} | {string.Join(" | ", times.Select(time => double.IsNaN(time) ? "" : time.ToString(time < 1000 ? "F1" : "F0", CultureInfo.InvariantCulture)))} | {(times[1] / times[0]).ToString("F2", CultureInfo.InvariantCulture)} |");
            }
        }

        output.WriteLine();
        output.WriteLine(slower == 0 ? "TensorPrimitives is faster nowhere." : $"TensorPrimitives is faster at {slower} of them.");
        return 0;
    }
}
