namespace CharRnn.AotCli.CommandLine;

/// <summary>The input was fine and the work failed all the same: one line on standard error, exit code 1.</summary>
/// <param name="message">What failed and what to do about it, in one line.</param>
public sealed class CommandFailedException(string message) : Exception(message);
