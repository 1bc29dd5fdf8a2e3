namespace CharRnn.Rnn.Reports.Words;

/// <summary>When a word of the text was first written.</summary>
/// <param name="Word">The word, as the text writes it most often.</param>
/// <param name="CountInText">How often it stands in the text; 0 for a watched word that does not.</param>
/// <param name="Samples">The samples in which it stands, as indices into the run's samples, ascending.</param>
/// <param name="FirstStep">The update before which the first of them was drawn; null while it has not been written.</param>
/// <param name="IsWatched">Whether it was asked for.</param>
public sealed record WordMilestone(string Word, long CountInText, IReadOnlyList<int> Samples, long? FirstStep, bool IsWatched)
{
    /// <summary>In how many samples it stands.</summary>
    public int SamplesWithIt => Samples.Count;
}
