using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Answers the shell's question what could stand at the cursor: <c>charrnn "[suggest:N]" "the line"</c>.</summary>
internal static class Completions
{
    /// <summary>Prints one proposal a line: the word, a tab, its description. Nothing means: complete as a path.</summary>
    public static int Print(Command root, string directive, string line)
    {
        var colon = directive.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !int.TryParse(directive.AsSpan(colon + 1).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            position = line.Length;
        }

        foreach ((var word, var description) in Find(root, line, Math.Min(position, line.Length)))
        {
            Terminal.Output.WriteLine(description.Length > 0 ? $"{word}\t{description}" : word);
        }

        return ExitCode.Success;
    }

    /// <summary>The proposals at a position of a line.</summary>
    public static IReadOnlyList<(string Word, string Description)> Find(Command root, string line, int position)
    {
        var before = line[..position];
        var words = before.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var current = before.EndsWith(' ') || words.Length == 0 ? "" : words[^1];
        string[] complete = [.. words.Skip(1).SkipLast(current.Length > 0 ? 1 : 0)];
        if (words.Length == 1 && current.Length > 0)
        {
            return [];   // the cursor is in the program's own name
        }

        var command = complete.Length > 0 ? root.Subcommands.FirstOrDefault(known => known.Name == complete[0]) : null;
        if (command is null)
        {
            return complete.Length > 0 ? [] : [.. Matching(root.Subcommands.Where(known => !known.Hidden).Select(known => (known.Name, known.Description ?? "")).Concat(OptionWords(root)), current)];
        }

        // After an option that takes a value: its words, or a path.
        if (complete.Length > 1 && command.Options.FirstOrDefault(option => option.Name == complete[^1] && option.Arity.MaximumNumberOfValues > 0) is { } waiting)
        {
            return [.. Matching(Words(waiting.CompletionSources), current)];
        }

        if (current.StartsWith('-'))
        {
            return [.. Matching(OptionWords(command).Append(("--help", "Print help")), current)];
        }

        return [.. Matching(command.Arguments.SelectMany(argument => Words(argument.CompletionSources)), current)];
    }

    private static IEnumerable<(string, string)> OptionWords(Command command) =>
        command.Options.Where(option => !option.Hidden).Select(option => (option.Name, option.Description ?? ""));

    private static IEnumerable<(string, string)> Words(IEnumerable<Func<CompletionContext, IEnumerable<CompletionItem>>> sources) =>
        sources.SelectMany(source => source(CompletionContext.Empty)).Select(item => (item.Label, item.Detail ?? ""));

    private static IEnumerable<(string Word, string Description)> Matching(IEnumerable<(string Word, string Description)> words, string start) =>
        words.Where(word => word.Word.StartsWith(start, StringComparison.Ordinal));
}
