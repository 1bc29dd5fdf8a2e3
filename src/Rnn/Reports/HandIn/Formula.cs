using System.Text;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>Formulas for HTML. They are written once, in a small part of TeX: letters, indices, powers, roots and the names below.</summary>
internal static class Formula
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["tanh"] = "tanh",
        ["log"] = "log",
        ["max"] = "max",
        ["sum"] = "∑",
        ["eta"] = "<i>η</i>",
        ["theta"] = "<i>θ</i>",
        ["beta"] = "<i>β</i>",
        ["varepsilon"] = "<i>ε</i>",
        ["leftarrow"] = "←",
        ["times"] = "×",
        ["odot"] = "⊙",
        ["sigma"] = "<i>σ</i>",
        ["pm"] = "±",
        ["|"] = "‖",
        [","] = " ",
        ["quad"] = "&emsp;",
    };

    /// <summary>A formula as HTML.</summary>
    /// <param name="formula">In the part of TeX described above.</param>
    /// <exception cref="FormatException">The formula uses something else.</exception>
    public static string ToHtml(string formula)
    {
        var at = 0;
        return $"<span class=\"formula\">{Run(formula, ref at, formula.Length)}</span>";
    }

    private static string Run(string formula, ref int at, int end)
    {
        var html = new StringBuilder();
        while (at < end)
        {
            html.Append(Next(formula, ref at, end));
        }

        return html.ToString();
    }

    private static string Next(string formula, ref int at, int end)
    {
        var character = formula[at++];
        switch (character)
        {
            case '_':
                return $"<sub>{Next(formula, ref at, end)}</sub>";
            case '^':
                return $"<sup>{Next(formula, ref at, end)}</sup>";
            case '{':
                return Group(formula, ref at);
            case '\\':
                return Named(formula, ref at, end);
            case '-':
                return "−";
            default:
                return char.IsAsciiLetter(character) ? $"<i>{character}</i>" : Markup.Escape(character.ToString());
        }
    }

    /// <summary>What stands between braces; the first has been read.</summary>
    private static string Group(string formula, ref int at)
    {
        var close = at;
        for (var depth = 1; depth > 0; close++)
        {
            depth += close == formula.Length ? throw new FormatException($"a brace is open in {formula}") : formula[close] == '{' ? 1 : formula[close] == '}' ? -1 : 0;
        }

        var html = Run(formula, ref at, close - 1);
        at = close;
        return html;
    }

    private static string Named(string formula, ref int at, int end)
    {
        var start = at;
        while (at < end && char.IsAsciiLetter(formula[at]))
        {
            at++;
        }

        at += at == start ? 1 : 0;
        var name = formula[start..at];
        // The name ends at a space, which TeX does not print.
        if (name is "mathrm" or "sqrt")
        {
            at++;
            var inside = start + name.Length + 1;
            var html = Group(formula, ref at);
            return name == "sqrt" ? $"√<span class=\"root\">{html}</span>" : formula[inside..(at - 1)];
        }

        return Names.TryGetValue(name, out var known) ? known : throw new FormatException($"\\{name} is not a name that formulas use");
    }
}
