using System.Globalization;
using System.Text;
using CharRnn.Rnn.Reports.HiddenUnits;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>What single hidden units do while the best network reads: which property each follows, over a passage, and all of them as a heat map.</summary>
internal static class HiddenUnitSection
{
    private const int MostStrips = 4, Columns = 120;
    private const double Loosely = 0.4;

    public static void Write(PageWriter page, HiddenUnitReport units, int number)
    {
        page.Begin("units", "Hidden units", number);
        page.Add($"<p>What single units of the best network do while it reads {Markup.Whole(units.CharactersRead)} characters of the text. For each property of a place in the text, the unit whose activation goes with it most; r is their correlation (1 or −1: always, 0: not at all).</p>\n");
        page.BeginTable("The unit that follows each property most closely", ["property", "unit", "r", "how closely"], "findings");
        foreach (var finding in units.Findings)
        {
            page.Row(Markup.Escape(finding.Property), Markup.Whole(finding.Unit), Markup.Fixed(finding.Correlation, 2),
                $"<span class=\"rail\"><span style=\"width:{Markup.Fixed(Math.Abs(finding.Correlation) * 100, 0)}%\"></span></span> {Closeness(finding.Correlation)}");
        }

        page.EndTable();
        foreach (var property in units.Missing)
        {
            page.Add($"<p class=\"muted\">No unit can follow “{Markup.Escape(property)}”: {(property == TextProperty.InsideQuotationMarks ? "there are no quotation marks in what was read" : "all of what was read is alike in that")}.</p>\n");
        }

        page.Add("<p class=\"key\"><span><i class=\"p7\">abc</i> h near 1</span><span><i class=\"n7\">abc</i> h near −1</span><span><i>abc</i> near 0</span></p>\n<ul class=\"units\">\n");
        foreach (var finding in Strips(units.Findings))
        {
            string unit = $"<strong>Unit {finding.Unit}</strong>", property = $"<em>{Markup.Escape(finding.Property)}</em>", r = $"(r = {Markup.Fixed(finding.Correlation, 2)})";
            page.Add($"<li>{(Math.Abs(finding.Correlation) < Loosely ? $"No unit follows {property}; <strong>unit {finding.Unit}</strong> comes nearest {r}" : $"{unit} follows {property} {r}")}");
            page.Add($"<p class=\"strip\" dir=\"auto\">{Strip(units.Passage, finding.Unit)}</p></li>\n");
        }

        page.Add("</ul>\n");
        WriteHeatMap(page, units, number);
        page.End();
    }

    /// <summary>The findings shown over the passage: quotation marks and line ends where there are any, and those that are followed best.</summary>
    private static IEnumerable<UnitFinding> Strips(IReadOnlyList<UnitFinding> findings) =>
        findings.OrderByDescending(finding => finding.Property is TextProperty.InsideQuotationMarks or TextProperty.LineEnd)
            .Take(MostStrips).OrderByDescending(finding => Math.Abs(finding.Correlation));

    private static string Closeness(double correlation) => Math.Abs(correlation) switch
    {
        >= 0.9 => "nearly always",
        >= 0.7 => "closely",
        >= Loosely => "loosely",
        _ => "hardly",
    };

    /// <summary>The passage with each character marked by a unit's activation; neighbours of one shade share an element. A line end goes on in the same line.</summary>
    private static string Strip(ActivationMap passage, int unit)
    {
        var text = new StringBuilder();
        string? previous = null;
        for (var t = 0; t < passage.Characters.Count; t++)
        {
            var shade = (int)Math.Round(Math.Clamp(passage[t, unit], -1, 1) * 7);
            var kind = shade == 0 ? "" : shade > 0 ? $"p{shade}" : $"n{-shade}";
            if (kind != previous)
            {
                text.Append(previous is null ? "" : "</i>").Append(kind.Length == 0 ? "<i>" : $"<i class={kind}>");
                previous = kind;
            }

            text.Append(passage.Characters[t] == "\n" ? "↵<wbr>" : Markup.Written(passage.Characters[t]));
        }

        return text.Append("</i>").ToString();
    }

    private static void WriteHeatMap(PageWriter page, HiddenUnitReport units, int number)
    {
        const int cell = 8, left = 34, top = 16, namedRow = 12;
        var passage = units.Passage.Slice(0, Math.Min(Columns, units.Passage.Characters.Count));
        var rows = units.Rows();
        int columns = passage.Characters.Count, width = left + columns * cell, rowHeight = rows.Count > 60 ? 4 : 8;
        var named = units.Findings.Select(finding => finding.Unit).Distinct().Count();
        // The named rows are tall enough for their numbers; the rest follow below a gap.
        int namedHeight = named * namedRow, rest = rows.Count - named, gap = named > 0 && rest > 0 ? 6 : 0, height = top + namedHeight + gap + rest * rowHeight;
        var id = $"map{number.ToString(CultureInfo.InvariantCulture)}";
        page.Add($"<figure><div class=\"scroll\" tabindex=\"0\"><svg class=\"map\" id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title\" viewBox=\"0 0 {width} {height}\">\n");
        page.Add($"<title id=\"{id}-title\">Heat map: the activations of {rows.Count} hidden units over {columns} characters of the text. The table and the passages above say which unit follows what.</title>\n<text y=\"11\">");
        for (var t = 0; t < columns; t++)
        {
            page.Add($"<tspan x=\"{left + t * cell + 1}\">{passage.Characters[t] switch { "\n" => "↵", " " => "·", "\t" => "⇥", var character => Column(character) }}</tspan>");
        }

        page.Add("</text>\n");
        for (var i = 0; i < named; i++)
        {
            page.Add($"<text class=\"unit\" x=\"{left - 5}\" y=\"{top + i * namedRow + 9}\" text-anchor=\"end\">{rows[i]}</text>");
        }

        Image([.. rows.Take(named)], top, namedHeight);
        Image([.. rows.Skip(named)], top + namedHeight + gap, rest * rowHeight);
        page.Add($"</svg></div>\n<figcaption>{(rows.Count < passage.HiddenSize ? $"The {rows.Count} liveliest of {passage.HiddenSize}" : $"All {rows.Count}")} units over the beginning of the passage, a column a character (· a space, ↵ a line end): full cells where h is near 1, <span class=\"key\"><i class=\"p7\">like this</i></span>, half cells where it is near −1, <span class=\"key\"><i class=\"n7\">like this</i></span>. The numbered rows are the units named above; the others stand beside the unit that behaves most like them.</figcaption></figure>\n");

        void Image(int[] shown, int y, int tall)
        {
            if (shown.Length > 0)
            {
                page.Add($"<image x=\"{left}\" y=\"{y}\" width=\"{columns * cell}\" height=\"{tall}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(passage.ToPng(shown))}\"/>\n");
            }
        }

        // A column has room for one character; what has no picture of its own is a dot.
        static string Column(string character) => Markup.Written(character) is var shown && shown.StartsWith("<small", StringComparison.Ordinal) ? "▪" : shown;
    }
}
