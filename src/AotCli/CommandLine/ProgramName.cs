using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>How the program was called, for the commands that it proposes: a path that was typed must be typed again.</summary>
internal static class ProgramName
{
    private const string Own = "charrnn";
    private static readonly Lazy<string> LazyTyped = new(() => FirstArgument() is { } first && first.AsSpan().IndexOfAny('/', '\\') >= 0 ? Terminal.Quote(first) : Own);

    /// <summary>The words after the name that make it one of its command lines.</summary>
    public static IReadOnlyList<string> Commands { get; set; } = [];

    /// <summary>A text whose command lines can be typed: each <c>charrnn COMMAND</c> in it has the name that was typed.</summary>
    public static string In(string text)
    {
        if (!text.Contains(Own + " ", StringComparison.Ordinal) || LazyTyped.Value == Own)
        {
            return text;
        }

        foreach (var command in Commands)
        {
            text = text.Replace($"{Own} {command}", $"{LazyTyped.Value} {command}", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Whether the command line has bytes that are not UTF-8, which arrive as other characters. Only Linux can tell.</summary>
    public static bool HasOtherBytes()
    {
        if (RawArguments() is not { } raw)
        {
            return false;
        }

        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(raw);
            return false;
        }
        catch (DecoderFallbackException)
        {
            return true;
        }
    }

    private static string? FirstArgument() => RawArguments() is { } raw && Array.IndexOf(raw, (byte)0) is > 0 and var end
        ? Encoding.UTF8.GetString(raw, 0, end) : Environment.GetCommandLineArgs().FirstOrDefault();

    private static byte[]? RawArguments()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllBytes("/proc/self/cmdline") : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
