namespace CharRnn.Rnn.Runs;

/// <summary>That a training has made its network worse than it began.</summary>
/// <param name="Step">After which update that was seen.</param>
/// <param name="SmoothLoss">The smooth loss after it.</param>
/// <param name="FirstSmoothLoss">The smooth loss that the run began with.</param>
public sealed record RiseNotice(long Step, double SmoothLoss, double FirstSmoothLoss)
{
    /// <summary>The updates after which a training is looked at so.</summary>
    public const long From = 10_000;
}
