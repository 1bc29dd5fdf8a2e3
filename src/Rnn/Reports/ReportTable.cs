namespace CharRnn.Rnn.Reports;

/// <summary>A table of the report: gradients, or speed.</summary>
/// <param name="Caption">What it shows.</param>
/// <param name="Columns">The column heads; the first column names the row.</param>
/// <param name="Rows">The rows, each as long as <paramref name="Columns"/>.</param>
/// <param name="Note">A sentence below it, or nothing.</param>
public sealed record ReportTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, string Note = "");
