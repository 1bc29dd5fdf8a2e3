using System.Numerics;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.AotCli.Commands;

/// <summary><c>bench --verify</c>: every kernel that this binary has, on the machine that it runs on.</summary>
internal sealed class BenchVerification
{
    /// <summary>The sizes at which the vanilla kernels with run-time sizes are verified, as hidden size and as vocabulary size.</summary>
    private static readonly int[] VanillaSizes = [.. Enumerable.Range(1, 64), 96, 100, 104, 128, 131, 200, 256];

    /// <summary>The sizes at which cells are: one unit, less than a register, whole registers, and what is left over of them.</summary>
    private static readonly (int HiddenSize, int VocabularySize)[] CellSizes = [(1, 3), (7, 17), (16, 33), (21, 16), (40, 40)];

    private static readonly int[] CellStreams = [1, 3, 16], CellLayers = [1, 2];

    /// <summary>A wrong kernel is wrong nearly everywhere.</summary>
    private const int FailuresShown = 20;

    private readonly ProgressLine _line;
    private readonly List<string> _failures = [];
    private readonly double _total;
    private int _runs;

    private BenchVerification(ProgressLine line)
    {
        _line = line;
        _total = (6.0 * (CompiledKernels.Shapes.Count + (2 * VanillaSizes.Length)))
            + CompiledProducts.All<float>().Sum(ProductVerification<float>.Runs) + CompiledProducts.All<double>().Sum(ProductVerification<double>.Runs)
            + (BuiltInCells.All.Count * CellSizes.Length * CellStreams.Length * CellLayers.Length * (CompiledProducts.All<float>().Count() + CompiledProducts.All<double>().Count()));
    }

    /// <summary>Verifies, and prints what came of it.</summary>
    /// <returns>0 where all agree, 1 where something differs.</returns>
    public static int Run(bool json)
    {
        var results = new List<(string What, int Implementations, int Runs, string With, List<string> Failures)>();
        using (var line = new ProgressLine("verifying kernels"))
        {
            var verification = new BenchVerification(line);
            foreach (var (what, with, verify) in ((string, string, Func<BenchVerification, int>)[])
            [
                ("sets of kernels", "scalar loops", own => own.Vanilla()),
                ("sets of products", "scalar loops", own => own.Products<float>() + own.Products<double>()),
                ("sets of cells' kernels", "equations in double precision", own => own.Cells()),
            ])
            {
                var (runs, failures) = (verification._runs, verification._failures.Count);
                var implementations = verify(verification);
                results.Add((what, implementations, verification._runs - runs, with, verification._failures[failures..]));
            }
        }

        var isRight = results.TrueForAll(result => result.Failures.Count == 0);
        if (json)
        {
            Terminal.Output.WriteLine(JsonText.Of(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("ok", isRight);
                writer.WriteNumber("implementations", results.Sum(result => result.Implementations));
                writer.WriteNumber("runs", results.Sum(result => result.Runs));
                writer.WriteStartArray("failures");
                results.ForEach(result => result.Failures.ForEach(writer.WriteStringValue));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }));
        }
        else
        {
            foreach (var result in results.Where(result => result.Failures.Count > 0))
            {
                result.Failures.Take(FailuresShown).ToList().ForEach(Terminal.Output.WriteLine);
                if (result.Failures.Count > FailuresShown)
                {
                    Terminal.Output.WriteLine($"and {result.Failures.Count - FailuresShown} more (--json has all)");
                }
            }

            foreach (var (what, implementations, runs, with, failures) in results)
            {
                Terminal.Output.WriteLine($"{implementations} {what} in {runs} runs: {(failures.Count == 0 ? $"all agree with the {with}" : $"{failures.Count} steps differ")}");
            }
        }

        return isRight ? ExitCode.Success : ExitCode.Failure;
    }

    private int Vanilla()
    {
        var implementations = 0;
        foreach (var shape in CompiledKernels.Shapes)
        {
            One(CompiledKernels.Best<float>(shape));
            One(CompiledKernels.Best<double>(shape));
        }

        foreach (var size in VanillaSizes)
        {
            foreach (var shape in (NetworkShape[])[new(size, 37), new(21, size)])
            {
                One(CompiledKernels.Best<float>(shape, allowFixed: false));
                One(CompiledKernels.Best<double>(shape, allowFixed: false));
            }
        }

        return implementations;

        void One<T>(RecurrentKernels<T> kernels)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            implementations++;
            foreach (var (steps, shift) in ((int, int)[])[(1, 0), (25, 1), (31, 3)])
            {
                Add(kernels.Name, 1, KernelVerification<T>.Run(kernels, steps, shift, seed: (ulong)_runs + 1));
            }
        }
    }

    private int Products<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var implementations = 0;
        foreach (var kernels in CompiledProducts.All<T>())
        {
            implementations++;
            Add($"products, {kernels.InstructionSet}", ProductVerification<T>.Runs(kernels), ProductVerification<T>.Run(kernels, seed: 1));
        }

        return implementations;
    }

    private int Cells()
    {
        var seed = 0UL;
        foreach (var cell in BuiltInCells.All)
        {
            foreach (var (hiddenSize, vocabularySize) in CellSizes)
            {
                foreach (var layers in CellLayers)
                {
                    foreach (var streams in CellStreams)
                    {
                        var shape = new NetworkShape(hiddenSize, vocabularySize) { Cell = cell, Layers = layers };
                        var verification = new CellVerification(shape, streams, seed += 100);
                        InEveryForm<float>(verification, shape);
                        InEveryForm<double>(verification, shape);
                    }
                }
            }
        }

        return BuiltInCells.All.Sum(cell => cell.Kernels<float>().Count() + cell.Kernels<double>().Count());

        void InEveryForm<T>(CellVerification verification, NetworkShape shape)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            foreach (var kernels in shape.Cell.Kernels<T>())
            {
                Add($"{shape}, {kernels.InstructionSet}", 1, verification.Run<T>(kernels.InstructionSet));
            }
        }
    }

    private void Add(string what, int runs, IReadOnlyList<string> failures)
    {
        _runs += runs;
        _failures.AddRange(failures);
        _line.Report(what, _runs / _total);
    }
}
