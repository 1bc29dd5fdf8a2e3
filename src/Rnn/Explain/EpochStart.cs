using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// What zeroing h at an epoch's start costs: the first chunks of the text, read from h = 0 and from the state that the end of the text leaves behind, with the
/// same weights.
/// </summary>
public sealed class EpochStart
{
    private const int Chunks = 40, WarmUp = 500;

    private EpochStart(IReadOnlyList<double> zeroed, IReadOnlyList<double> carried) => (Zeroed, Carried) = (zeroed, carried);

    /// <summary>The loss of each of the first chunks from h = 0, in nats a chunk.</summary>
    public IReadOnlyList<double> Zeroed { get; }

    /// <summary>The same from the carried state.</summary>
    public IReadOnlyList<double> Carried { get; }

    /// <summary>What zeroing costs in all, in nats.</summary>
    public double Cost => Zeroed.Sum() - Carried.Sum();

    /// <summary>What that adds to the smooth loss, in nats a chunk.</summary>
    public double SmoothCost => 0.001 * Cost;

    /// <summary>Measures.</summary>
    /// <param name="reader">The network, for chunks of <paramref name="sequenceLength"/>; its state is lost.</param>
    /// <param name="text">The text as indices of its vocabulary.</param>
    /// <param name="sequenceLength">Characters a chunk.</param>
    internal static EpochStart Measure(NetworkReader reader, EncodedText text, int sequenceLength)
    {
        var count = (int)Math.Min(Chunks, (text.Length - 1) / sequenceLength);
        reader.Reset();
        var zeroed = Read();
        var end = new int[(int)Math.Min(WarmUp, text.Length)];
        text.CopyTo(text.Length - end.Length, end);
        foreach (var character in end)
        {
            reader.Read(character);
        }

        return new(zeroed, Read());

        double[] Read()
        {
            var losses = new double[count];
            var characters = new int[sequenceLength + 1];
            for (var chunk = 0; chunk < count; chunk++)
            {
                text.CopyTo((long)chunk * sequenceLength, characters);
                losses[chunk] = reader.ReadChunk(characters);
            }

            return losses;
        }
    }
}
