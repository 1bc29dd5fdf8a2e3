namespace CharRnn.AotCli.CommandLine;

/// <summary>One line of the "Examples" section of a command's help and of the man page.</summary>
/// <param name="CommandLine">What to type, from <c>charrnn</c> on.</param>
/// <param name="Description">What it does, without a full stop.</param>
public sealed record Example(string CommandLine, string Description);
