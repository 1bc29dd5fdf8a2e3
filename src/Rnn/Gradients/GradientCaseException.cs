namespace CharRnn.Rnn.Gradients;

/// <summary>A file is no gradient case. The message is one line that says what is missing or does not fit.</summary>
public sealed class GradientCaseException(string message) : Exception(message);
