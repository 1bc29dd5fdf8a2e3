using System.Numerics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Training;

/// <summary>
/// Updates of weights that were trained by an optimiser that knows nothing of them: its first steps would be as long as those of weights that
/// were drawn. An update that would move a matrix further than a hundredth of the root mean square of its elements is shortened, as a smaller
/// learning rate would have it.
/// </summary>
internal sealed class GentleStart<T>(Network<T> network)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest root mean square of an update, as a part of that of the matrix.</summary>
    public const double LargestShare = 0.01;

    private readonly NetworkWeights<T> _before = new(network.Shape), _after = new(network.Shape);

    /// <summary>Backpropagates and updates.</summary>
    /// <param name="eta">The learning rate.</param>
    /// <param name="clip">The largest magnitude of a gradient element.</param>
    public void Update(double eta, double clip)
    {
        network.ExportWeights(_before);
        network.BackwardAndUpdate(eta, clip);
        network.ExportWeights(_after);
        var share = _before.Tensors.Zip(_after.Tensors).Where(pair => pair.First.Shape.Length == 2).Max(pair => Share(pair.First.Values, pair.Second.Values));
        if (!(share > LargestShare))
        {
            return;
        }

        var part = T.CreateChecked(LargestShare / share);
        foreach (var (before, after) in _before.Tensors.Zip(_after.Tensors))
        {
            for (var i = 0; i < after.Values.Length; i++)
            {
                after.Values[i] = before.Values[i] + (part * (after.Values[i] - before.Values[i]));
            }
        }

        network.Load(_after, network.ExportSlots());
    }

    private static double Share(T[] before, T[] after)
    {
        double moved = 0, whole = 0;
        for (var i = 0; i < before.Length; i++)
        {
            double one = double.CreateChecked(before[i]), step = double.CreateChecked(after[i]) - one;
            (moved, whole) = (moved + (step * step), whole + (one * one));
        }

        return whole > 0 ? Math.Sqrt(moved / whole) : 0;
    }
}
