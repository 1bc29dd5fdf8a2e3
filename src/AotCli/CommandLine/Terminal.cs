using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Where output goes: data to standard output, progress and messages to standard error. Both are UTF-8 with
/// line feeds on every system; colour and animation only where a person looks on.
/// </summary>
public static class Terminal
{
    private static readonly Lazy<StreamWriter> LazyOutputBytes = new(() => Writer(OperatingSystem.IsWindows() ? WindowsConsole(Console.OpenStandardOutput) : new StandardOutput(), autoFlush: false));
    private static readonly Lazy<TextWriter> LazyOutput = new(() => OutputIsTerminal ? new ForeignTextWriter(LazyOutputBytes.Value) : LazyOutputBytes.Value);
    private static readonly Lazy<TextWriter> LazyScreen = new(() => TextWriter.Synchronized(Writer(new StandardError(), autoFlush: true)));
    private static readonly Lazy<TextWriter> LazyError = new(() => TextWriter.Synchronized(new ForeignTextWriter(LazyScreen.Value)));

    /// <summary>
    /// Standard output, for data. Buffered: flush it where a reader waits for what was written; it is flushed at the end. Files and pipes
    /// receive exactly what is written, a terminal what is harmless of it (<see cref="ForeignText"/>).
    /// </summary>
    public static TextWriter Output => LazyOutput.Value;

    /// <summary>Standard input, as bytes; empty where it is closed.</summary>
    public static Stream Input => OperatingSystem.IsWindows() ? Console.OpenStandardInput() : new StandardInput();

    /// <summary>
    /// Standard error, for progress and messages; unbuffered. Writing to it never fails: what cannot be written is dropped. What is not
    /// harmless in a text is shown by its code (<see cref="ForeignText"/>).
    /// </summary>
    public static TextWriter Error => LazyError.Value;

    /// <summary>Standard error for what moves the cursor itself and has made every text in it harmless.</summary>
    public static TextWriter Screen => LazyScreen.Value;

    /// <summary>Whether standard output is a terminal.</summary>
    public static bool OutputIsTerminal => StandardHandles.IsOpen(StandardHandles.Output) && !Console.IsOutputRedirected;

    /// <summary>Whether standard error is a terminal that can be drawn on: only then may progress be animated.</summary>
    public static bool ErrorIsTerminal => StandardHandles.IsOpen(StandardHandles.Error) && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Whether standard input is a terminal, so that a person types.</summary>
    public static bool InputIsTerminal => StandardHandles.IsOpen(StandardHandles.Input) && !Console.IsInputRedirected;

    /// <summary>Whether NO_COLOR (https://no-color.org) leaves colour allowed.</summary>
    public static bool ColorAllowed => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Columns of the terminal, 80 where that is unknown.</summary>
    public static int Width => Size.Columns;

    /// <summary>Lines of the terminal, 24 where that is unknown.</summary>
    public static int Height => Size.Lines;

    // Asked anew each time: a window changes. On Linux the console is not asked, for it would change the terminal's mode first.
    private static (int Columns, int Lines) Size
    {
        get
        {
            if (OperatingSystem.IsLinux())
            {
                return StandardHandles.TerminalSize(StandardHandles.Error) ?? (80, 24);
            }

            try
            {
                return Console.WindowWidth > 0 && Console.WindowHeight > 0 ? (Console.WindowWidth, Console.WindowHeight) : (80, 24);
            }
            catch (IOException)
            {
                return (80, 24);
            }
        }
    }

    /// <summary>Writes out what is buffered; called once more when the process ends.</summary>
    public static void Flush()
    {
        if (LazyOutputBytes.IsValueCreated)
        {
            LazyOutputBytes.Value.Flush();
        }
    }

    /// <summary>Names the next useful command on standard error, below what was printed before.</summary>
    /// <param name="commandLine">From <c>charrnn</c> on, ready to be pasted.</param>
    /// <param name="when">What it is for.</param>
    public static void Hint(string commandLine, string when = "next")
    {
        Flush();
        Error.WriteLine(ProgramName.In($"{when}: {commandLine}"));
    }

    /// <summary>A text for a line of a table: on a terminal in one line (<see cref="ForeignText.Line"/>), for others as it is.</summary>
    public static string InLine(string text) => OutputIsTerminal ? ForeignText.Line(text) : text;

    /// <summary>A path or a text as a shell reads it back: quoted only where that is needed, and with codes for what is not harmless on a terminal.</summary>
    public static string Quote(string argument)
    {
        if (!argument.EnumerateRunes().All(ForeignText.IsHarmless))
        {
            return "$'" + ForeignText.Line(argument.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)) + "'";
        }

        var plain = argument.Length > 0;
        foreach (var character in argument)
        {
            plain &= char.IsAsciiLetterOrDigit(character) || "-_./=+:,@%".Contains(character);
        }

        return plain ? argument : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>A console window of Windows has a code page, in which UTF-8 is one of many: it is chosen while the program runs.</summary>
    internal static Stream WindowsConsole(Func<Stream> open)
    {
        if ((!Console.IsOutputRedirected || !Console.IsErrorRedirected) && Console.OutputEncoding is { CodePage: not 65001 } before)
        {
            Console.OutputEncoding = Encoding.UTF8;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.OutputEncoding = before;
        }

        return open();
    }

    private static StreamWriter Writer(Stream stream, bool autoFlush) =>
        new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 16 * 1024) { AutoFlush = autoFlush, NewLine = "\n" };
}
