using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Explain;

/// <summary>A network's states while it reads a stretch of a text.</summary>
internal sealed class StateTrace
{
    private readonly float[] _states;

    private StateTrace(int length, int stateSize, float[] states) => (Length, StateSize, _states) = (length, stateSize, states);

    /// <summary>How many characters were read.</summary>
    public int Length { get; }

    /// <summary>How many numbers the state has.</summary>
    public int StateSize { get; }

    /// <summary>The whole state after a character.</summary>
    /// <param name="step">Which, from 0.</param>
    public double[] StateAfter(int step) => Array.ConvertAll(_states[(step * StateSize)..((step + 1) * StateSize)], value => (double)value);

    /// <summary>The activations of a layer after each character, row-major [Length, units].</summary>
    public float[] Of(StateLayer layer)
    {
        var activations = new float[Length * layer.Units];
        for (var t = 0; t < Length; t++)
        {
            _states.AsSpan((t * StateSize) + layer.First, layer.Units).CopyTo(activations.AsSpan(t * layer.Units));
        }

        return activations;
    }

    /// <summary>Reads characters, from the state that the reader is in.</summary>
    /// <param name="reader">The network.</param>
    /// <param name="characters">Indices of its vocabulary.</param>
    /// <param name="skip">How many of them only warm the state up.</param>
    public static StateTrace Read(NetworkReader reader, ReadOnlySpan<int> characters, int skip)
    {
        var length = characters.Length - skip;
        var states = new float[length * reader.StateSize];
        var state = new double[reader.StateSize];
        for (var t = 0; t < characters.Length; t++)
        {
            reader.Read(characters[t]);
            if (t < skip)
            {
                continue;
            }

            reader.CopyState(state);
            for (var i = 0; i < state.Length; i++)
            {
                states[((t - skip) * state.Length) + i] = (float)state[i];
            }
        }

        return new StateTrace(length, reader.StateSize, states);
    }

    /// <summary>Characters of a text from a place on; where it ends it begins again, as training does.</summary>
    public static int[] Characters(EncodedText text, long start, int length)
    {
        var characters = new int[length];
        for (var done = 0; done < length;)
        {
            var count = (int)Math.Min(length - done, text.Length - start);
            text.CopyTo(start, characters.AsSpan(done, count));
            (done, start) = (done + count, 0);
        }

        return characters;
    }
}
