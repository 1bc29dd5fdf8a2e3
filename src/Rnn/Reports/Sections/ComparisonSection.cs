using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>Several runs side by side: what came out, and in which settings they differ.</summary>
internal static class ComparisonSection
{
    public static void Write(PageWriter page, IReadOnlyList<ReportRun> runs)
    {
        page.Add("<section id=\"comparison\" aria-labelledby=\"comparison-title\">\n<h2 id=\"comparison-title\">The runs side by side</h2>\n");
        page.BeginTable("What came out, and the settings that differ", ["", .. runs.Select((run, i) => $"<a href=\"#run{i + 1}\"><bdi>{Markup.Escape(run.Name)}</bdi></a>")], "wide compared");
        Row("lowest smooth loss", run => run.Losses.Count > 0 ? run.Fixed(run.BestSmoothLoss) : "");
        Row("bits a character at the lowest", run => run.Losses.Count > 0 ? Markup.Fixed(run.BitsPerCharacter(run.BestSmoothLoss), 3) : "");
        Row("at update", run => Markup.Whole(run.BestStep));
        if (runs.Any(run => run.BestValidation is not null))
        {
            Row("bits a character of held-out text, at the lowest", run => run.BestValidation is var (_, loss) ? Markup.Fixed(loss / Math.Log(2), 3) : "");
        }

        Row("last smooth loss", run => run.Losses.Count > 0 ? run.Fixed(run.Losses[^1].SmoothLoss) : "");
        Row("updates", run => Markup.Whole(run.Steps));
        Row("time", run => run.Seconds > 0 ? Markup.Duration(run.Seconds) : "");
        Row("real words in the last sample, of those of three letters and more", run => run.Words is { Shares: [.., { Words: > 0 } share] } ? $"{share.Percent} ({share.Counts})" : "");
        var same = new List<string>();
        foreach (var name in runs.SelectMany(run => run.Settings.Concat(run.Machine)).Select(fact => fact.Name).Distinct())
        {
            if (runs.Select(run => Setting(run, name)).Distinct().Count() > 1)
            {
                Row(name, run => Short(Setting(run, name)));
            }
            else
            {
                same.Add($"{Markup.Escape(name)} {Markup.Written(Short(Setting(runs[0], name)))}");
            }
        }

        page.EndTable();
        if (same.Count > 0)
        {
            page.Add($"<p class=\"muted\">The same in all: {string.Join("; ", same)}.</p>\n");
        }

        page.End();

        void Row(string name, Func<ReportRun, string> value) => page.Row(Markup.Escape(name), runs.Select(run => Markup.Written(value(run))));
    }

    private static string Setting(ReportRun run, string name) => run.Settings.Concat(run.Machine).FirstOrDefault(fact => fact.Name == name)?.Value ?? "";

    /// <summary>The end of a path and the beginning of a hash tell them apart; the runs' own tables have them whole.</summary>
    private static string Short(string value) =>
        value.Contains('/') ? "…/" + value[(value.LastIndexOf('/') + 1)..] : value.Length == 64 && value.All(char.IsAsciiHexDigit) ? value[..10] + "…" : value;
}
