namespace CharRnn.Rnn.Reports.Charts;

/// <summary>A value at a place of the horizontal axis.</summary>
/// <param name="X">For example the update.</param>
/// <param name="Y">For example the smooth loss.</param>
public sealed record ChartPoint(double X, double Y);
