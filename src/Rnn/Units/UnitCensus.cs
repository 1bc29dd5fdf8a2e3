namespace CharRnn.Rnn.Units;

/// <summary>The units of one layer, each judged, and how many there are of each kind.</summary>
public sealed class UnitCensus
{
    private readonly int[] _counts = new int[Enum.GetValues<UnitBehaviour>().Length];

    /// <summary>Counts.</summary>
    /// <param name="units">What each unit did; at least one.</param>
    public UnitCensus(IReadOnlyList<UnitReading> units)
    {
        Units = units;
        foreach (var unit in units)
        {
            _counts[(int)unit.Behaviour]++;
        }
    }

    /// <summary>Judges the units of a layer.</summary>
    /// <param name="activations">h_t after each character, row-major [T, m], T at least 2.</param>
    /// <param name="units">m.</param>
    public static UnitCensus Of(ReadOnlySpan<float> activations, int units)
    {
        var steps = activations.Length / units;
        var readings = new UnitReading[units];
        var unit = new float[steps];
        for (var i = 0; i < units; i++)
        {
            for (var t = 0; t < steps; t++)
            {
                unit[t] = activations[(t * units) + i];
            }

            readings[i] = UnitReading.Of(unit);
        }

        return new(readings);
    }

    /// <summary>What each unit did, in their order.</summary>
    public IReadOnlyList<UnitReading> Units { get; }

    /// <summary>How many units are of a kind.</summary>
    public int Count(UnitBehaviour behaviour) => _counts[(int)behaviour];

    /// <summary>How many units repeat themselves with a period, 2 or another.</summary>
    public int Periodic => Count(UnitBehaviour.Ticking) + Count(UnitBehaviour.Oscillating);

    /// <summary>How many units say next to nothing of the text: they repeat themselves, are dead or are saturated.</summary>
    public int Lost => Periodic + Count(UnitBehaviour.Dead) + Count(UnitBehaviour.Saturated);

    /// <summary>Whether over half of the units are lost.</summary>
    public bool IsUnhealthy => 2 * Lost > Units.Count;
}
