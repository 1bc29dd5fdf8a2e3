namespace CharRnn.Rnn.Reports.Words;

/// <summary>A word and where it stands.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Start">The UTF-16 index of its first letter.</param>
public sealed record WrittenWord(string Text, int Start);
