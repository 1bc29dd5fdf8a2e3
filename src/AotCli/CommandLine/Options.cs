using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Options whose values are checked while they are parsed, with messages in one voice.</summary>
public static class Options
{
    /// <summary>Whether the command line has an option itself, and not only its default.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="option">The option.</param>
    public static bool IsGiven(this ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>An option's value where the command line has it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="otherwise">What stands where it is not given.</param>
    public static T GivenOr<T>(this ParseResult arguments, Option<T> option, T otherwise) => arguments.IsGiven(option) ? arguments.GetValue(option)! : otherwise;

    /// <summary>A whole number within bounds.</summary>
    /// <param name="name">For example <c>--steps</c>.</param>
    /// <param name="valueName">How help calls the value, for example <c>N</c>.</param>
    /// <param name="description">What it is for, without a full stop.</param>
    /// <param name="defaultValue">The value where the option is not given.</param>
    /// <param name="minimum">The least value accepted.</param>
    /// <param name="maximum">The greatest value accepted.</param>
    public static Option<T> WholeNumber<T>(string name, string valueName, string description, T defaultValue, T minimum, T maximum)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = valueName,
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => ParseWhole(result, name, minimum, maximum),
        };

    /// <summary>A whole number within bounds, null where the option is not given.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static Option<T?> OptionalWholeNumber<T>(string name, string valueName, string description, T minimum, T maximum)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> => new(name)
        {
            Description = description,
            HelpName = valueName,
            CustomParser = result => ParseWhole(result, name, minimum, maximum),
        };

    /// <summary>A finite number within bounds.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static Option<double> Number(string name, string valueName, string description, double defaultValue, double minimum, double maximum = double.MaxValue, bool minimumExcluded = false) => new(name)
    {
        Description = description,
        HelpName = valueName,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result => ParseNumber(result, name, minimum, maximum, minimumExcluded),
    };

    /// <summary>A finite number within bounds, null where the option is not given.</summary>
    /// <inheritdoc cref="WholeNumber"/>
    public static Option<double?> OptionalNumber(string name, string valueName, string description, double minimum, double maximum = double.MaxValue, bool minimumExcluded = false) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result => ParseNumber(result, name, minimum, maximum, minimumExcluded),
    };

    /// <summary>Any text, a path included; null where the option is not given.</summary>
    /// <param name="name">For example <c>--out</c>.</param>
    /// <param name="valueName">How help calls the value: <c>FILE</c> and <c>DIR</c> complete as paths in the shell.</param>
    /// <param name="description">What it is for, without a full stop.</param>
    public static Option<string?> Text(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
    };

    /// <summary>One of a few words.</summary>
    /// <param name="name">For example <c>--precision</c>.</param>
    /// <param name="description">What it is for, without a full stop.</param>
    /// <param name="defaultValue">The word where the option is not given.</param>
    /// <param name="words">The words accepted.</param>
    public static Option<string> OneOf(string name, string description, string defaultValue, params string[] words)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result =>
            {
                var value = result.Tokens[0].Value;
                if (!words.Contains(value, StringComparer.Ordinal))
                {
                    result.AddError($"{name} takes {string.Join(" or ", words)}, not '{value}'");
                }

                return value;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>True where it is given.</summary>
    /// <param name="name">For example <c>--quiet</c>.</param>
    /// <param name="description">What it does, without a full stop.</param>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary><c>--json</c>, the same everywhere.</summary>
    /// <param name="what">What the object holds, continuing "one JSON object".</param>
    public static Option<bool> Json(string what = "instead of text") => Switch("--json", $"Print one JSON object {what}");

    private static T ParseWhole<T>(ArgumentResult result, string name, T minimum, T maximum)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var text = result.Tokens[0].Value;
        // BigInteger tells "not a number" from "a number that does not fit".
        var isNumber = text.Length <= 40 & BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        if (!isNumber)
        {
            result.AddError($"{name} takes a whole number, not '{Shorten(text)}'");
        }
        else if (value < BigInteger.CreateChecked(minimum))
        {
            result.AddError($"{name} must be at least {minimum}, not {text}");
        }
        else if (value > BigInteger.CreateChecked(maximum))
        {
            result.AddError($"{name} must be at most {maximum}, not {text}");
        }
        else
        {
            return T.CreateChecked(value);
        }

        return default;
    }

    private static double ParseNumber(ArgumentResult result, string name, double minimum, double maximum, bool minimumExcluded)
    {
        var text = result.Tokens[0].Value;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || double.IsNaN(value))
        {
            result.AddError($"{name} takes a number, not '{Shorten(text)}'");
        }
        else if (value < minimum || (minimumExcluded && value == minimum))
        {
            result.AddError($"{name} must be {(minimumExcluded ? "greater than" : "at least")} {minimum}, not {text}");
        }
        else if (value > maximum)
        {
            result.AddError(maximum == double.MaxValue ? $"{name} must be finite, not {text}" : $"{name} must be at most {maximum}, not {text}");
        }

        return value;
    }

    private static string Shorten(string text) => text.Length > 40 ? text[..37] + "..." : text;
}
