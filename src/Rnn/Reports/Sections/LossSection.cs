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
            <div class="controls"><label><input type="checkbox" class="log-x"> logarithmic updates</label><label><input type="checkbox" class="log-y"> logarithmic loss</label>{(chart.Published.Marks.Count > 0 ? $"<label><input type=\"checkbox\" class=\"show-published\" checked> marks of {chart.Published.Source}</label>" : "")}<label class="read">read values <input type="range" min="0" max="1" value="0" aria-label="Update whose values are read"></label></div>
            <figcaption>{Caption(page, chart)}</figcaption>
            </figure>

            """);
        WriteData(page, chart, id);
        if (chart.Published.Marks.Count > 0)
        {
            WritePublished(page, chart);
        }

        WriteNumbers(page, chart);
    }

    private static string Caption(PageWriter page, LossChart chart)
    {
        var over = chart.Runs.All(run => run.HasMeanLoss) ? "the mean of a chunk’s characters"
            : chart.Runs.Any(run => run.HasMeanLoss) ? "summed over a chunk’s characters or their mean, as each run has it"
            : $"summed over {(page.Single ? $"the {chart.Runs[0].SequenceLength} characters of a chunk" : "a chunk’s characters")}";
        var caption = $"The smooth loss (0.999 of the one before and 0.001 of the update’s loss) in nats, {over}. {(page.Single ? "Pale: from the least to the greatest loss of single updates nearby. " : "")}{(chart.Epochs.Count > 0 ? "Dotted: where an epoch starts. " : "")}The ring marks the lowest.{(chart.Runs.Any(run => run.BestValidation is not null) ? $" Held-out text: the loss on text that was not trained on, {(chart.Runs.All(run => run.HasMeanLoss) ? "the mean of its characters" : "as many characters of it")}; its lowest chose the best weights." : "")}";
        return chart.Published.Marks.Count > 0 ? $"{caption} <span class=\"published\">Diamonds: {chart.Published.Sentence}</span>" : caption;
    }

    private static void WriteData(PageWriter page, LossChart chart, string id) => page.Data(id + "-data", writer =>
    {
        var finer = chart.Runs.Any(run => run.HasMeanLoss) ? 1 : 0;
        writer.WriteNumber("decimals", 2 + finer);
        writer.WriteStartArray("series");
        foreach (var run in chart.Runs)
        {
            var points = LossChart.Thinned(run, Math.Clamp(1200 / chart.Runs.Count, 80, 800));
            writer.WriteStartObject();
            writer.WriteString("name", page.Single ? "smooth loss" : run.Name);
            PageWriter.Numbers(writer, "x", points.Select(point => (double)point.Step), 0);
            PageWriter.Numbers(writer, "y", points.Select(point => point.SmoothLoss), 3 + finer);
            PageWriter.Numbers(writer, "loss", points.Select(point => point.Loss), 2 + finer);
            PageWriter.Numbers(writer, "epoch", points.Select(point => (double)point.Epoch), 0);
            writer.WriteEndObject();
        }

        foreach (var run in chart.Runs.Where(run => LossChart.HeldOut(run).Any()))
        {
            writer.WriteStartObject();
            writer.WriteString("name", chart.NameOfHeldOut(run));
            PageWriter.Numbers(writer, "x", LossChart.HeldOut(run).Select(point => point.X), 0);
            PageWriter.Numbers(writer, "y", LossChart.HeldOut(run).Select(point => point.Y), 3 + finer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>A row for each update for which a report gives its smooth loss, ours beside it.</summary>
    private static void WritePublished(PageWriter page, LossChart chart)
    {
        string[] reports = [.. chart.Published.Marks.Select(mark => mark.Label).Distinct().Order(StringComparer.Ordinal)];
        page.BeginTable($"Smooth loss beside that of {chart.Published.Source}: theirs read another text, so that only the size compares. Where this run logged no such update, its last before it stands here with its number",
            ["update", .. chart.Runs.Select(run => page.Single ? "this run" : $"<bdi>{Markup.Escape(run.Name)}</bdi>"), .. reports]);
        foreach (var published in chart.Published.Marks.GroupBy(mark => (long)mark.X).OrderBy(group => group.Key))
        {
            page.Row(Markup.Whole(published.Key),
            [
                .. chart.Runs.Select(run => $"<strong>{Near(run, published.Key)}</strong>"),
                .. reports.Select(report => published.FirstOrDefault(mark => mark.Label == report) is { } mark ? mark.Y.ToString(chart.Runs[0].HasMeanLoss ? "0.00#" : "0.0#") : ""),
            ]);
        }

        page.EndTable();
    }

    private static void WriteNumbers(PageWriter page, LossChart chart)
    {
        page.Add("<details><summary>The curve in numbers</summary>\n");
        page.BeginTable($"Smooth loss in nats{(chart.Runs.Any(run => run.HasMeanLoss) ? "" : " a chunk")}, at updates that were logged",
            ["update", .. chart.Runs.Select(run => page.Single ? "smooth loss" : $"<bdi>{Markup.Escape(run.Name)}</bdi>"), .. page.Single ? ["bits a character", "epoch"] : Array.Empty<string>()]);
        var last = chart.Runs.Max(run => run.Steps);
        var round = new Axis(0, Math.Max(1, last), false).Ticks(10) is [_, var second, ..] ? Math.Max(1, second) : last;
        var wanted = Enumerable.Range(1, 40).Select(k => (long)(k * round)).Where(value => value < last).Prepend(1).Append(last);
        foreach (var step in Logged(chart.Runs, wanted))
        {
            page.Row(Markup.Whole(step),
            [
                .. chart.Runs.Select(run => Record(run, step) is { } point && point.Step == step ? run.Fixed(point.SmoothLoss) : ""),
                .. page.Single && Record(chart.Runs[0], step) is { } only ? [Markup.Fixed(chart.Runs[0].BitsPerCharacter(only.SmoothLoss), 3), Markup.Whole(only.Epoch)] : Array.Empty<string>(),
            ]);
        }

        page.EndTable();
        page.Add("</details>\n");
    }

    /// <summary>For each update that is wanted the nearest before it that was logged: by every run, or where they log different updates by one of them. Ascending, each once.</summary>
    private static SortedSet<long> Logged(IReadOnlyList<ReportRun> runs, IEnumerable<long> wanted)
    {
        var logged = new SortedSet<long>();
        foreach (var step in wanted)
        {
            long[] before = [.. runs.Select(run => Record(run, step)).OfType<LossPoint>().Select(point => point.Step)];
            if (before.Length > 0)
            {
                logged.Add(before.Where(candidate => runs.All(run => Record(run, candidate) is not { } point || point.Step == candidate)).DefaultIfEmpty(before[0]).Max());
            }
        }

        return logged;
    }

    private static string Near(ReportRun run, long step) => Record(run, step) is not { } point ? ""
        : point.Step == step ? run.Fixed(point.SmoothLoss) : $"{run.Fixed(point.SmoothLoss)}<small>at {Markup.Whole(point.Step)}</small>";

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
