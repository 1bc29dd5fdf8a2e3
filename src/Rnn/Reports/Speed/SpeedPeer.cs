namespace CharRnn.Rnn.Reports.Speed;

/// <summary>The time that another way of doing the same takes, in microseconds.</summary>
/// <param name="Name">For example <c>scalar loops</c>.</param>
/// <param name="Minimum">The fastest run.</param>
/// <param name="Median">The middle run, or null where it was not recorded.</param>
public sealed record SpeedPeer(string Name, double Minimum, double? Median);
