using System.Globalization;
using System.Text;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>A text with formulas in it. Formulas stand between dollars, in the part of TeX that <see cref="Formula"/> reads.</summary>
/// <param name="Parts">Texts and formulas in their order.</param>
internal sealed record Sentence(IReadOnlyList<(string Content, bool IsFormula)> Parts)
{
    /// <summary>A sentence from a template: its dollars mark formulas, its holes are filled with plain text, those within formulas with numbers.</summary>
    /// <param name="template">An interpolated string.</param>
    public static Sentence Of(FormattableString template)
    {
        var parts = new List<(string, bool)>();
        var alternating = template.Format.Split('$');
        for (var i = 0; i < alternating.Length; i++)
        {
            if (alternating[i].Length > 0)
            {
                parts.Add((string.Format(CultureInfo.InvariantCulture, alternating[i], template.GetArguments()), i % 2 == 1));
            }
        }

        return new Sentence(parts);
    }

    /// <summary>A plain text.</summary>
    public static Sentence Text(string text) => new([(text, false)]);

    /// <summary>A single formula.</summary>
    public static Sentence Math(string formula) => new([(formula, true)]);

    /// <summary>A small number as 1.2 times a power of ten.</summary>
    public static Sentence Scientific(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return Text(value == 0 ? "0" : "not finite");
        }

        var parts = value.ToString("0.0E+0", CultureInfo.InvariantCulture).Split('E');
        return Math($"{parts[0]} \\times 10^{{{parts[1].TrimStart('+')}}}");
    }

    /// <summary>The sentence with each part written in its own way.</summary>
    /// <param name="text">Writes a text.</param>
    /// <param name="formula">Writes a formula.</param>
    public string Write(Func<string, string> text, Func<string, string> formula)
    {
        var result = new StringBuilder();
        foreach ((var content, var isFormula) in Parts)
        {
            result.Append(isFormula ? formula(content) : text(content));
        }

        return result.ToString();
    }
}
