using System.Globalization;
using System.Net;
using System.Text;

namespace CharRnn.Rnn.Reports.Html;

/// <summary>Numbers and texts as the page writes them. Everything that comes from a run passes through here before it is markup.</summary>
internal static class Markup
{
    /// <summary>The names of U+0000 to U+001F (ISO/IEC 6429).</summary>
    private static readonly string[] ControlNames =
        "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".Split(' ');

    /// <summary>A text escaped for HTML and for XML 1.0, in which most control characters may not stand at all: those become U+FFFD.</summary>
    public static string Escape(string text)
    {
        StringBuilder? clean = null;
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (!pair && !IsXmlCharacter(text[i]))
            {
                (clean ??= new StringBuilder(text))[i] = '\uFFFD';
            }

            i += pair ? 1 : 0;
        }

        return WebUtility.HtmlEncode(clean?.ToString() ?? text);
    }

    /// <summary>
    /// What a network wrote, for HTML: control characters by their names, and the invisible ones that would turn the text around them,
    /// or hide, by their code point. Line ends and tabs stay.
    /// </summary>
    public static string Written(string text)
    {
        var shown = new StringBuilder(text.Length + 16);
        var plain = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var picture = Picture(text, ref i, out var length);
            if (picture is null)
            {
                continue;
            }

            shown.Append(Escape(text[plain..(i + 1 - length)])).Append(picture);
            plain = i + 1;
        }

        return shown.Append(Escape(text[plain..])).ToString();
    }

    /// <summary>A number with so many decimals; an empty text where it is not finite.</summary>
    public static string Fixed(double value, int decimals) =>
        double.IsFinite(value) ? value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).Replace('-', '−') : "";

    /// <summary>A number with at most so many decimals, no more than it needs.</summary>
    public static string Short(double value, int decimals) => value.ToString("#,0." + new string('#', decimals), CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A whole number with commas.</summary>
    public static string Whole(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A small number as 1.2 × 10⁻⁷, in HTML.</summary>
    public static string Scientific(double value)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value == 0 ? "0" : "not finite";
        }

        var parts = value.ToString("0.0E+0", CultureInfo.InvariantCulture).Split('E');
        if (parts[0] == "1.0" && parts[1] != "+0")
        {
            return $"10<sup>{parts[1].TrimStart('+').Replace('-', '−')}</sup>";
        }

        return parts[1] == "+0" ? parts[0].Replace('-', '−') : $"{parts[0].Replace('-', '−')} × 10<sup>{parts[1].TrimStart('+').Replace('-', '−')}</sup>";
    }

    /// <summary>A time in the unit that fits it.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 60 => $"{Fixed(seconds, 1)} s",
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60} s",
        _ => $"{(int)(seconds / 3600)} h {(int)(seconds / 60) % 60} min",
    };

    /// <summary>How often something was done, in words where they are short.</summary>
    public static string Times(double times) => Math.Round(times, times < 10 ? 1 : 0) switch
    {
        1 => "once",
        2 => "twice",
        3 => "three times",
        4 => "four times",
        5 => "five times",
        var other => $"{Short(other, 1)} times",
    };

    /// <summary>A processor's name in a sentence.</summary>
    public static string OnA(string processor) => $"on {("AEIOUX".Contains(char.ToUpperInvariant(processor[0])) ? "an" : "a")} {Escape(processor)}";

    /// <summary>A word as a shell reads it back, quoted only where that is needed.</summary>
    public static string ShellWord(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./=+:,@%".Contains(character)) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static bool IsXmlCharacter(char character) =>
        character is '\t' or '\n' or '\r' or (>= ' ' and < '\uD800') or (>= '\uE000' and <= '\uFFFD');

    /// <summary>What stands for a character that shows nothing of itself, or null where it does. Moves to a pair's second half.</summary>
    private static string? Picture(string text, ref int index, out int length)
    {
        var character = text[index];
        length = 1;
        if (character is '\n' or '\t')
        {
            return null;
        }

        if (character < ' ' || character == '\x7F')
        {
            return Code(character < ' ' ? ControlNames[character] : "DEL");
        }

        if (!Rune.TryGetRuneAt(text, index, out var rune))
        {
            return "\uFFFD";
        }

        length = rune.Utf16SequenceLength;
        index += length - 1;

        // Joiners and variation selectors belong to the letters around them; a soft hyphen is a place to break a line.
        var hidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned;
        return hidden && rune.Value is not (0x200C or 0x200D or 0xAD) ? Code($"U+{rune.Value:X4}") : null;
    }

    private static string Code(string name) => $"<small class=\"code\">{name}</small>";
}
