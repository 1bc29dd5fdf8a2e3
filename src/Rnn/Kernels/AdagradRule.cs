namespace CharRnn.Rnn.Kernels;

/// <summary>
/// What a kernel does with a gradient while it forms the next: AdaGrad with clipped gradients, g = clip(g, -clip, clip);
/// G += g g; theta -= eta g / sqrt(G + 1e-8), element by element, with exact square root and division. Source: Duchi, Hazan, Singer, JMLR 12 (2011), diagonal form.
/// </summary>
/// <param name="Eta">The learning rate.</param>
/// <param name="Clip">The largest magnitude of a gradient element; positive infinity switches clipping off.</param>
public readonly record struct AdagradRule<T>(T Eta, T Clip)
{
    /// <summary>What keeps the divisor from zero.</summary>
    public const double Epsilon = 1e-8;

    /// <summary>No rule: the gradient as it is takes the place of the weights, for a rule that goes over all of it afterwards.</summary>
    public static AdagradRule<T> None { get; } = new() { IsNone = true };

    /// <summary>Whether the gradient is only stored.</summary>
    public bool IsNone { get; private init; }
}
