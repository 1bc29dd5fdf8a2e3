namespace CharRnn.Rnn.Reports.Gradients;

/// <summary>The check of one parameter's gradient in one batch.</summary>
/// <param name="Batch">1: h_0 = 0. 2: after the first update, h_0 carried.</param>
/// <param name="Name">W, U, V, b or c.</param>
/// <param name="Ok">Whether it is right.</param>
/// <param name="Elements">How many elements it has, each of them checked.</param>
/// <param name="SumOfRelativeErrors">Against centred differences, denominator max(1, |g| + |n|).</param>
/// <param name="LargestRelativeError">Against centred differences, denominator max(1e-8, |g| + |n|).</param>
/// <param name="NormRatio">Against centred differences, |g - n| / (|g| + |n|) in norms.</param>
/// <param name="BeyondAllClose">Elements beyond numpy's allclose.</param>
/// <param name="DualNormRatio">The norm ratio against dual numbers, which have no step size.</param>
/// <param name="SingleOverAllowed">The error of a single-precision update as a part of its rounding bound.</param>
public sealed record GradientRow(int Batch, string Name, bool Ok, long Elements, double SumOfRelativeErrors, double LargestRelativeError, double NormRatio,
    long BeyondAllClose, double DualNormRatio, double SingleOverAllowed);
