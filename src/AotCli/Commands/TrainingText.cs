using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary>The text that a command line names.</summary>
internal static class TrainingText
{
    /// <summary>Reads a text and makes sure that it can be learned from.</summary>
    /// <param name="name">A file, - for standard input, or null for the built-in tale.</param>
    /// <param name="streams">How many parts of the text are read at once.</param>
    /// <param name="read">The text, where it has been read already.</param>
    /// <param name="sequenceLength">Characters a chunk: the text has at least one more.</param>
    /// <exception cref="UsageException">It has only one distinct character, or is too short.</exception>
    /// <exception cref="InvalidTextException">It cannot be read.</exception>
    public static EncodedText Read(string? name, int sequenceLength, int streams = 1, EncodedText? read = null) => Read(name is null ? [] : [name], sequenceLength, streams, read);

    /// <summary>The same of several files and folders, which are one text.</summary>
    /// <inheritdoc cref="Read(string, int, int, EncodedText)"/>
    public static EncodedText Read(IReadOnlyList<string> names, int sequenceLength, int streams = 1, EncodedText? read = null)
    {
        if (names.Count > 1 && names.Contains("-"))
        {
            throw new UsageException("standard input (-) is a text of its own: leave the others away, or give files only");
        }

        var text = read ?? names switch
        {
            [] => BuiltInText.Read(),
            ["-"] => TextFile.Read(Terminal.Input, "standard input"),
            _ => TextFile.Read(names),
        };
        var called = NameOf(names);
        if (text.DistinctCharacters < 2)
        {
            throw new UsageException($"{called} has only one distinct character: there is nothing to learn");
        }

        if (streams > 1 && text.Length / streams < sequenceLength + 1L)
        {
            throw new UsageException($"{called} has {text.Length} characters, too few for {streams} streams of {sequenceLength} and the next: choose fewer --streams or a smaller --seq-length");
        }

        if (text.Length < sequenceLength + 1L)
        {
            throw new UsageException($"{called} has {text.Length} characters, but --seq-length {sequenceLength} needs at least {sequenceLength + 1L}: give a longer text or a shorter --seq-length");
        }

        return text;
    }

    /// <summary>What messages call a text.</summary>
    public static string NameOf(IReadOnlyList<string> names) => names switch { [] => "the built-in tale", ["-"] => "standard input", [var one] => one, [var first, ..] => $"{first} and {names.Count - 1} more" };
}
