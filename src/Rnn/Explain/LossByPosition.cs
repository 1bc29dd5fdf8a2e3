using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// The loss along the text with weights that do not change: what is hard of the text itself. Where the smooth loss of a training has the same shape, the text
/// made it, not the training.
/// </summary>
public sealed class LossByPosition
{
    /// <summary>Characters of a passage that is quoted.</summary>
    public const int PassageLength = 200;

    private const int PassagesQuoted = 3;

    private LossByPosition(int blockLength, double[] losses, IReadOnlyList<double> smooth, IReadOnlyList<PassageLoss> hardest, IReadOnlyList<PassageLoss> easiest) =>
        (BlockLength, Losses, Smooth, Hardest, Easiest) = (blockLength, losses, smooth, hardest, easiest);

    /// <summary>Characters a block: the text from its beginning in blocks, each with a loss.</summary>
    public int BlockLength { get; }

    /// <summary>The mean loss a character of each block, in nats.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The same smoothed as training smooths its loss, as if the text were read round and round.</summary>
    public IReadOnlyList<double> Smooth { get; }

    /// <summary>The passages with the greatest loss, the hardest first; they do not overlap.</summary>
    public IReadOnlyList<PassageLoss> Hardest { get; }

    /// <summary>The passages with the least loss, the easiest first; they do not overlap.</summary>
    public IReadOnlyList<PassageLoss> Easiest { get; }

    /// <summary>How many characters of the text were read.</summary>
    public long CharactersRead => (long)Losses.Count * BlockLength;

    /// <summary>Reads the text.</summary>
    /// <param name="reader">The network, for chunks of <paramref name="blockLength"/>; its state is lost.</param>
    /// <param name="text">The text as indices of its vocabulary.</param>
    /// <param name="blockLength">Characters a block.</param>
    /// <param name="sequenceLength">Characters a chunk of the training, by which its loss was smoothed.</param>
    /// <param name="limit">The most characters to read.</param>
    /// <param name="progress">Told of each block's end, as the share of the whole.</param>
    internal static LossByPosition Measure(NetworkReader reader, EncodedText text, int blockLength, int sequenceLength, long limit, Action<double> progress)
    {
        var blocks = (int)((Math.Min(text.Length, limit) - 1) / blockLength);
        var losses = new double[blocks];
        var characters = new int[blockLength + 1];
        reader.Reset();
        for (var block = 0; block < blocks; block++)
        {
            text.CopyTo((long)block * blockLength, characters);
            losses[block] = reader.ReadChunk(characters) / blockLength;
            progress((double)block / blocks);
        }

        return new(blockLength, losses, Smoothed(losses, Math.Pow(0.999, (double)blockLength / sequenceLength)), Passages(losses, -1), Passages(losses, 1));

        PassageLoss[] Passages(double[] losses, int sign)
        {
            int width = Math.Max(1, PassageLength / blockLength), count = losses.Length - width + 1;
            if (count < 1)
            {
                return [];
            }

            var means = new double[count];
            var sum = losses.Take(width).Sum();
            for (var start = 0; start < count; start++)
            {
                means[start] = sum / width;
                sum += start + width < losses.Length ? losses[start + width] - losses[start] : 0;
            }

            var chosen = new List<int>();
            foreach (var start in Enumerable.Range(0, count).OrderBy(start => sign * means[start]))
            {
                if (chosen.TrueForAll(other => Math.Abs(other - start) >= width))
                {
                    chosen.Add(start);
                }

                if (chosen.Count == PassagesQuoted)
                {
                    break;
                }
            }

            return [.. chosen.Select(start => new PassageLoss((long)start * blockLength, means[start], Quote((long)start * blockLength, width * blockLength)))];
        }

        string Quote(long position, int length)
        {
            var indices = new int[length];
            text.CopyTo(position, indices);
            return text.Vocabulary.Decode(indices);
        }
    }

    private static double[] Smoothed(double[] losses, double keep)
    {
        var smooth = new double[losses.Length];
        var value = losses.Length > 0 ? losses.Average() : 0;
        for (var round = 0; round < 2; round++)
        {
            for (var block = 0; block < losses.Length; block++)
            {
                smooth[block] = value = (keep * value) + ((1 - keep) * losses[block]);
            }
        }

        return smooth;
    }
}
