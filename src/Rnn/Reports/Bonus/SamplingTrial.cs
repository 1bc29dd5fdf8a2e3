namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>What the weights of the lowest loss write when characters are drawn in one way.</summary>
/// <param name="Method"><see cref="Temperature"/> or <see cref="Nucleus"/>.</param>
/// <param name="Value">The temperature, or the share of probability from which characters are drawn.</param>
/// <param name="Text">The beginning of what was written.</param>
/// <param name="Words">Words of three letters and more in all that was written.</param>
/// <param name="RealWords">Those of them that stand in the text.</param>
public sealed record SamplingTrial(string Method, double Value, string Text, int Words, int RealWords)
{
    /// <summary>The methods' names.</summary>
    public const string Temperature = "temperature", Nucleus = "nucleus";

    /// <summary>From 0 to 1; 0 where nothing was written that could be a word.</summary>
    public double Share => Words == 0 ? 0 : (double)RealWords / Words;
}
