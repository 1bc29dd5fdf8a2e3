namespace CharRnn.AotCli.CommandLine;

/// <summary>The reader of standard output has gone, as <c>head</c> does after its lines: the process ends without a word.</summary>
public sealed class OutputClosedException() : Exception("standard output is closed");
