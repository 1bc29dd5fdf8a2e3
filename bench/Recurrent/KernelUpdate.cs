using System.Numerics;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>The network as it trains, on one set of kernels.</summary>
internal sealed class KernelUpdate<T> : IUpdate
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly VanillaNetwork<T> _network;

    public KernelUpdate(NetworkShape shape, int steps, RecurrentKernels<T> kernels)
    {
        _network = new(shape, steps, kernels);
        _network.Load(NetworkWeights<T>.Random(shape, 1), null);
        Bits = kernels.InstructionSet switch { "Vector512" => 512, "Vector256" => 256, "Vector128" => 128, _ => 0 };
        Name = $"{(kernels.IsFixedSize ? "compiled in" : "run-time sizes")}, {(Bits > 0 ? $"{Bits} bits" : "scalar")}";
    }

    public string Name { get; }

    public int Bits { get; }

    public double Run(ReadOnlySpan<int> x, ReadOnlySpan<int> y, double eta)
    {
        var loss = _network.Forward(x, y);
        _network.BackwardAndUpdate(eta, 5);
        return loss;
    }

    public void Dispose() => _network.Dispose();
}
