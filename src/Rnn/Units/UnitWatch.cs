using System.Numerics;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Units;

/// <summary>
/// Looks at the units of a network in training now and then, by the states that its chunks leave behind: it changes nothing, and it takes little of a
/// run's time (measured by bench, watch).
/// </summary>
/// <typeparam name="T">The network's element type.</typeparam>
/// <param name="network">The network.</param>
public sealed class UnitWatch<T>(Network<T> network)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The update after which a look ends for the first time: by then a run's rhythm is there.</summary>
    internal const long First = 5_000;

    /// <summary>Updates between the looks after that.</summary>
    internal const long Interval = 20_000;

    private const int Characters = 1000, MostUnits = 512, ShuffledCharacters = 400;

    private readonly int _units = Math.Min(network.Shape.HiddenSize, MostUnits);
    private readonly int _chunks = Math.Max(1, (Characters + network.SequenceLength - 1) / network.SequenceLength);

    // Reading besides the training is possible only where one stream is carried and no mask is drawn.
    private readonly bool _canRead = network.Options is { Streams: 1, Dropout: 0 };
    private float[] _states = [];
    private int[] _characters = [];
    private int _seen;

    /// <summary>To be called after every update.</summary>
    /// <param name="step">The update.</param>
    /// <param name="chunk">The characters that it read.</param>
    /// <returns>The units (the first 512 where there are more), where a look has just ended and over half of them are lost by themselves; null otherwise.</returns>
    public UnitCensus? Look(long step, ReadOnlySpan<int> chunk)
    {
        var left = step < First ? First - step : (Interval - ((step - First) % Interval)) % Interval;
        if (left >= _chunks)
        {
            _seen = 0;
            return null;
        }

        // A run that goes on may begin within a look: then the look is shorter.
        var length = network.SequenceLength;
        if (_states.Length == 0)
        {
            (_states, _characters) = (new float[_chunks * length * _units], new int[_chunks * length]);
        }

        for (var t = 0; t < length; t++)
        {
            var state = network.StateAfter(t + 1);
            var copy = _states.AsSpan((_seen + t) * _units, _units);
            for (var unit = 0; unit < copy.Length; unit++)
            {
                copy[unit] = float.CreateTruncating(state[unit]);
            }
        }

        chunk[..length].CopyTo(_characters.AsSpan(_seen));
        _seen += length;
        if (left > 0 || _seen < 100)
        {
            return null;
        }

        var census = UnitCensus.Of(_states.AsSpan(0, _seen * _units), _units);
        return census.IsUnhealthy && (2 * (census.Lost - census.Periodic) > _units || (_canRead && TicksByItself())) ? census : null;
    }

    /// <summary>Whether over half of the units are lost, too, when the characters come in a random order; the carried state is as before afterwards.</summary>
    private bool TicksByItself()
    {
        var hidden = new T[network.StateSize];
        network.CopyHidden(hidden);
        var characters = _characters.AsSpan(0, _seen).ToArray();
        new Random(1).Shuffle(characters);
        var count = Math.Min(ShuffledCharacters, _seen);
        var logits = new T[network.Shape.VocabularySize];
        var state = new T[hidden.Length];
        var states = new float[count * _units];
        var last = hidden.Length - (network.Shape.Cell.States.Count * network.Shape.HiddenSize);   // where the last layer's first state begins
        for (var t = 0; t < count; t++)
        {
            network.Step(characters[t], logits);
            network.CopyHidden(state);
            for (var unit = 0; unit < _units; unit++)
            {
                states[(t * _units) + unit] = float.CreateTruncating(state[last + unit]);
            }
        }

        network.SetHidden(hidden);
        return UnitCensus.Of(states, _units).IsUnhealthy;
    }
}
