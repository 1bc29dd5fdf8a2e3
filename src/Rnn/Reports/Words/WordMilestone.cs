namespace CharRnn.Rnn.Reports.Words;

/// <summary>When a word of the text was first written.</summary>
/// <param name="Word">The word, as the text writes it most often.</param>
/// <param name="CountInText">How often it stands in the text; 0 for a watched word that does not.</param>
/// <param name="FirstStep">The update before which the first sample with it was drawn; null while it has not been written.</param>
/// <param name="SamplesWithIt">In how many samples it stands.</param>
/// <param name="IsWatched">Whether it was asked for.</param>
public sealed record WordMilestone(string Word, long CountInText, long? FirstStep, int SamplesWithIt, bool IsWatched);
