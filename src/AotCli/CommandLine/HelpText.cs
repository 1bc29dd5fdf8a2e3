using System.CommandLine;
using System.Globalization;
using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>The help of a command, as text at most 80 columns wide so that it reads the same everywhere.</summary>
public static class HelpText
{
    private const int Width = 80;

    /// <summary>The help of <c>charrnn</c> itself.</summary>
    /// <param name="root">The root with all its commands.</param>
    public static string ForRoot(Command root)
    {
        var text = new StringBuilder();
        AppendWrapped(text, root.Description ?? "", 0);
        text.Append("\nUsage: charrnn COMMAND [options]\n\nCommands:\n");
        AppendRows(text, [.. root.Subcommands.Where(command => !command.Hidden).Select(command => (command.Name, command.Description ?? ""))]);
        text.Append("\nOptions:\n");
        AppendRows(text, [.. root.Options.Where(option => !option.Hidden).Select(option => (Label(option), Describe(option)))]);
        AppendExamples(text, root);
        text.Append("\nData goes to standard output, progress to standard error. Exit code 0: done;\n1: a check or the work failed; 2: the input was wrong. NO_COLOR is honoured.\n");
        text.Append("\n'charrnn COMMAND --help' tells more about a command.\n");
        return text.ToString();
    }

    /// <summary>The help of one command.</summary>
    /// <param name="command">A command of the table.</param>
    public static string ForCommand(Command command)
    {
        var text = new StringBuilder();
        AppendWrapped(text, command.Description ?? "", 0);
        text.Append("\nUsage: ").Append(Usage(command)).Append('\n');
        if (command.Arguments.Count > 0)
        {
            text.Append("\nArguments:\n");
            AppendRows(text, [.. command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))]);
        }

        Option[] options = [.. command.Options.Where(option => !option.Hidden)];
        text.Append("\nOptions:\n");
        AppendRows(text, [.. options.Select(option => (Label(option), Describe(option))), ("--help", "Print this help")]);
        foreach (var paragraph in (command as DocumentedCommand)?.Remarks ?? [])
        {
            text.Append('\n');
            AppendWrapped(text, paragraph, 0);
        }

        AppendExamples(text, command);
        return text.ToString();
    }

    /// <summary>The usage line: name, arguments in brackets where they are optional.</summary>
    public static string Usage(Command command)
    {
        var text = new StringBuilder("charrnn ").Append(command.Name);
        foreach (var argument in command.Arguments)
        {
            var dots = argument.Arity.MaximumNumberOfValues > 1 ? "..." : "";
            text.Append(argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}{dots}]" : $" {argument.Name}{dots}");
        }

        return text.Append(" [options]").ToString();
    }

    /// <summary>An option as it is typed, with the name of its value.</summary>
    public static string Label(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.Length == 2).Append(option.Name));
        return option.Arity.MaximumNumberOfValues == 0 ? names : $"{names} {option.HelpName ?? "VALUE"}";
    }

    /// <summary>An option's description with its default.</summary>
    public static string Describe(Option option)
    {
        var description = option.Description ?? "";
        if (!option.HasDefaultValue || option.Arity.MaximumNumberOfValues == 0)
        {
            return description;
        }

        var value = option.GetDefaultValue() is double number ? Number(number) : Convert.ToString(option.GetDefaultValue(), CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(value) ? description : $"{description} (default {value})";
    }

    /// <summary>A number as it would be typed: 1e-8, not 1E-08.</summary>
    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal).Replace("E", "e", StringComparison.Ordinal);

    private static void AppendExamples(StringBuilder text, Command command)
    {
        if (command is not DocumentedCommand { Examples.Count: > 0 } documented)
        {
            return;
        }

        text.Append("\nExamples:\n");
        foreach (var example in documented.Examples)
        {
            text.Append("  ").Append(example.CommandLine).Append('\n');
            AppendWrapped(text, example.Description, 6);
        }
    }

    private static void AppendRows(StringBuilder text, (string Label, string Description)[] rows)
    {
        var column = 4 + Math.Min(26, rows.Max(row => row.Label.Length));
        foreach ((var label, var description) in rows)
        {
            text.Append("  ").Append(label);
            if (label.Length + 4 > column)
            {
                text.Append('\n').Append(' ', column);
            }
            else
            {
                text.Append(' ', column - label.Length - 2);
            }

            AppendWrapped(text, description, column, indentFirst: false);
        }
    }

    /// <summary>Adds a paragraph, broken between words.</summary>
    internal static void AppendWrapped(StringBuilder text, string paragraph, int indent, bool indentFirst = true)
    {
        var used = indent;
        if (indentFirst)
        {
            text.Append(' ', indent);
        }

        var first = true;
        foreach (var word in paragraph.Split(' '))
        {
            if (!first && used + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                used = indent;
            }
            else if (!first)
            {
                text.Append(' ');
                used++;
            }

            text.Append(word);
            used += word.Length;
            first = false;
        }

        text.Append('\n');
    }
}
