using System.Numerics;

namespace CharRnn.Rnn.Units;

/// <summary>What one unit did over the characters read.</summary>
/// <param name="Behaviour">In one word.</param>
/// <param name="StandardDeviation">Of its activation.</param>
/// <param name="SaturatedShare">The share of steps in which its magnitude is beyond 0.99.</param>
/// <param name="SignChangeShare">The share of steps in which its sign is not that of the step before.</param>
/// <param name="Period">In characters, where it ticks or oscillates; 0 elsewhere.</param>
public readonly record struct UnitReading(UnitBehaviour Behaviour, double StandardDeviation, double SaturatedShare, double SignChangeShare, int Period)
{
    private const double DeadDeviation = 0.01, SaturatedBeyond = 0.99, MostSteps = 0.9, Repeats = 0.5;

    /// <summary>The longest period that is looked for, in characters.</summary>
    public const int LongestPeriod = 40;

    /// <summary>Judges one unit.</summary>
    /// <param name="activations">Its activation after each character, from -1 to 1; at least two.</param>
    public static UnitReading Of(ReadOnlySpan<float> activations)
    {
        double sum = 0;
        int saturated = 0, changes = 0;
        for (var t = 0; t < activations.Length; t++)
        {
            sum += activations[t];
            saturated += Math.Abs(activations[t]) > SaturatedBeyond ? 1 : 0;
            changes += t > 0 && activations[t] * activations[t - 1] < 0 ? 1 : 0;
        }

        var mean = (float)(sum / activations.Length);
        var centred = new float[activations.Length];
        for (var t = 0; t < centred.Length; t++)
        {
            centred[t] = activations[t] - mean;
        }

        var squares = Product(centred, centred);
        double deviation = Math.Sqrt(squares / activations.Length), saturatedShare = (double)saturated / activations.Length, changeShare = (double)changes / (activations.Length - 1);
        // What is not a number is no activation that anything can be learned from.
        var (behaviour, period) = !(deviation >= DeadDeviation) ? (UnitBehaviour.Dead, 0)
            : changeShare > MostSteps ? (UnitBehaviour.Ticking, 2)
            : FindPeriod(centred, squares) is > 0 and var found ? (UnitBehaviour.Oscillating, found)
            : saturatedShare > MostSteps ? (UnitBehaviour.Saturated, 0)
            : changes == 0 ? (UnitBehaviour.Constant, 0)
            : (UnitBehaviour.Alive, 0);
        return new(behaviour, deviation, saturatedShare, changeShare, period);
    }

    /// <summary>
    /// The period with which a unit repeats itself: the first lag at which its autocorrelation peaks, after it has been below 0. A unit that only moves slowly
    /// has no such lag. 0 where the unit does not repeat itself.
    /// </summary>
    private static int FindPeriod(ReadOnlySpan<float> centred, double squares)
    {
        var below = false;
        double before = 1, here = 1;
        for (var lag = 1; lag <= Math.Min(LongestPeriod, centred.Length / 4) + 1; lag++)
        {
            var next = Product(centred[lag..], centred[..^lag]) / squares * centred.Length / (centred.Length - lag);
            if (below && here > Repeats && here >= before && here > next)
            {
                return lag - 1;
            }

            below |= next < 0;
            (before, here) = (here, next);
        }

        return 0;
    }

    /// <summary>The sum of products, a register at a time: a training looks at its units now and then and has no time for more.</summary>
    private static double Product(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector<float>.Zero;
        var t = 0;
        for (; t <= left.Length - Vector<float>.Count; t += Vector<float>.Count)
        {
            sums += new Vector<float>(left[t..]) * new Vector<float>(right[t..]);
        }

        double sum = Vector.Sum(sums);
        for (; t < left.Length; t++)
        {
            sum += left[t] * right[t];
        }

        return sum;
    }
}
