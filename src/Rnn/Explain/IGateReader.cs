namespace CharRnn.Rnn.Explain;

/// <summary>What the gates of a cell were at the character that was read last.</summary>
public interface IGateReader
{
    /// <summary>The gates in the order of the cell's equations, with the layer's number where there are several; all have as many units.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Copies a gate.</summary>
    /// <param name="gate">Its place in <see cref="Names"/>.</param>
    /// <param name="activations">An element for each unit, from 0 (shut) to 1 (open), written.</param>
    void Copy(int gate, Span<float> activations);
}
