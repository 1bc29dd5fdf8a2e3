using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Where output goes: data to standard output, progress and messages to standard error. Both are UTF-8 with
/// line feeds on every system; colour and animation only where a person looks on.
/// </summary>
public static class Terminal
{
    private static readonly Lazy<StreamWriter> LazyOutput = new(() => Writer(OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardOutput(), autoFlush: false));
    private static readonly Lazy<StreamWriter> LazyError = new(() => Writer(Console.OpenStandardError(), autoFlush: true));

    /// <summary>Standard output, for data. Buffered: flush it where a reader waits for what was written; it is flushed at the end.</summary>
    public static TextWriter Output => LazyOutput.Value;

    /// <summary>Standard error, for progress and messages; unbuffered.</summary>
    public static TextWriter Error => LazyError.Value;

    /// <summary>Whether standard output is a terminal.</summary>
    public static bool OutputIsTerminal => !Console.IsOutputRedirected;

    /// <summary>Whether standard error is a terminal that can be drawn on: only then may progress be animated.</summary>
    public static bool ErrorIsTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Whether standard input is a terminal, so that a person types.</summary>
    public static bool InputIsTerminal => !Console.IsInputRedirected;

    /// <summary>Whether NO_COLOR (https://no-color.org) leaves colour allowed.</summary>
    public static bool ColorAllowed => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the terminal, 80 where that is unknown.</summary>
    public static int Width
    {
        get
        {
            try
            {
                return Console.WindowWidth is > 0 and int width ? width : 80;
            }
            catch (IOException)
            {
                return 80;
            }
        }
    }

    /// <summary>Lines of the terminal, 24 where that is unknown.</summary>
    public static int Height
    {
        get
        {
            try
            {
                return Console.WindowHeight is > 0 and int height ? height : 24;
            }
            catch (IOException)
            {
                return 24;
            }
        }
    }

    /// <summary>Writes out what is buffered; called once more when the process ends.</summary>
    public static void Flush()
    {
        if (LazyOutput.IsValueCreated)
        {
            LazyOutput.Value.Flush();
        }
    }

    /// <summary>Names the next useful command on standard error, below what was printed before.</summary>
    /// <param name="commandLine">From <c>charrnn</c> on, ready to be pasted.</param>
    public static void Hint(string commandLine)
    {
        Flush();
        Error.WriteLine($"next: {commandLine}");
    }

    /// <summary>A path or a text as a shell reads it back: quoted only where that is needed.</summary>
    public static string Quote(string argument)
    {
        var plain = argument.Length > 0;
        foreach (var character in argument)
        {
            plain &= char.IsAsciiLetterOrDigit(character) || "-_./=+:,@%".Contains(character);
        }

        return plain ? argument : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    private static StreamWriter Writer(Stream stream, bool autoFlush) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 16 * 1024) { AutoFlush = autoFlush, NewLine = "\n" };
}
