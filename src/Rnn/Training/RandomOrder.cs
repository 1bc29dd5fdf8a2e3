using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Training;

/// <summary>Every chunk at a place of its own, drawn among all that the text has, and read with the state zero. An epoch reads as many characters as the text has.</summary>
internal sealed class RandomOrder : TextOrder
{
    private readonly long[] _first, _start;   // of each text: the number of its first place, and where that lies
    private readonly long _places;
    private readonly ulong _seed;

    public RandomOrder(IReadOnlyList<long> beginnings, long length, int sequenceLength, int streams, ulong seed)
        : base(sequenceLength)
    {
        (long Start, long Places)[] parts = [.. EncodedText.Stretches(beginnings, 0, length).Select(part => (part.Start, part.Length - sequenceLength)).Where(part => part.Item2 > 0)];
        (_first, _start, _seed) = (new long[parts.Length], Array.ConvertAll(parts, part => part.Start), seed);
        for (var i = 0; i < parts.Length; i++)
        {
            _first[i] = _places;
            _places += parts[i].Places;
        }

        ChunksPerEpoch = _places == 0 ? 0 : Math.Max(1, ((length / streams) - 1) / sequenceLength);
    }

    public override long ChunksPerEpoch { get; }

    public override (long Start, bool IsFresh) Chunk(long epoch, long number, int stream)
    {
        var drawn = RandomStream.Mix(RandomStream.Mix(RandomStream.Mix(_seed + (ulong)epoch) + (ulong)number) + (ulong)stream);
        var place = (long)(((UInt128)drawn * (ulong)_places) >> 64);
        var found = Array.BinarySearch(_first, place);
        var part = found >= 0 ? found : ~found - 1;
        return (_start[part] + (place - _first[part]), true);
    }
}
