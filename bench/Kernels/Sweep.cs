using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>
/// <c>dotnet run -c Release --project bench -- sweep [double] [eigen]</c>: every size to 32 and thin shapes to 1,000, each beside the same work by
/// another of the operations on the same memory and in 256 bits at most, beside the product whose right side is stored transposed, which is other
/// work where that is no vector, and with <c>eigen</c> beside fixed-size Eigen in the same storage order (g++ and libeigen3-dev). The kernels are compiled while it runs and called directly, as a user's loop calls them: interleaved repetitions, the least of each.
/// </summary>
internal static class Sweep
{
    private const int Rounds = 40;
    private const double RoundNanoseconds = 20_000;
    private const int PageSize = 4096;

    /// <summary>A product, others that do the same work on the same memory, shown by the least of theirs, and the one with the right side stored transposed.</summary>
    private sealed record Case(string Name, int Rows, int Inner, int Columns, string Kernel, string[] Rivals, string Transposed);

    public static int Run(string[] words, TextWriter output)
    {
        if (words.FirstOrDefault(word => word is not ("double" or "float" or "eigen")) is { } unknown)
        {
            output.WriteLine($"'{unknown}' is neither float, double nor eigen.");
            return 2;
        }

        return words.Contains("double") ? Run<double>("double", words.Contains("eigen"), output) : Run<float>("float", words.Contains("eigen"), output);
    }

    private static int Run<T>(string element, bool withEigen, TextWriter output)
        where T : struct, INumber<T>
    {
        var cases = Cases().ToArray();
        var kernels = cases.SelectMany(test => test.Rivals.Append(test.Transposed).Prepend(test.Kernel)).Distinct().ToArray();
        var loops = DirectLoops.Compile<T>(kernels).Zip(kernels, (loop, kernel) => OnValues(kernel, loop)).ToArray();
        var times = Timing.Least(loops, Rounds, RoundNanoseconds).Zip(kernels).ToDictionary(pair => pair.Second, pair => pair.First);
        var eigen = withEigen ? Eigen(cases, element) : null;

        output.WriteLine($"Processor: {Timing.Processor()}; .NET {Environment.Version}. Nanoseconds, {element}, the least of {Rounds} interleaved repetitions, direct calls.");
        output.WriteLine();
        output.WriteLine($"| | kernel | the same work otherwise | kernel / that | R stored transposed | kernel / that |{(eigen is null ? string.Empty : " Eigen | kernel / Eigen |")}");
        output.WriteLine($"|---|---|---|---|---|---|{(eigen is null ? string.Empty : "---|---|")}");
        var (slower, slowerThanTransposed, slowerThanEigen) = (0, 0, 0);
        foreach (var test in cases)
        {
            var time = times[test.Kernel];
            var rival = test.Rivals.MinBy(name => times[name])!;
            var transposed = times[test.Transposed];
            var line = string.Create(CultureInfo.InvariantCulture, $"| {test.Name} | {time:F1} | {rival} {times[rival]:F1} | {time / times[rival]:F2} | {transposed:F1} | {time / transposed:F2} |");
            slower += time > 1.05 * times[rival] ? 1 : 0;
            slowerThanTransposed += time > 1.05 * transposed ? 1 : 0;
            if (eigen is not null && eigen.TryGetValue(test.Name, out var peer))
            {
                line += string.Create(CultureInfo.InvariantCulture, $" {peer:F1} | {time / peer:F2} |");
                slowerThanEigen += time > 1.2 * peer ? 1 : 0;
            }

            output.WriteLine(line);
        }

        output.WriteLine();
        output.WriteLine($"More than 5 % slower than the same work otherwise: {slower} of {cases.Length}; than with R stored transposed: {slowerThanTransposed}.{(eigen is null ? string.Empty : $" More than 1.2 times Eigen: {slowerThanEigen}.")}");
        return 0;
    }

    private static IEnumerable<Case> Cases()
    {
        for (var size = 1; size <= 32; size++)
        {
            yield return Product(size, size, 1);
        }

        for (var size = 2; size <= 32; size++)
        {
            yield return Product(size, size, size);
        }

        foreach (var rows in (int[])[100, 1000])
        {
            for (var columns = 1; columns <= 9; columns++)
            {
                foreach (var inner in new[] { 3, 4, 10, 100 }.Append(columns).Distinct().Where(inner => rows * inner <= 10_000))
                {
                    yield return Product(rows, inner, columns);
                }
            }
        }

        yield return Product(1000, 10, 10);
    }

