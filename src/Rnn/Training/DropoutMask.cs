using System.Numerics;
using System.Runtime.Intrinsics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Training;

/// <summary>
/// Which units dropout leaves out: a function of where and when, so that nothing has to be saved for a resumed training to draw the same.
/// A unit that stays is multiplied by 1 / (1 - P). Source: Srivastava et al., JMLR 15 (2014), inverted as is usual today.
/// </summary>
/// <param name="probability">P, from 0, below 1.</param>
/// <param name="seed">Of the training.</param>
public readonly struct DropoutMask(double probability, ulong seed)
{
    private readonly ulong _threshold = (ulong)(probability * (1UL << 32));

    /// <summary>What the output of a unit is multiplied with: 0 or 1 / (1 - P).</summary>
    /// <param name="update">The number of the update, from 1.</param>
    /// <param name="layer">The layer whose output it is, from 0.</param>
    /// <param name="t">The time step within the chunk, from 0.</param>
    /// <param name="stream">The stream, from 0.</param>
    /// <param name="unit">The unit, from 0.</param>
    public double Factor(long update, int layer, int t, int stream, int unit) =>
        (RandomStream.Mix(Start(update, layer, t, stream) + (ulong)unit) >> 32) < _threshold ? 0 : 1 / (1 - probability);

    /// <summary>Multiplies all units of one layer, time step and stream with their factors.</summary>
    /// <param name="update">The number of the update, from 1.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="t">The time step within the chunk, from 0.</param>
    /// <param name="stream">The stream, from 0.</param>
    /// <param name="from">The units.</param>
    /// <param name="to">As many, written; may be the same.</param>
    public void Apply<T>(long update, int layer, int t, int stream, ReadOnlySpan<T> from, Span<T> to)
        where T : INumberBase<T>
    {
        var (start, stays) = (Start(update, layer, t, stream), T.CreateChecked(1 / (1 - probability)));
        for (var unit = 0; unit < from.Length; unit += 4)
        {
            var high = Mix(Vector256.Create(start + (ulong)unit) + Vector256.Create(0UL, 1, 2, 3)) >> 32;
            var dropped = Vector256.LessThan(high, Vector256.Create(_threshold)).ExtractMostSignificantBits();
            for (var i = unit; i < Math.Min(unit + 4, from.Length); i++, dropped >>= 1)
            {
                to[i] = from[i] * ((dropped & 1) != 0 ? T.Zero : stays);
            }
        }
    }

    private ulong Start(long update, int layer, int t, int stream) => RandomStream.Mix(seed + (ulong)update) + ((ulong)layer << 56) + ((ulong)t << 40) + ((ulong)stream << 20);

    /// <summary><see cref="RandomStream.Mix"/> of four numbers.</summary>
    private static Vector256<ulong> Mix(Vector256<ulong> z)
    {
        z += Vector256.Create(0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * Vector256.Create(0xBF58476D1CE4E5B9UL);
        z = (z ^ (z >> 27)) * Vector256.Create(0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
