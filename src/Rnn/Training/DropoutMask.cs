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
        (Mix(Mix(seed + (ulong)update) + ((ulong)layer << 56) + ((ulong)t << 40) + ((ulong)stream << 20) + (ulong)unit) >> 32) < _threshold ? 0 : 1 / (1 - probability);

    /// <summary>The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = unchecked(z + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
