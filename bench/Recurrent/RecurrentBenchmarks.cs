using System.Numerics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Order;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>Who computes a part of an update.</summary>
public enum Implementation
{
    /// <summary>The plain loops that the kernels are tested against.</summary>
    Scalar,

    /// <summary>Compiled in, 256-bit registers.</summary>
    Generated256,

    /// <summary>Compiled in, 512-bit registers.</summary>
    Generated512,

    /// <summary>Sizes given at run time, the widest registers.</summary>
    RunTimeSizes,

    /// <summary>System.Numerics.Tensors.</summary>
    TensorPrimitives,
}

/// <summary>
/// Every part of an update in BenchmarkDotNet: <c>dotnet run -c Release --project bench -- --filter '*Recurrent*'</c> for all of them
/// (hours), <c>--filter '*Recurrent*Single*Forward*' --job short</c> for one.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
[Orderer(SummaryOrderPolicy.Declared, MethodOrderPolicy.Declared)]
#pragma warning disable CA1001 // BenchmarkDotNet calls Cleanup
public abstract class RecurrentBenchmarks<T>
#pragma warning restore CA1001
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Steps = 25;

    private IReadOnlyList<Action> _parts = [];
    private KernelParts<T>? _kernels;

    [Params("100x80", "256x80", "100x3000")]
    public string Shape { get; set; } = "100x80";

    [ParamsAllValues]
    public Implementation By { get; set; }

    /// <summary>Elements by which the kernels' matrices lie past a 64-byte boundary; arrays of the others lie where the garbage collector puts them.</summary>
    [Params(0, 1)]
    public int Offset { get; set; }

    [GlobalSetup(Target = nameof(Backward))]
    public void SetupForward()
    {
        var sizes = Shape.Split('x');
        var shape = new NetworkShape(int.Parse(sizes[0]), int.Parse(sizes[1]));
        var text = new UpdateBenchmark<T>(shape, Steps).Text[..(Steps + 1)].ToArray();
        if (By == Implementation.Scalar)
        {
            _parts = new ScalarParts<T>(shape, Steps, text).All;
        }
        else if (By == Implementation.TensorPrimitives)
        {
            _parts = new TensorPrimitivesUpdate<T>(shape, Steps).Parts(text, eta: 1e-6);
        }
        else
        {
            var all = typeof(T) == typeof(float) ? BenchmarkKernels.AllSingle(shape).Cast<RecurrentKernels<T>>() : BenchmarkKernels.AllDouble(shape).Cast<RecurrentKernels<T>>();
            var form = By == Implementation.Generated256 ? "Vector256" : "Vector512";
            var kernels = By == Implementation.RunTimeSizes
                ? all.First(set => !set.IsFixedSize)
                : all.FirstOrDefault(set => set.IsFixedSize && set.InstructionSet == form) ?? throw new NotSupportedException($"This processor has no {form}.");
            _kernels = new(kernels, Steps, text, Offset);
            _parts = _kernels.All;
        }

        // States, logits and their gradient. Backward multiplies dh in place, over and over: it starts from zero, which stays zero.
        for (var part = 0; part < 3; part++)
        {
            _parts[part]();
        }
    }

    [GlobalSetup]
    public void Setup()
    {
        SetupForward();
        _parts[3]();
        _parts[4]();
    }

    [GlobalCleanup]
    public void Cleanup() => _kernels?.Dispose();

    [Benchmark(Description = "Forward: W h and tanh")]
    public void Forward() => _parts[0]();

    [Benchmark(Description = "Logits: V h")]
    public void Logits() => _parts[1]();

    [Benchmark(Description = "Softmax")]
    public void Softmax() => _parts[2]();

    [Benchmark(Description = "HiddenGradient: V' g")]
    public void HiddenGradient() => _parts[3]();

    [Benchmark(Description = "Backward: W' dz")]
    public void Backward() => _parts[4]();

    [Benchmark(Description = "UpdateV: dV and AdaGrad")]
    public void UpdateV() => _parts[5]();

    [Benchmark(Description = "UpdateW: dW and AdaGrad")]
    public void UpdateW() => _parts[6]();

    [Benchmark(Description = "UpdateU: dU and AdaGrad")]
    public void UpdateU() => _parts[7]();

    [Benchmark(Description = "UpdateBiases: db, dc and AdaGrad")]
    public void UpdateBiases() => _parts[8]();
}
