using System.Numerics;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Training;

/// <summary>How well a network predicts a text from which it learns nothing: what <c>eval</c> prints and what a training validates by, so that both are the same number.</summary>
public static class Evaluation
{
    private const int ChunkLength = 64;

    /// <summary>The characters that are predicted: every one but the first of each text that the text is made of.</summary>
    /// <param name="text">The text.</param>
    public static long Predicted(EncodedText text) => text.Length - text.Beginnings.Count;

    /// <summary>The mean loss of the characters that are predicted, in nats; the state is carried through the whole text, and zero where a further text of it begins.</summary>
    /// <param name="weights">The network's parameters.</param>
    /// <param name="hidden">The state to read from, of one stream; null for zero.</param>
    /// <param name="text">The text, with at least one character to predict, as indices of the network's vocabulary.</param>
    /// <param name="progress">Told now and then which part has been read, from 0 to 1.</param>
    /// <returns>It is not finite where the weights are broken.</returns>
    public static double MeanLoss<T>(NetworkWeights<T> weights, ReadOnlySpan<T> hidden, EncodedText text, Action<double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var network = Network<T>.Create(weights.Shape, ChunkLength);
        network.Load(weights, null);
        if (!hidden.IsEmpty)
        {
            network.SetHidden(hidden);
        }

        var characters = new int[ChunkLength + 1];
        double sum = 0;
        foreach (var (start, size) in EncodedText.Stretches(text.Beginnings, 0, text.Length))
        {
            if (start > 0)
            {
                network.ResetHidden();
            }

            for (var at = start; at < start + size - 1; at += ChunkLength)
            {
                var length = (int)Math.Min(ChunkLength, start + size - 1 - at);
                text.CopyTo(at, characters.AsSpan(0, length + 1));
                sum += network.Forward(characters.AsSpan(0, length), characters.AsSpan(1, length));
                network.CarryHidden();
                progress?.Invoke((double)at / text.Length);
            }
        }

        return sum / Predicted(text);
    }
}
