using System.Numerics;
using BenchmarkDotNet.Attributes;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>Every operation and shape in BenchmarkDotNet: <c>dotnet run -c Release --project bench -- --filter '*KernelBenchmarks*'</c>.</summary>
/// <typeparam name="T">The element type.</typeparam>
[MemoryDiagnoser]
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class KernelBenchmarks<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    // As many as a loop of direct calls takes at once, so that what starts it costs nothing.
    private const int Calls = 100;

    private Contender<T> _contender = null!;

    [ParamsAllValues]
    public KernelOperation Operation { get; set; }

    [ParamsSource(nameof(Shapes))]
    public KernelBenchmarkShape Shape { get; set; }

    public static IEnumerable<KernelBenchmarkShape> Shapes => KernelBenchmarkShape.All;

    [GlobalSetup]
    public void Setup() => _contender = new(Operation, Shape);

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void Generated() => _contender.Kernel(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void TensorPrimitives() => _contender.TensorPrimitives(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void MathNet() => _contender.MathNet(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void Loops() => _contender.Loops(Calls);
}
