namespace CharRnn.Rnn.Runs;

/// <summary>A run cannot be begun, resumed or read as asked. The message is one line that says what to do.</summary>
public sealed class InvalidRunException(string message, Exception? innerException = null) : Exception(message, innerException);
