namespace CharRnn.Rnn.Text;

/// <summary>A text that cannot be read or used. The message is one line that says what is wrong and, where there is something to do, what.</summary>
public sealed class InvalidTextException(string message, Exception? innerException = null) : Exception(message, innerException);
