namespace CharRnn.Rnn.Gradients;

/// <summary>One parameter on one batch.</summary>
/// <param name="Batch">1, with h_0 zero, or 2, with h_0 carried.</param>
/// <param name="Name">W, U, V, b or c.</param>
/// <param name="Differences">Backpropagation against centred differences.</param>
/// <param name="DualNormRatio">Backpropagation against dual numbers.</param>
/// <param name="Trained">The gradients that the single-precision update applied, against backpropagation in double.</param>
/// <param name="Ok">Whether all three are within what is allowed.</param>
public sealed record ParameterCheck(int Batch, string Name, GradientMeasures Differences, double DualNormRatio, ParameterJudgement Trained, bool Ok);