    private static Case Product(int rows, int inner, int columns)
    {
        var product = $"{rows}, {inner}, {columns}";
        string[] rivals = [$"MatMul({product}, MaxVectorWidth = 256)", .. columns == 1 ? [$"MatVec({rows}, {inner})"] : Array.Empty<string>()];
        return new($"{rows}x{inner} by {inner}x{columns}", rows, inner, columns, $"MatMul({product})", rivals, $"MatMul({product}, TransposeRight = true)");
    }

    /// <summary>Small whole numbers, as many as each operand of a kernel such as <c>MatMul(2, 3, 4)</c> or <c>MatVec(2, 3)</c> has.</summary>
    private static Action<int> OnValues<T>(string kernel, Func<T[], T[], T[], Action<int>> loop)
        where T : struct, INumber<T>
    {
        var sizes = kernel[(kernel.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(", ").Where(part => !part.Contains('=')).Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var (rows, inner, columns) = (sizes[0], sizes[1], sizes.Length > 2 ? sizes[2] : 1);
        return loop(Operand<T>.Of(0, rows * inner), Operand<T>.Of(1, inner * columns), Operand<T>.Of(2, rows * columns));
    }

    /// <summary>
    /// What all kernels of one shape share, for a matrix that begins elsewhere in a cache line takes another time. One that may lie in a page does:
    /// a store across two takes several times that of the smallest products.
    /// </summary>
    private static class Operand<T>
        where T : struct, INumber<T>
    {
        private static readonly Dictionary<(int Place, int Count), T[]> All = [];

        public static T[] Of(int place, int count)
        {
            if (!All.TryGetValue((place, count), out var values))
            {
                do
                {
                    values = GC.AllocateArray<T>(count, pinned: true);
                }
                while (IsAcrossPages(values));

                for (var i = 0; i < count; i++)
                {
                    values[i] = T.CreateChecked((i % 7) - 3);
                }

                All.Add((place, count), values);
            }

            return values;
        }

        private static unsafe bool IsAcrossPages(T[] values)
        {
            var (start, length) = ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values)), values.Length * Unsafe.SizeOf<T>());
            return length <= PageSize / 2 && start / PageSize != (start + length - 1) / PageSize;
        }
    }

    /// <summary>The same products by Eigen, compiled for this processor; null where that cannot be.</summary>
    private static Dictionary<string, double>? Eigen(Case[] cases, string element)
    {
        var folder = Directory.CreateTempSubdirectory("sweep").FullName;
        try
        {
            var source = new StringBuilder("""
                #include <Eigen/Dense>
                #include <chrono>
                #include <cstdio>
                using namespace Eigen;
                using Clock = std::chrono::steady_clock;
                template <class T, int R, int K, int C> __attribute__((noinline)) void product(const char *name) {
                    static Matrix<T, R, K, K == 1 ? ColMajor : RowMajor> a;
                    static Matrix<T, K, C, C == 1 ? ColMajor : RowMajor> b;
                    static Matrix<T, R, C, C == 1 ? ColMajor : RowMajor> c;
                    a.setOnes(), b.setOnes();
                    double least = 1e30;
                    for (int round = 0, calls = 10; round < 60; round++) {
                        auto start = Clock::now();
                        for (int i = 0; i < calls; i++) {
                            c.noalias() = a * b;
                            asm volatile("" : : "r"(c.data()), "r"(a.data()), "r"(b.data()) : "memory");
                        }
                        double time = std::chrono::duration<double, std::nano>(Clock::now() - start).count() / calls;
                        if (round > 0 && time < least) least = time;
                        if (round < 5) calls = (int)(20000 / time) + 1;
                    }
                    std::printf("%s|%.2f\n", name, least);
                }
                int main() {

                """);
            foreach (var test in cases)
            {
                source.AppendLine(CultureInfo.InvariantCulture, $"    product<{element}, {test.Rows}, {test.Inner}, {test.Columns}>(\"{test.Name}\");");
            }

            source.AppendLine("}");
            var program = Path.Combine(folder, "sweep");
            File.WriteAllText(program + ".cpp", source.ToString());
            if (Output("g++", ["-O3", "-march=native", "-w", "-DEIGEN_STACK_ALLOCATION_LIMIT=0", "-I/usr/include/eigen3", program + ".cpp", "-o", program]) is null || Output(program, []) is not { } lines)
            {
                Console.Error.WriteLine("Eigen is left out: it wants g++ and libeigen3-dev.");
                return null;
            }

            return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')).ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Output(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
