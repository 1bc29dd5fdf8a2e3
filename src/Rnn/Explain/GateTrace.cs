namespace CharRnn.Rnn.Explain;

/// <summary>How far a gate was open over the characters read.</summary>
/// <param name="Name">As the cell's equations call it.</param>
/// <param name="Open">The share of activations above 0.9.</param>
/// <param name="Shut">The share below 0.1.</param>
/// <param name="Mean">Their mean, from 0 to 1.</param>
public sealed record GateTrace(string Name, double Open, double Shut, double Mean)
{
    /// <summary>The share from 0.1 to 0.9.</summary>
    public double InBetween => 1 - Open - Shut;

    /// <summary>Counts.</summary>
    /// <param name="name">The gate's name.</param>
    /// <param name="activations">Of all units and steps; at least one.</param>
    public static GateTrace Of(string name, ReadOnlySpan<float> activations)
    {
        int open = 0, shut = 0;
        double sum = 0;
        foreach (var activation in activations)
        {
            open += activation > 0.9f ? 1 : 0;
            shut += activation < 0.1f ? 1 : 0;
            sum += activation;
        }

        return new(name, (double)open / activations.Length, (double)shut / activations.Length, sum / activations.Length);
    }
}
