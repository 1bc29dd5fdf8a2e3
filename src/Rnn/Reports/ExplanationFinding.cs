namespace CharRnn.Rnn.Reports;

/// <summary>One thing that an explanation found: a sentence of what is seen and one of what to do.</summary>
/// <param name="Id">A word for programs and for the page's anchors.</param>
/// <param name="Title">A heading.</param>
/// <param name="Seen">What is seen.</param>
/// <param name="Advice">What to do; empty where there is nothing.</param>
public sealed record ExplanationFinding(string Id, string Title, string Seen, string Advice);
