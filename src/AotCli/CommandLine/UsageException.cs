namespace CharRnn.AotCli.CommandLine;

/// <summary>Bad input: the message goes to standard error as one line and the process exits with 2.</summary>
/// <param name="message">What is wrong and what to do about it, in one line.</param>
public sealed class UsageException(string message) : Exception(message);
