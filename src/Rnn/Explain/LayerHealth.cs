using System.Numerics;
using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Explain;

/// <summary>The units of one layer while the network reads.</summary>
/// <param name="Name">What the layer's state is called.</param>
/// <param name="Census">What they did while the text was read.</param>
/// <param name="OnShuffledText">What they did while the same characters were read in a random order: a rhythm that is still there is the network's own, not the text's.</param>
/// <param name="Eigenvalues">Those of the layer's W, the greatest modulus first; empty where the cell is not the vanilla one, or too wide for it.</param>
/// <param name="Power">The share of the state's variance at each frequency k / (2 (n - 1)) a character, k = 0 .. n - 1.</param>
public sealed record LayerHealth(string Name, UnitCensus Census, UnitCensus OnShuffledText, IReadOnlyList<Complex> Eigenvalues, IReadOnlyList<double> Power)
{
    /// <summary>The frequency with the greatest share, as a period in characters; not a number where nothing moves.</summary>
    public double StrongestPeriod
    {
        get
        {
            var strongest = Enumerable.Range(1, Power.Count - 1).MaxBy(k => Power[k]);
            return Power[strongest] > 0 ? 2.0 * (Power.Count - 1) / strongest : double.NaN;
        }
    }

    /// <summary>How many units have a rhythm of their own: periodic on the text and still periodic when its characters come in a random order.</summary>
    public int OwnRhythm => Census.Units.Zip(OnShuffledText.Units).Count(pair => IsPeriodic(pair.First) && IsPeriodic(pair.Second));

    /// <summary>How many units are lost by themselves: dead, saturated, or with a rhythm of their own.</summary>
    public int LostByItself => OwnRhythm + Census.Count(UnitBehaviour.Dead) + Census.Count(UnitBehaviour.Saturated);

    private static bool IsPeriodic(UnitReading unit) => unit.Behaviour is UnitBehaviour.Ticking or UnitBehaviour.Oscillating;
}
