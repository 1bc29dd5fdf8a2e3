using System.Globalization;
using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Text that others wrote (a network, the metadata of a file, the name of one) as a terminal may show it: what would move the cursor, change
/// the terminal or turn the direction of writing is shown by its code, as JSON escapes it.
/// </summary>
internal static class ForeignText
{
    // Between letters these three only say how those are joined or broken.
    private const int SoftHyphen = 0xAD, NonJoiner = 0x200C, Joiner = 0x200D;

    /// <summary>Whether a character does no more than to be seen.</summary>
    public static bool IsHarmless(Rune rune) => rune.Value is SoftHyphen or NonJoiner or Joiner || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    /// <summary>A character, or its code where it is not harmless.</summary>
    public static string Show(Rune rune)
    {
        if (IsHarmless(rune))
        {
            return rune.ToString();
        }

        return rune.Value switch
        {
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            _ => string.Concat(rune.ToString().Select(unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"))),
        };
    }

    /// <summary>A text in one line, its line ends and tabs shown too.</summary>
    public static string Line(string text) => string.Concat(text.EnumerateRunes().Select(Show));
}
