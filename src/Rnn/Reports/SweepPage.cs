using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Sweeps;

namespace CharRnn.Rnn.Reports;

/// <summary>The page of a sweep: the loss of each group of settings with the band of its seeds, over updates and over time, and a table.</summary>
public static class SweepPage
{
    private const int MostCurves = 6, Places = 200;

    /// <summary>Writes the page.</summary>
    /// <param name="sweep">The runs.</param>
    /// <param name="name">What the sweep is called.</param>
    /// <param name="version">The program's version line, for the foot of the page.</param>
    /// <returns>The text of an HTML file.</returns>
    public static string Write(Sweep sweep, string name, string version)
    {
        var page = new PageWriter { RunCount = 2 };
        HtmlReport.Begin(page, $"{name}, a sweep");
        var runs = sweep.Groups.Sum(group => group.Runs.Count);
        page.Add($"<header>\n<p class=\"kind\">CharRnn sweep</p>\n<h1><bdi>{Markup.Escape(name)}</bdi></h1>\n<p class=\"lede\">{Markup.Escape(Verdict(sweep))}</p>\n</header>\n<main>\n");
        page.Add("<section id=\"loss\" aria-labelledby=\"loss-title\">\n<h2 id=\"loss-title\">Loss</h2>\n");
        Chart(page, sweep, "updates", record => record.Step);
        Chart(page, sweep, "seconds of training", record => record.ElapsedSeconds);
        page.End();
        page.Add("<section id=\"table\" aria-labelledby=\"table-title\">\n<h2 id=\"table-title\">The settings, the best first</h2>\n");
        page.BeginTable($"{Markup.Whole(sweep.Groups.Count)} settings, {Markup.Whole(runs)} runs; bits a character of the last smooth loss, over seeds",
            ["settings", "runs", "complete", "median", "lowest", "highest", "median of seconds"], "wide");
        foreach (var group in sweep.Groups)
        {
            page.Row(Markup.Written(group.Name), Markup.Whole(group.Runs.Count), Markup.Whole(group.Complete), $"<strong>{Markup.Fixed(group.Median, 3)}</strong>", Markup.Fixed(group.Lowest, 3), Markup.Fixed(group.Highest, 3), Markup.Fixed(group.Seconds, 1));
        }

        page.EndTable();
        page.End();
        HtmlReport.End(page, version);
        return page.ToString();
    }

    /// <summary>The best settings, whether the difference is larger than the seeds' spread, and how many runs have not come to their end.</summary>
    public static string Verdict(Sweep sweep)
    {
        SweepRun[] runs = [.. sweep.Groups.SelectMany(group => group.Runs)];
        var left = runs.Count(run => !run.IsComplete);
        return Lead(sweep) + (left > 0 ? $" {left} of {runs.Length} runs are not complete yet." : "");
    }

    private static string Lead(Sweep sweep)
    {
        var best = sweep.Groups[0];
        if (!double.IsFinite(best.Median))
        {
            return "No run has recorded a loss yet.";
        }

        var text = FormattableString.Invariant($"Best: {best.Name}, with {best.Median:0.000} bits a character (median of {(best.Runs.Count == 1 ? "one seed" : $"{best.Runs.Count} seeds")}).");
        if (sweep.Groups.Count < 2 || !double.IsFinite(sweep.Groups[1].Median))
        {
            return text;
        }

        var second = sweep.Groups[1];
        text += FormattableString.Invariant($" Next: {second.Name}, with {second.Median:0.000}.");
        return sweep.IsBestBeyondSeeds switch
        {
            true => text + FormattableString.Invariant($" The difference, {second.Median - best.Median:0.000}, is larger than the seeds' spread, {Math.Max(best.Spread, second.Spread):0.000}."),
            false => text + FormattableString.Invariant($" The difference, {second.Median - best.Median:0.000}, is not larger than the seeds' spread, {Math.Max(best.Spread, second.Spread):0.000}: it may be chance."),
            null => text + " With one seed each nothing says whether that is chance: give --seed several.",
        };
    }

    private static void Chart(PageWriter page, Sweep sweep, string axis, Func<Runs.MetricsRecord, double> place)
    {
        ChartSeries[] series = [.. sweep.Groups.Where(group => double.IsFinite(group.Median)).Take(MostCurves).Select(group =>
        {
            var curve = group.Curve(place, Places);
            return new ChartSeries(group.Name, [.. curve.Select(point => new ChartPoint(point.At, point.Median))])
            {
                Band = group.Runs.Count > 1 ? [.. curve.Select(point => new ChartBand(point.At, point.Low, point.High))] : [],
            };
        }).Where(line => line.Points.Count > 0)];
        if (series.Length == 0)
        {
            page.Add("<p>Nothing has been recorded yet.</p>\n");
            return;
        }

        // The first fall would leave no room for what differs: the axis begins where the slowest has done a twentieth.
        double[] shown = [.. series.SelectMany(line => line.Points.Skip(line.Points.Count / 20).Select(point => point.Y).Concat(line.Band.Skip(line.Band.Count / 20).Select(band => band.Low)))];
        var chart = new LineChart
        {
            Title = $"The smooth loss over {axis}",
            Description = Verdict(sweep),
            XLabel = axis,
            YLabel = "bits a character",
            Series = series,
            YRange = shown.Max() > shown.Min() ? (shown.Min() - (0.03 * (shown.Max() - shown.Min())), shown.Max()) : null,
        };
        var left = sweep.Groups.Count - series.Length;
        page.Figure(
            chart,
            $"The smooth loss over {axis}: the median over seeds, and pale from the lowest to the highest seed.{(left > 0 ? $" The {series.Length} best settings; {left} more stand in the table." : "")}{(axis == "updates" ? "" : " Runs that ran at the same time shared the machine.")}",
            new ChartStyle { Height = 420 });
    }
}
