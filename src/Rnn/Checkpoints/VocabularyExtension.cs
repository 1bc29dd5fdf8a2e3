using System.Numerics;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>
/// Parameters of one vocabulary as those of a larger one: every character keeps its numbers, bit by bit, where the order of code points puts
/// it, and the new ones stand between them.
/// </summary>
/// <param name="from">The vocabulary of the parameters.</param>
/// <param name="to">One that has all its characters.</param>
internal sealed class VocabularyExtension(Vocabulary from, Vocabulary to)
{
    /// <summary>Apart from what else a seed draws.</summary>
    private const ulong Stream = 0x564F_4341_42;

    private readonly int[] _places = [.. Enumerable.Range(0, from.Size).Select(index => to.IndexOf(from[index]))];

    private bool IsNone => from.Equals(to);

    /// <summary>
    /// Weights. What reads and writes a new character is drawn as the textbooks' weights are, from N(0, 0.01^2); and it is as rare as the
    /// rarest of the others: its element of c is the least of them.
    /// </summary>
    /// <param name="weights">Of the smaller vocabulary.</param>
    /// <param name="seed">What the new elements are drawn by.</param>
    public NetworkWeights<T> Weights<T>(NetworkWeights<T> weights, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsNone)
        {
            return weights;
        }

        var extended = NetworkWeights<T>.Random(Extended(weights.Shape), new RandomStream(seed, Stream).NextBits());
        extended["c"].AsSpan().Fill(weights["c"].Min());
        return Fill(weights, extended);
    }

    /// <summary>A slot of the optimiser, which knows nothing of the new elements.</summary>
    /// <param name="slot">Of the smaller vocabulary.</param>
    public NetworkWeights<T> Slot<T>(NetworkWeights<T> slot)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => IsNone ? slot : Fill(slot, new NetworkWeights<T>(Extended(slot.Shape)));

    private NetworkShape Extended(NetworkShape shape) => shape with { VocabularySize = to.Size };

    private NetworkWeights<T> Fill<T>(NetworkWeights<T> small, NetworkWeights<T> large)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var (one, other) in small.Tensors.Zip(large.Tensors))
        {
            // The extent that differs is that of the characters: the columns of U, the rows of V, the elements of c.
            var areRows = one.Shape[0] != other.Shape[0];
            var areColumns = one.Shape.Length == 2 && one.Shape[1] != other.Shape[1];
            int columns = one.Values.Length / one.Shape[0], otherColumns = other.Values.Length / other.Shape[0];
            for (var row = 0; row < one.Shape[0]; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    other.Values[((areRows ? _places[row] : row) * otherColumns) + (areColumns ? _places[column] : column)] = one.Values[(row * columns) + column];
                }
            }
        }

        return large;
    }
}
