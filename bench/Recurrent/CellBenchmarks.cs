using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Order;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>
/// The layered network's kernels in BenchmarkDotNet, single precision, one thread, T = 25: a chunk's steps of the cell, forward and backward, which
/// are products and equations in turn, and products alone. <c>dotnet run -c Release --project bench -- --filter '*CellBenchmarks*' --job short</c>.
/// </summary>
[Orderer(SummaryOrderPolicy.Declared, MethodOrderPolicy.Declared)]
#pragma warning disable CA1001 // BenchmarkDotNet calls Cleanup
public class CellBenchmarks
#pragma warning restore CA1001
{
    private const int Steps = 25, VocabularySize = 80;

    private LayeredBenchmark<float>? _benchmark;
    private Dictionary<string, Action> _parts = [];

    [ParamsSource(nameof(Cells))]
    public string Cell { get; set; } = "lstm";

    [Params(128, 256)]
    public int HiddenSize { get; set; }

    [Params(1, 16)]
    public int Streams { get; set; }

    public static IEnumerable<string> Cells => BuiltInCells.All.Select(cell => cell.Name);

    [GlobalSetup]
    public void Setup()
    {
        _benchmark = new(new NetworkShape(HiddenSize, VocabularySize) { Cell = BuiltInCells.Find(Cell)! }, Steps, Streams, threads: 1);
        _parts = _benchmark.Parts.Zip(_benchmark.Actions).ToDictionary(pair => pair.First.Name, pair => pair.Second);

        // A chunk that is there; what is timed changes nothing of what it reads.
        foreach (var part in _benchmark.Actions.SkipLast(2))
        {
            part();
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _benchmark?.Dispose();

    [Benchmark(Description = "Forward: steps of the cell")]
    public void Forward() => _parts["layer0 forward"]();

    [Benchmark(Description = "Backward: steps of the cell")]
    public void Backward() => _parts["layer0 backward"]();

    [Benchmark(Description = "Products over all rows: O = V H")]
    public void Logits() => _parts["O = V H"]();

    [Benchmark(Description = "Products over all rows, turned: the weights' gradients")]
    public void WeightGradients() => _parts["layer0 gradients"]();
}
