using System.Globalization;

namespace CharRnn.Rnn.Reports.Words;

/// <summary>How much of a sample is made of words of the text.</summary>
/// <param name="Step">The update before which the sample was drawn.</param>
/// <param name="Words">Whole words written; the first and the last of a sample are left out where its edge may have cut them.</param>
/// <param name="RealWords">Those of them that stand in the text.</param>
public sealed record RealWordShare(long Step, int Words, int RealWords)
{
    /// <summary>From 0 to 1; 0 where nothing was written that could be a word.</summary>
    public double Share => Words == 0 ? 0 : (double)RealWords / Words;

    /// <summary>The share in whole per cent, as every place writes it.</summary>
    public string Percent => string.Create(CultureInfo.InvariantCulture, $"{100 * Share:0} %");

    /// <summary>Over what the share is taken.</summary>
    public string Counts => string.Create(CultureInfo.InvariantCulture, $"{RealWords:#,0} of {Words:#,0}");
}
