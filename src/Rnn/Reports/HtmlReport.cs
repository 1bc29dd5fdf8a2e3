using System.Text;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Sections;

namespace CharRnn.Rnn.Reports;

/// <summary>The report: one HTML file that needs nothing else, neither network nor script, to be read.</summary>
public static class HtmlReport
{
    /// <summary>How the title of every report ends, near the beginning of the page: by this a page is known as one.</summary>
    public const string TitleEnding = "CharRnn report</title>";

    /// <summary>Writes the report.</summary>
    /// <param name="runs">At least one; several are laid over each other and compared.</param>
    /// <param name="version">The program's version line, for the foot of the page.</param>
    /// <param name="folder">The folder that the page will lie in, for links to files of the runs; null leaves those out.</param>
    /// <returns>The text of an HTML file.</returns>
    public static string Write(IReadOnlyList<ReportRun> runs, string version, string? folder = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count, nameof(runs));
        var page = new PageWriter { RunCount = runs.Count, Folder = folder is null ? "" : Path.GetFullPath(folder) };
        var title = page.Single ? $"{runs[0].Name}" : $"{runs.Count} runs compared";
        Begin(page, title);
        HeaderSection.Write(page, runs);
        page.Add("<main>\n");
        LossSection.Write(page, new LossChart(runs), runs);
        if (!page.Single)
        {
            ComparisonSection.Write(page, runs);
        }

        for (var i = 0; i < runs.Count; i++)
        {
            WriteRun(page, runs[i], i + 1);
        }

        End(page, version);
        return page.ToString();
    }

    /// <summary>The page's beginning, up to its header.</summary>
    internal static void Begin(PageWriter page, string title) =>
        page.Add($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
            <title>{Markup.Escape(title)} · {TitleEnding}
            <link rel="icon" href="data:,">
            <style>
            {Asset("report.css")}{LineChart.PageStyle}</style>
            </head>
            <body>
            <a class="skip" href="#loss">To the loss curve</a>

            """);

    /// <summary>The page's end, from that of its main part on.</summary>
    internal static void End(PageWriter page, string version)
    {
        page.Add($"</main>\n<footer><p>Written by {Markup.Escape(version)}. The page holds all that it shows and loads nothing.</p></footer>\n");
        page.Add("<script>\n").Add(Asset("report.js")).Add("</script>\n</body>\n</html>\n");
    }

    private static void WriteRun(PageWriter page, ReportRun run, int number)
    {
        if (!page.Single)
        {
            page.Add($"<section id=\"run{number}\" aria-labelledby=\"run{number}-title\">\n<h2 id=\"run{number}-title\"><bdi>{Markup.Escape(run.Name)}</bdi></h2>\n");
        }

        if (run.Samples.Count > 0)
        {
            TextSection.WriteEvolution(page, run, number);
        }

        if (run.BestPassage is { Length: > 0 } passage)
        {
            TextSection.WriteBest(page, run, passage, number);
        }

        if (run.Words is { } words)
        {
            WordSection.Write(page, run, words, number);
        }

        if (run.HiddenUnits is { } units)
        {
            HiddenUnitSection.Write(page, units, number);
        }

        if (run.Explanation is { } explanation)
        {
            ExplainSection.Write(page, explanation, number);
        }

        GradientSection.Write(page, run, number);
        SpeedSection.Write(page, run, number);
        if (run.Bonus is { } bonus)
        {
            BonusSection.Write(page, run, bonus, number);
        }

        SettingsSection.Write(page, run, number);
        if (!page.Single)
        {
            page.Add("</section>\n");
        }
    }

    private static string Asset(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("CharRnn.Rnn.Reports.Assets." + name)
            ?? throw new InvalidOperationException($"the program was built without its {name}");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
