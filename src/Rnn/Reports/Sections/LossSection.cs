using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>The loss of all runs over their updates: the curve, the same in numbers, and what lab reports published.</summary>
internal static class LossSection
{
    public static void Write(PageWriter page, LossChart chart, IReadOnlyList<ReportRun> runs)
    {
        page.Add("<section id=\"loss\" aria-labelledby=\"loss-title\">\n<h2 id=\"loss-title\">Loss</h2>\n");
        if (chart.IsEmpty)
        {
            page.Add("<p>Nothing has been recorded: the run has no metrics.</p>\n");
        }
        else
        {
            WriteChart(page, chart);
        }

        foreach (var run in runs.Where(run => run.Losses.Count == 0 && !chart.IsEmpty))
        {
            page.Add($"<p class=\"muted\"><bdi>{Markup.Escape(run.Name)}</bdi> has no metrics and is not drawn.</p>\n");
        }

        page.End();
    }

    private static void WriteChart(PageWriter page, LossChart chart)
    {
        var id = page.NewChart();
        page.Add($"<figure data-chart=\"{id}-data\">\n");
        foreach ((var size, var width, var height) in new[] { ("wide", 920, 440), ("narrow", 380, 360) })
        {
            foreach ((var logarithmicX, var logarithmicY) in new[] { (false, false), (true, false), (false, true), (true, true) })
            {
                var axes = $"{(logarithmicX ? "xlog" : "xlin")} {(logarithmicY ? "ylog" : "ylin")}";
                page.Add(chart.Draw(new ChartStyle
                {
                    Width = width,
                    Height = height,
                    LogarithmicX = logarithmicX,
                    LogarithmicY = logarithmicY,
                    CssClass = $"{size} {axes}",
                    Id = $"{id}-{size}-{axes.Replace(' ', '-')}",
                }));
            }
        }

        page.Add($"""
            <div class="tip" hidden></div>
            <div class="controls"><label><input type="checkbox" class="log-x"> logarithmic updates</label><label><input type="checkbox" class="log-y"> logarithmic loss</label><label class="read">read values <input type="range" min="0" max="1" value="0" aria-label="Update whose values are read"></label></div>
            <figcaption>{Caption(page, chart)}</figcaption>
            </figure>

            """);
        WriteData(page, chart, id);
        if (chart.References.Count > 0)
        {
            WritePublished(page, chart);
        }

        WriteNumbers(page, chart);
    }

    private static string Caption(PageWriter page, LossChart chart)
    {
        var chunk = page.Single ? $"the {chart.Runs[0].SequenceLength} characters of a chunk" : "a chunk’s characters";
        var caption = $"The smooth loss (0.999 of the one before and 0.001 of the update’s loss) in nats, summed over {chunk}. {(page.Single ? "Pale: from the least to the greatest loss of single updates nearby. " : "")}{(chart.Epochs.Count > 0 ? "Dotted: where an epoch starts. " : "")}The ring marks the best.";
        return chart.References.Count > 0
            ? caption + " Diamonds: what lab reports (R1 to R5) published for 100 hidden units and a novel of this size."
            : caption;
    }

    private static void WriteData(PageWriter page, LossChart chart, string id) => page.Data(id + "-data", writer =>
    {
        writer.WriteStartArray("series");
        foreach (var run in chart.Runs)
        {
            var points = LossChart.Thinned(run, Math.Clamp(1200 / chart.Runs.Count, 80, 800));
            writer.WriteStartObject();
            writer.WriteString("name", page.Single ? "smooth loss" : run.Name);
            PageWriter.Numbers(writer, "x", points.Select(point => (double)point.Step), 0);
            PageWriter.Numbers(writer, "y", points.Select(point => point.SmoothLoss), 3);
            PageWriter.Numbers(writer, "loss", points.Select(point => point.Loss), 2);
            PageWriter.Numbers(writer, "epoch", points.Select(point => (double)point.Epoch), 0);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>A row for each update for which a report gives its smooth loss, ours beside it.</summary>
    private static void WritePublished(PageWriter page, LossChart chart)
    {
        string[] reports = [.. chart.References.Select(mark => mark.Label).Distinct().Order(StringComparer.Ordinal)];
        page.BeginTable("Smooth loss beside what lab reports published; theirs read a novel, so that only the size compares",
            ["update", .. chart.Runs.Select(run => page.Single ? "this run" : $"<bdi>{Markup.Escape(run.Name)}</bdi>"), .. reports]);
        foreach (var published in chart.References.GroupBy(mark => (long)mark.X).OrderBy(group => group.Key))
        {
            page.Row(Markup.Whole(published.Key),
            [
                .. chart.Runs.Select(run => $"<strong>{At(run, published.Key)}</strong>"),
                .. reports.Select(report => published.FirstOrDefault(mark => mark.Label == report) is { } mark ? mark.Y.ToString("0.0#") : ""),
            ]);
        }

        page.EndTable();
    }

    private static void WriteNumbers(PageWriter page, LossChart chart)
    {
        page.Add("<details><summary>The curve in numbers</summary>\n");
        page.BeginTable("Smooth loss in nats a chunk",
            ["update", .. chart.Runs.Select(run => page.Single ? "smooth loss" : $"<bdi>{Markup.Escape(run.Name)}</bdi>"), .. page.Single ? ["bits a character", "epoch"] : Array.Empty<string>()]);
        var last = chart.Runs.Max(run => run.Steps);
        var round = new Axis(0, Math.Max(1, last), false).Ticks(10) is [_, var step, ..] ? Math.Max(1, step) : last;
        foreach (var wanted in Enumerable.Range(1, 40).Select(k => (long)(k * round)).Where(value => value < last).Prepend(chart.Runs.Min(run => run.Losses[0].Step)).Append(last).Distinct())
        {
            page.Row(Markup.Whole(wanted),
            [
                .. chart.Runs.Select(run => At(run, wanted)),
                .. page.Single && Record(chart.Runs[0], wanted) is { } only ? [Markup.Fixed(chart.Runs[0].BitsPerCharacter(only.SmoothLoss), 3), Markup.Whole(only.Epoch)] : Array.Empty<string>(),
            ]);
        }

        page.EndTable();
        page.Add("</details>\n");
    }

    private static string At(ReportRun run, long step) => Record(run, step) is { } point ? Markup.Fixed(point.SmoothLoss, 2) : "";

    /// <summary>The record at a step, or the nearest before it, or for the run's beginning the first; null past the run's end.</summary>
    private static LossPoint? Record(ReportRun run, long step)
    {
        if (step > run.Steps)
        {
            return null;
        }

        int low = 0, high = run.Losses.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (run.Losses[middle].Step <= step)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return run.Losses[low];
    }
}
