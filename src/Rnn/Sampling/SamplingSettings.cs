namespace CharRnn.Rnn.Sampling;

/// <summary>How the next character is drawn from the network's output.</summary>
public sealed record SamplingSettings
{
    /// <summary>The logits are divided by it: under 1 safer, over 1 bolder, 0 always the likeliest character.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Only so many of the likeliest characters can be drawn; 0 means all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Only the fewest of the likeliest characters whose probabilities together reach this can be drawn; 1 means all
    /// (nucleus sampling, A. Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020).
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>The seed of the random stream.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Throws where a value has no meaning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Temperature negative or not finite, top-k negative, or top-p outside (0, 1].</exception>
    public void Validate()
    {
        if (!double.IsFinite(Temperature) || Temperature < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "the temperature must be finite and at least 0");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(TopK);
        if (!(TopP > 0 && TopP <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "top-p must be greater than 0 and at most 1");
        }
    }
}
