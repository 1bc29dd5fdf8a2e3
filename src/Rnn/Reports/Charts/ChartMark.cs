namespace CharRnn.Rnn.Reports.Charts;

/// <summary>A place of the chart with a name.</summary>
/// <param name="X">For example the update.</param>
/// <param name="Y">For example the loss; a vertical mark has none.</param>
/// <param name="Label">What is written beside it.</param>
/// <param name="Description">What a reader is told who rests on it.</param>
public sealed record ChartMark(double X, double Y, string Label, string Description = "");
