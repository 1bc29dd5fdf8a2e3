namespace CharRnn.AotCli.CommandLine;

/// <summary>What the process returns.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A check or a piece of work failed.</summary>
    public const int Failure = 1;

    /// <summary>The input was wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Nobody read standard output to its end: 128 and the number of SIGPIPE, as of a process that the signal ends.</summary>
    public const int OutputClosed = 141;
}
