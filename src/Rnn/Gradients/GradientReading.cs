namespace CharRnn.Rnn.Gradients;

/// <summary>One way to read the numbers of a file.</summary>
/// <param name="Case">The chunk.</param>
/// <param name="Gradients">The gradients in the file, by parameter name, in the order of this program's parameters.</param>
/// <param name="Note">Which layout this takes the numbers to be in; null for the plain one.</param>
public sealed record GradientReading(GradientCase Case, IReadOnlyDictionary<string, double[]> Gradients, string? Note);
