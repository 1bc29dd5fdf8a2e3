using System.Globalization;
using System.Text;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>
/// Any Unicode text for pdflatex as Debian's texlive-latex-base has it, in the oldest font encoding, the only one whose fonts are there as
/// outlines. The result is ASCII. Letters with a common accent are set with it; what has no letter there is written as its code point.
/// </summary>
internal static class LatexText
{
    /// <summary>So many characters without a place to break a line get one.</summary>
    private const int LongestWord = 12;

    private static readonly Dictionary<int, string> Characters = new()
    {
        ['\\'] = "\\textbackslash{}",
        ['{'] = "\\{",
        ['}'] = "\\}",
        ['$'] = "\\$",
        ['&'] = "\\&",
        ['#'] = "\\#",
        ['%'] = "\\%",
        ['_'] = "\\_",
        ['^'] = "\\textasciicircum{}",
        ['~'] = "\\textasciitilde{}",
        ['<'] = "\\textless{}",
        ['>'] = "\\textgreater{}",
        ['|'] = "\\textbar{}",
        // These join with their neighbours to other characters.
        ['-'] = "-{}",
        ['\''] = "'{}",
        ['`'] = "`{}",
        [','] = ",{}",
        ['!'] = "!{}",
        ['?'] = "?{}",
        ['\u2018'] = "`{}",
        ['\u2019'] = "'{}",
        ['\u201C'] = "\\charrnnroman{\\textquotedblleft}",
        ['\u201D'] = "\\charrnnroman{\\textquotedblright}",
        ['\u201E'] = "\\charrnnroman{,,}",
        ['\u2013'] = "\\charrnnroman{\\textendash}",
        ['\u2014'] = "\\charrnnroman{\\textemdash}",
        ['\u2212'] = "$-$",
        ['\u2026'] = "\\charrnnroman{\\dots}",
        ['\u00A0'] = "~",
        ['\u00AB'] = "$\\ll$",
        ['\u00BB'] = "$\\gg$",
        ['\u00D7'] = "$\\times$",
        ['\u00B1'] = "$\\pm$",
        ['\u00B0'] = "$^\\circ$",
        ['\u00B2'] = "$^2$",
        ['\u00B3'] = "$^3$",
        ['\u00B5'] = "$\\mu$",
        ['\u00A7'] = "\\S{}",
        ['\u00DF'] = "\\ss{}",
        ['\u00E6'] = "\\ae{}",
        ['\u00C6'] = "\\AE{}",
        ['\u00F8'] = "\\o{}",
        ['\u00D8'] = "\\O{}",
        ['\u0153'] = "\\oe{}",
        ['\u0152'] = "\\OE{}",
        ['\u0131'] = "\\i{}",
        ['\u0142'] = "\\l{}",
        ['\u0141'] = "\\L{}",
    };

    /// <summary>Accents by the command that sets each, with the letters of Latin-1 and Latin Extended-A that have it, each before its plain letter.</summary>
    private static readonly (char Command, string Letters)[] Accents =
    [
        ('`', "ÀAÈEÌIÒOÙUàaèeìiòoùu"),
        ('\'', "ÁAÉEÍIÓOÚUÝYáaéeíióoúuýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźz"),
        ('^', "ÂAÊEÎIÔOÛUâaêeîiôoûuĈCĉcĜGĝgĤHĥhĴJĵjŜSŝsŴWŵwŶYŷy"),
        ('~', "ÃAÑNÕOãañnõoĨIĩiŨUũu"),
        ('"', "ÄAËEÏIÖOÜUäaëeïiöoüuÿyŸY"),
        ('r', "ÅAåaŮUůu"),
        ('c', "ÇCçcĢGģgĶKķkĻLļlŅNņnŖRŗrŞSşsŢTţt"),
        ('=', "ĀAāaĒEēeĪIīiŌOōoŪUūu"),
        ('u', "ĂAăaĔEĕeĞGğgĬIĭiŎOŏoŬUŭu"),
        ('.', "ĊCċcĖEėeĠGġgİIŻZżz"),
        ('v', "ČCčcĎDďdĚEěeĽLľlŇNňnŘRřrŠSšsŤTťtŽZžz"),
        ('H', "ŐOőoŰUűu"),
    ];

    private static readonly Dictionary<int, string> AccentedLetters = Accents
        .SelectMany(accent => accent.Letters.Chunk(2).Select(pair => ((int)pair[0], $"\\{accent.Command}{{{Dotless(pair[1], accent.Command)}}}")))
        .ToDictionary();

    /// <summary>What the file must define before the first text.</summary>
    public const string Definitions = """
        \newcommand{\charrnncode}[1]{{\footnotesize\sffamily[#1]}}
        \newcommand{\charrnnroman}[1]{{\rmfamily #1}}
        """;

    /// <summary>A text in a paragraph; line ends become spaces.</summary>
    public static string Escape(string text) => Write(text.ReplaceLineEndings(" "));

    /// <summary>A text whose lines stay lines and whose spaces stay spaces.</summary>
    public static string Lines(string text) => string.Join("\\\\\n", text.Split('\n').Select(line => "\\mbox{}" + Write(line, keepSpaces: true)));

    private static string Write(string text, bool keepSpaces = false)
    {
        var tex = new StringBuilder(text.Length + 16);
        var unbroken = 0;
        for (var i = 0; i < text.Length;)
        {
            var known = Rune.TryGetRuneAt(text, i, out var rune);
            i += known ? rune.Utf16SequenceLength : 1;
            if (known && rune.Value == ' ')
            {
                tex.Append(keepSpaces ? "\\ " : " ");
                unbroken = 0;
                continue;
            }

            tex.Append(known ? Character(rune) : Code(0xFFFD));
            if (++unbroken % LongestWord == 0)
            {
                tex.Append("\\allowbreak{}");
            }
        }

        return tex.ToString();
    }

    private static string Character(Rune rune)
    {
        if (Characters.TryGetValue(rune.Value, out var tex))
        {
            return tex;
        }

        if (rune.Value is > ' ' and < 0x7F)
        {
            return rune.ToString();
        }

        if (rune.Value == '\t')
        {
            return "\\ \\ \\ \\ ";
        }

        return AccentedLetters.TryGetValue(rune.Value, out var accented) ? accented : Code(rune.Value);
    }

    /// <summary>An i or a j loses its dot under an accent.</summary>
    private static string Dotless(char letter, char command) => (letter, command) switch
    {
        ('i', not 'c') => "\\i",
        ('j', _) => "\\j",
        _ => letter.ToString(),
    };

    private static string Code(int value) => $"\\charrnncode{{U+{value.ToString("X4", CultureInfo.InvariantCulture)}}}\\allowbreak{{}}";
}
