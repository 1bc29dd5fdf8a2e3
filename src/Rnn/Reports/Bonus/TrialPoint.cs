namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>Where a short training stands.</summary>
/// <param name="Updates">Done so far.</param>
/// <param name="Seconds">That they took on one core, without the judging.</param>
/// <param name="Loss">On the held-out piece, a character, in nats.</param>
public sealed record TrialPoint(long Updates, double Seconds, double Loss);
