namespace CharRnn.Rnn.Training;

/// <summary>
/// The learning rate over a training: it rises in equal steps from nothing, and is then the same to the end, or falls to its least in a line or
/// in half a cosine. Source of the cosine: Loshchilov, Hutter, SGDR, ICLR 2017, without restarts.
/// </summary>
/// <param name="Eta">The highest, after the rise.</param>
public sealed record LearningRateSchedule(double Eta)
{
#pragma warning disable CS1591 // the schedules' names
    public const string Constant = "constant";
    public const string Linear = "linear";
    public const string Cosine = "cosine";
#pragma warning restore CS1591

    /// <summary>All names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Constant, Linear, Cosine];

    /// <summary>One of <see cref="Names"/>.</summary>
    public string Name { get; init; } = Constant;

    /// <summary>The updates over which it rises; 0 for none.</summary>
    public long WarmUp { get; init; }

    /// <summary>What it falls to at the last update.</summary>
    public double Least { get; init; }

    /// <summary>The updates of the whole training.</summary>
    public long Updates { get; init; }

    /// <summary>The same rate for every update.</summary>
    public static implicit operator LearningRateSchedule(double eta) => new(eta);

    /// <summary>The rate of an update.</summary>
    /// <param name="step">Its number, from 1.</param>
    public double At(long step)
    {
        if (step < WarmUp)
        {
            return Eta * step / WarmUp;
        }

        if (Name == Constant)
        {
            return Eta;
        }

        var part = Updates > WarmUp ? Math.Clamp((double)(step - WarmUp) / (Updates - WarmUp), 0, 1) : 1;
        return Least + ((Eta - Least) * (Name == Linear ? 1 - part : (1 + Math.Cos(Math.PI * part)) / 2));
    }
}
