using System.Numerics;
using System.Runtime.CompilerServices;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>Times an update of any cell by Adam as a whole, and each of its parts on the network's own buffers in the order in which training runs them.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class LayeredBenchmark<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Eta = 1e-6;

    private readonly LayeredNetwork<T> _network;
    private readonly int[] _x, _y;

    /// <summary>A network with drawn weights, and a chunk of random characters.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="steps">T, characters in a chunk of each stream.</param>
    /// <param name="streams">How many places of the text are read at once.</param>
    /// <param name="threads">How many threads share the work.</param>
    /// <param name="allowFixed">Whether depths that are compiled in may be constants.</param>
    /// <exception cref="OutOfMemoryException">The system does not give the memory.</exception>
    public LayeredBenchmark(NetworkShape shape, int steps, int streams, int threads, bool allowFixed = true)
    {
        var text = RoundTiming.Text((steps * streams) + 1, shape.VocabularySize);
        (_x, _y) = (text[..^1], text[1..]);
        Parts = LayeredPart.All(shape, steps, streams, _x.Distinct().Count(), Unsafe.SizeOf<T>());
        _network = new(shape, steps, new() { Optimizer = LayeredPart.Optimizer, Streams = streams, Threads = threads, AllowFixed = allowFixed });
        _network.Load(NetworkWeights<T>.Random(shape, 1, WeightStart.Scaled));
        Actions = _network.Parts(_x, _y, Eta);
    }

    /// <summary>Which kernels it runs on.</summary>
    public string Kernels => _network.KernelName;

    /// <summary>Elements in a register of those kernels.</summary>
    public int Lanes => CompiledProducts.All<T>().First(products => products.InstructionSet == _network.InstructionSet).Lanes;

    /// <summary>What each part of an update asks of the processor, in the order in which they run.</summary>
    public IReadOnlyList<UpdatePart> Parts { get; }

    /// <summary>The same parts to be run, each on what the ones before it left; valid until this is disposed.</summary>
    public IReadOnlyList<Action> Actions { get; }

    /// <summary>Floating-point operations of an update's products, two for each multiply-add.</summary>
    public double Operations => Parts.Sum(part => part.Operations);

    /// <summary>Times whole updates, as training runs them.</summary>
    /// <param name="rounds">How many.</param>
    /// <returns>Microseconds an update, one for each, fastest first.</returns>
    public double[] TimeUpdates(int rounds) => RoundTiming.Of(rounds, () =>
    {
        _network.Forward(_x, _y);
        _network.BackwardAndUpdate(Eta, double.PositiveInfinity);
    });

    /// <summary>Times each part.</summary>
    /// <param name="rounds">How many updates are timed.</param>
    public IReadOnlyList<PartTiming> TimeParts(int rounds)
    {
        var times = RoundTiming.OfEach(Actions, rounds);
        return [.. Parts.Select((part, i) => new PartTiming(part, times[i][0], times[i][rounds / 2]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
