using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Training;

/// <summary>
/// The text in equal pieces, each read from its beginning with the state zero. Piece after piece is read by every stream, as many pieces at
/// once as there are streams: in the order of the text, or in one that is drawn anew for each epoch. With as many pieces as streams in the
/// order of the text this is reading from beginning to end.
/// </summary>
internal sealed class PieceOrder : TextOrder
{
    private readonly Piece[] _pieces;
    private readonly int _streams;
    private readonly ulong? _seed;
    private readonly long _chunksEach;
    private readonly int[] _visits;   // the pieces in the order of the epoch
    private long _epoch = -1;         // for which they stand so

    /// <param name="beginnings">As in <see cref="TextOrder.Create"/>.</param>
    /// <param name="length">The text's characters.</param>
    /// <param name="sequenceLength">T.</param>
    /// <param name="streams">How many pieces are read at once.</param>
    /// <param name="count">Of the pieces.</param>
    /// <param name="seed">What the order is drawn by; null for that of the text.</param>
    public PieceOrder(IReadOnlyList<long> beginnings, long length, int sequenceLength, int streams, int count, ulong? seed)
        : base(sequenceLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, streams);
        var each = length / count;
        (_streams, _seed, _visits) = (streams, seed, [.. Enumerable.Range(0, count)]);
        _pieces = [.. _visits.Select(piece => new Piece(EncodedText.Stretches(beginnings, piece * each, (piece + 1) * each), sequenceLength))];
        _chunksEach = _pieces.Min(piece => piece.Chunks);
    }

    public override long ChunksPerEpoch => _chunksEach * (_pieces.Length / _streams);

    public override (long Start, bool IsFresh) Chunk(long epoch, long number, int stream)
    {
        if (_seed is { } seed && _epoch != epoch)
        {
            _epoch = epoch;
            var keys = Array.ConvertAll(_visits, piece => RandomStream.Mix(RandomStream.Mix(seed + (ulong)epoch) + (ulong)piece));
            Array.Sort(keys, _visits);
        }

        var (round, within) = Math.DivRem(number, _chunksEach);
        return _pieces[_visits[(round * _streams) + stream]].Chunk(within, SequenceLength);
    }

    /// <summary>The chunks of a piece, of each text in it those that lie in it whole.</summary>
    private sealed class Piece
    {
        private readonly long[] _first, _start;   // of each text: the number of its first chunk in the piece, and where that lies

        public Piece(IEnumerable<(long Start, long Length)> stretches, int sequenceLength)
        {
            (long Start, long Chunks)[] parts = [.. stretches.Select(part => (part.Start, (part.Length - 1) / sequenceLength)).Where(part => part.Item2 > 0)];
            (_first, _start) = (new long[parts.Length], Array.ConvertAll(parts, part => part.Start));
            for (var i = 0; i < parts.Length; i++)
            {
                _first[i] = Chunks;
                Chunks += parts[i].Chunks;
            }
        }

        public long Chunks { get; }

        public (long Start, bool IsFresh) Chunk(long number, int sequenceLength)
        {
            var found = _first.Length == 1 ? 0 : Array.BinarySearch(_first, number);
            var part = found >= 0 ? found : ~found - 1;
            var within = number - _first[part];
            return (_start[part] + (within * sequenceLength), within == 0);
        }
    }
}
