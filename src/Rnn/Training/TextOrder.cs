namespace CharRnn.Rnn.Training;

/// <summary>
/// In which order a training reads its text: an epoch has so many chunks of T characters for every stream, and where each of them lies is a
/// function of epoch, number and stream, so that a resumed training reads the same. No chunk reaches over the beginning of a text into the next.
/// </summary>
public abstract class TextOrder
{
#pragma warning disable CS1591 // the orders' names
    public const string Sequential = "sequential";
    public const string Pieces = "pieces";
    public const string Random = "random";
#pragma warning restore CS1591

    /// <summary>All names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Sequential, Pieces, Random];

    private protected TextOrder(int sequenceLength) => SequenceLength = sequenceLength;

    /// <summary>T, the characters of a chunk; the one after it is read too, to be predicted.</summary>
    public int SequenceLength { get; }

    /// <summary>Chunks of an epoch, for each stream; 0 where the text has no room for one.</summary>
    public abstract long ChunksPerEpoch { get; }

    /// <summary>An order.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="beginnings">Where in the text each of the texts begins that it is made of: 0 first, ascending.</param>
    /// <param name="length">The text's characters.</param>
    /// <param name="sequenceLength">T.</param>
    /// <param name="streams">How many places are read at once.</param>
    /// <param name="pieces">Into how many the text is cut, at least as many as streams; only pieces have use for it.</param>
    /// <param name="seed">What pieces and random places are drawn by.</param>
    public static TextOrder Create(string name, IReadOnlyList<long> beginnings, long length, int sequenceLength, int streams = 1, int pieces = 1, ulong seed = 0) => name switch
    {
        Sequential => new PieceOrder(beginnings, length, sequenceLength, streams, streams, null),
        Pieces => new PieceOrder(beginnings, length, sequenceLength, streams, pieces, seed),
        Random => new RandomOrder(beginnings, length, sequenceLength, streams, seed),
        _ => throw new ArgumentException($"The orders are {string.Join(", ", Names)}; there is no {name}.", nameof(name)),
    };

    /// <summary>Where a chunk lies.</summary>
    /// <param name="epoch">The pass over the text, from 1.</param>
    /// <param name="number">Of the chunk in the epoch, from 0, below <see cref="ChunksPerEpoch"/>.</param>
    /// <param name="stream">From 0.</param>
    /// <returns>The index of its first character in the text, and whether it does not go on from the chunk before: then it begins with the state zero.</returns>
    public abstract (long Start, bool IsFresh) Chunk(long epoch, long number, int stream);

    /// <summary>The character with which the first stream goes on after so many chunks of an epoch; after the last, the one behind it.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="chunks">From 0 to <see cref="ChunksPerEpoch"/>.</param>
    public long After(long epoch, long chunks) => chunks == 0 ? Chunk(epoch, 0, 0).Start : Chunk(epoch, chunks - 1, 0).Start + SequenceLength;
}
