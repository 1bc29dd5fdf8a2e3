namespace CharRnn.Rnn.Optimizers;

/// <summary>The numbers of all rules; each takes what it needs.</summary>
/// <param name="Eta">The learning rate.</param>
/// <param name="Beta1">How much of the mean of gradients is kept at each update.</param>
/// <param name="Beta2">How much of the mean of squared gradients is kept at each update.</param>
/// <param name="Epsilon">What keeps a divisor from zero.</param>
public readonly record struct OptimizerSettings(double Eta, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8);
