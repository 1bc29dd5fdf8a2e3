namespace CharRnn.Rnn.Gradients;

/// <summary>Whether one parameter's gradient is right.</summary>
/// <param name="Name">W, U, V, b or c.</param>
/// <param name="Ok">Whether every row, every column and the whole are as near to the truth as a float computation comes.</param>
/// <param name="Measures">How far it is from the truth.</param>
/// <param name="Excess">The largest distance of a row, a column or the whole, as a multiple of what is allowed there; up to 1 is right.</param>
/// <param name="Worst">Where that is, such as <c>row 3</c> or <c>column 17</c>.</param>
/// <param name="IsUncertain">
/// The chunk is so chaotic that a right gradient in float can be anything, and this one is not the exact one: it is called
/// wrong only where a known mistake gives it.
/// </param>
public sealed record ParameterJudgement(string Name, bool Ok, GradientMeasures Measures, double Excess, string Worst, bool IsUncertain = false);
