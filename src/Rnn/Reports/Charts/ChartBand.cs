namespace CharRnn.Rnn.Reports.Charts;

/// <summary>The range of values met around a place of the horizontal axis.</summary>
/// <param name="X">The middle of the place.</param>
/// <param name="Low">The least value there.</param>
/// <param name="High">The greatest.</param>
public sealed record ChartBand(double X, double Low, double High);
