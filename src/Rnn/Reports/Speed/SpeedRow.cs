namespace CharRnn.Rnn.Reports.Speed;

/// <summary>The time of an update or of a part of it, in microseconds.</summary>
/// <param name="Name">What was timed.</param>
/// <param name="Minimum">The fastest run.</param>
/// <param name="Median">The middle run, or null where it was not recorded.</param>
/// <param name="ShareOfPeak">Of the processor's multiply-adds, from 0 to 1; null where nearly none are done.</param>
/// <param name="Peers">The same work done otherwise.</param>
public sealed record SpeedRow(string Name, double Minimum, double? Median, double? ShareOfPeak, IReadOnlyList<SpeedPeer> Peers);
