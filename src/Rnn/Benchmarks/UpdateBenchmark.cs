using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>Times an update as a whole, and each of its parts on the same buffers in the order in which training runs them.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class UpdateBenchmark<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkShape _shape;
    private readonly int _steps;
    private readonly int[] _text;

    /// <summary>A benchmark on a text of random characters.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="steps">T, characters in a chunk.</param>
    public UpdateBenchmark(NetworkShape shape, int steps)
    {
        (_shape, _steps) = (shape, steps);
        _text = RoundTiming.Text((64 * steps) + 1, shape.VocabularySize);
    }

    /// <summary>The characters, 64 chunks and one more.</summary>
    public ReadOnlySpan<int> Text => _text;

    /// <summary>What each part of an update asks of the processor, in the order in which they run.</summary>
    public IReadOnlyList<UpdatePart> Parts => UpdatePart.All(_shape, _steps, _text[.._steps].Distinct().Count(), Unsafe.SizeOf<T>());

    /// <summary>Floating-point operations of an update's six products, two for each multiply-add; the first time step has none before it to carry dz to.</summary>
    public double Operations => Parts.Sum(part => part.Operations);

    /// <summary>Times whole updates.</summary>
    /// <param name="kernels">The kernels to run on.</param>
    /// <param name="rounds">How many groups of updates are timed; each takes about a millisecond or one update.</param>
    /// <returns>Microseconds an update, one for each group, fastest first.</returns>
    public double[] TimeUpdates(RecurrentKernels<T> kernels, int rounds)
    {
        using var network = new VanillaNetwork<T>(_shape, _steps, kernels);
        network.Load(NetworkWeights<T>.Random(_shape, 1), null);
        var position = 0;
        void Update()
        {
            position = position + _steps + 1 > _text.Length ? 0 : position;
            network.Forward(_text.AsSpan(position, _steps), _text.AsSpan(position + 1, _steps));
            network.BackwardAndUpdate(0.1, 5);
            position += _steps;
        }

        var start = Stopwatch.GetTimestamp();
        Update();
        var group = (int)Math.Clamp(1000 / Stopwatch.GetElapsedTime(start).TotalMicroseconds, 1, 100);
        return RoundTiming.Of(rounds, () =>
        {
            for (var i = 0; i < group; i++)
            {
                Update();
            }
        }).Select(time => time / group).ToArray();
    }

    /// <summary>Times scalar updates: the same formulas in plain loops in the same precision.</summary>
    /// <param name="rounds">How many updates are timed.</param>
    /// <returns>Microseconds an update, fastest first.</returns>
    public double[] TimeScalarUpdates(int rounds)
    {
        var parts = new ScalarParts<T>(_shape, _steps, _text);
        return RoundTiming.Of(rounds, () =>
        {
            foreach (var part in parts.All)
            {
                part();
            }
        });
    }

    /// <summary>Times each part.</summary>
    /// <param name="kernels">The kernels to run on.</param>
    /// <param name="rounds">How many updates are timed.</param>
    /// <param name="scalarRounds">How many updates of the scalar reference are timed.</param>
    public IReadOnlyList<PartTiming> TimeParts(RecurrentKernels<T> kernels, int rounds, int scalarRounds)
    {
        using var parts = new KernelParts<T>(kernels, _steps, _text);
        var fast = RoundTiming.OfEach(parts.All, rounds);
        var slow = RoundTiming.OfEach(new ScalarParts<T>(_shape, _steps, _text).All, scalarRounds);
        return [.. Parts.Select((part, i) => new PartTiming(part, fast[i][0], fast[i][fast[i].Length / 2], slow[i][0]))];
    }
}
