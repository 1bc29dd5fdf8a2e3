namespace CharRnn.Rnn.Reports;

/// <summary>A setting or a figure of a run, ready to be printed.</summary>
/// <param name="Name">For example <c>hidden size</c>.</param>
/// <param name="Value">For example <c>100</c>.</param>
public sealed record ReportFact(string Name, string Value);
