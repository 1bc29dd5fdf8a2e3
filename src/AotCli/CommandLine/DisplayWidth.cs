using System.Globalization;
using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>How many columns of a terminal a text takes, and texts made to fit.</summary>
internal static class DisplayWidth
{
    /// <summary>The columns of a text; colours (CSI ... m) take none.</summary>
    public static int Of(string text)
    {
        var columns = 0;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\e')
            {
                var end = text.IndexOf('m', i);
                i = end < 0 ? text.Length : end + 1;
                continue;
            }

            _ = Rune.TryGetRuneAt(text, i, out var rune) || Rune.TryCreate('\uFFFD', out rune);
            columns += Of(rune);
            i += rune == Rune.ReplacementChar ? 1 : rune.Utf16SequenceLength;
        }

        return columns;
    }

    /// <summary>The columns of a character: none for marks and for what is not shown, two for the wide ones of East Asia and for emoji.</summary>
    public static int Of(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control => 0,
        _ => IsWide(rune.Value) ? 2 : 1,
    };

    /// <summary>A text in one line of its own: line ends, tabs and other control characters become spaces, marks without a letter go.</summary>
    public static string Flatten(string text)
    {
        var flat = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
            {
                flat.Append(' ');
            }
            // What changes the direction of writing would turn the rest of the terminal's line.
            else if (ForeignText.IsHarmless(rune))
            {
                flat.Append(rune.ToString());
            }
        }

        return flat.ToString();
    }

    /// <summary>As much of a flat text as fits.</summary>
    public static string Cut(string text, int columns) => Wrap(text, columns, 1) is [var line] ? line : "";

    /// <summary>A flat text in lines that break at a space in their second half, or else anywhere, for a network's words may be long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="columns">The columns of a line.</param>
    /// <param name="lines">How many lines at most.</param>
    public static List<string> Wrap(string text, int columns, int lines)
    {
        var wrapped = new List<string>();
        var line = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var width = Of(rune);
            if (width > columns)
            {
                continue;
            }

            if (used + width > columns)
            {
                var full = line.ToString();
                var space = full.LastIndexOf(' ');
                var atSpace = rune.Value != ' ' && space > full.Length / 2 && Of(full[(space + 1)..]) + width <= columns;
                var tail = atSpace ? full[(space + 1)..] : "";
                wrapped.Add(atSpace ? full[..space] : full);
                if (wrapped.Count == lines)
                {
                    return wrapped;
                }

                line.Clear().Append(tail);
                used = Of(tail);
                if (rune.Value == ' ')
                {
                    continue;
                }
            }

            line.Append(rune.ToString());
            used += width;
        }

        if (line.Length > 0)
        {
            wrapped.Add(line.ToString());
        }

        return wrapped;
    }

    /// <summary>The blocks of EastAsianWidth.txt (Unicode 15) that are wide, and those of emoji.</summary>
    private static bool IsWide(int character) => character is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF01 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x1FA70 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
