using System.CommandLine;
using System.CommandLine.Parsing;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Says in one line what is wrong with a command line and what to do about it.</summary>
internal static class Mistakes
{
    /// <summary>The first mistake that a person would name, or null where there is none.</summary>
    /// <param name="result">What the parser made of the line.</param>
    /// <param name="arguments">The line itself.</param>
    public static string? Describe(ParseResult result, string[] arguments)
    {
        if (result.Action is HelpPrinter)
        {
            return null;
        }

        var command = result.CommandResult.Command;
        var isRoot = !command.Parents.Any();
        // The parser takes "--lenght" for the value of a free argument.
        foreach (var child in result.CommandResult.Children)
        {
            if (child is not ArgumentResult { Tokens: var tokens })
            {
                continue;
            }

            foreach (var token in tokens)
            {
                if (LooksLikeOption(token.Value, arguments))
                {
                    return UnknownOption(token.Value, command);
                }
            }
        }

        if (EmptyName(result) is { } empty)
        {
            return $"{empty} is empty: give the name of a file or a folder";
        }

        if (result.UnmatchedTokens is [var unmatched, ..])
        {
            if (LooksLikeOption(unmatched, arguments))
            {
                return UnknownOption(unmatched, command);
            }

            if (isRoot)
            {
                return $"there is no command '{unmatched}'{DidYouMean(unmatched, command.Subcommands.Where(known => !known.Hidden).Select(known => known.Name))}; 'charrnn --help' lists the commands";
            }

            return $"'{unmatched}' is one argument too many for {command.Name}: the usage is {HelpText.Usage(command)} (quote a text with spaces)";
        }

        foreach (var error in result.Errors)
        {
            switch (error.SymbolResult)
            {
                case OptionResult { Tokens.Count: 0, Option: { } option } when option.Arity.MinimumNumberOfValues > 0:
                    return $"{option.Name} needs a value: {HelpText.Label(option)}";
                case ArgumentResult { Tokens.Count: 0, Argument: { } argument } when argument.Arity.MinimumNumberOfValues > 0:
                    return $"{command.Name} needs {argument.Name}: the usage is {HelpText.Usage(command)}";
                case CommandResult when command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 }) is { } missing:
                    return $"{command.Name} needs {missing.Name}: the usage is {HelpText.Usage(command)}";
                case OptionResult { Option: { } repeated, Tokens.Count: > 1 } when repeated.Arity.MaximumNumberOfValues == 1:
                    return $"{repeated.Name} is given more than once: give it one value";
                default:
                    return error.Message;
            }
        }

        return null;
    }

    /// <summary>A file or folder that is given an empty name, as a script's unset variable does.</summary>
    private static string? EmptyName(ParseResult result) => result.CommandResult.Children.Select(child => child switch
    {
        ArgumentResult { Argument.Name: not "SHELL" and var name } when IsEmpty(child) => name,
        OptionResult { Option: { HelpName: { } value, Name: var name } } when IsEmpty(child) && (value.Contains("FILE", StringComparison.Ordinal) || value.Contains("DIR", StringComparison.Ordinal)) => name,
        _ => null,
    }).FirstOrDefault(name => name is not null);

    private static bool IsEmpty(SymbolResult given) => given.Tokens.Any(token => token.Value.Length == 0);

    private static bool LooksLikeOption(string token, string[] arguments)
    {
        if (token.Length < 2 || token[0] != '-' || char.IsAsciiDigit(token[1]))
        {
            return false;
        }

        var separator = Array.IndexOf(arguments, "--");
        return separator < 0 || Array.IndexOf(arguments, token) < separator;
    }

    private static string UnknownOption(string token, Command command)
    {
        var name = token.Split('=')[0];
        var known = command.Options.Where(option => !option.Hidden).Select(option => option.Name).Append("--help");
        var help = command.Parents.Any() ? $"charrnn {command.Name} --help" : "charrnn --help";
        return $"{(command.Parents.Any() ? command.Name : "charrnn")} has no option {name}{DidYouMean(name, known)}; '{help}' lists them";
    }

    private static string DidYouMean(string word, IEnumerable<string> names) =>
        Suggestion.Nearest(word, names) is { } nearest ? $", did you mean {nearest}?" : "";
}
