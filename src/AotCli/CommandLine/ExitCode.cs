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
}
