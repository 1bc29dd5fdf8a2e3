using System.Globalization;
using System.Text;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>Which words the network wrote when, and how many of those it wrote are real.</summary>
internal static class WordSection
{
    private const int MostShares = 60, StripCells = 60;

    public static void Write(PageWriter page, ReportRun run, WordReport words, int number)
    {
        page.Begin("words", "Words", number);
        WriteShares(page, words);
        WriteMilestones(page, run, words);
        page.End();
    }

    private static void WriteShares(PageWriter page, WordReport words)
    {
        RealWordShare[] shares = [.. words.PooledShares(MostShares).Where(share => share.Words > 0)];
        if (shares.Length < 2)
        {
            return;
        }

        RealWordShare first = words.Shares.First(share => share.Words > 0), last = words.Shares.Last(share => share.Words > 0);
        var together = (words.Shares.Count + MostShares - 1) / MostShares;
        var id = page.NewChart();
        var chart = new LineChart
        {
            Title = "Share of the words written that stand in the text",
            Description = $"{shares[0].Percent} at update {Markup.Whole(shares[0].Step)}, {shares[^1].Percent} at update {Markup.Whole(shares[^1].Step)}{(together > 1 ? $"; each over {together} samples" : "")}.",
            XLabel = "updates",
            YLabel = "real words",
            IsShare = true,
            YRange = (0, 1),
            Series = [new ChartSeries("real words among those written", [.. shares.Select(share => new ChartPoint(share.Step, share.Share))])],
        };
        page.Add($"<p>Of the words of three letters and more in the sample before update {Markup.Whole(first.Step)}, {first.Counts} stand in the text ({first.Percent}); in that before update {Markup.Whole(last.Step)}, {last.Counts} ({last.Percent}).</p>\n<figure data-chart=\"{id}-data\">\n");
        page.Add(chart.Draw(new ChartStyle { Height = 260, Id = id + "-wide", CssClass = "wide xlin ylin" }));
        page.Add(chart.Draw(new ChartStyle { Width = 380, Height = 260, Id = id + "-narrow", CssClass = "narrow xlin ylin" }));
        page.Add("<div class=\"tip\" hidden></div>\n<div class=\"controls\"><label class=\"read\">read values <input type=\"range\" min=\"0\" max=\"1\" value=\"0\" aria-label=\"Update whose values are read\"></label></div>\n");
        page.Add($"<figcaption>The share of the words of three letters and more in each sample{(together > 1 ? $", {together} samples together," : "")} that stand in the text, upper and lower case alike. Shorter ones come about by chance; words that a sample’s edge may have cut are left out.</figcaption>\n</figure>\n");
        page.Data(id + "-data", writer =>
        {
            writer.WriteBoolean("share", true);
            writer.WriteStartArray("series");
            writer.WriteStartObject();
            writer.WriteString("name", "real words");
            PageWriter.Numbers(writer, "x", shares.Select(share => (double)share.Step), 0);
            PageWriter.Numbers(writer, "y", shares.Select(share => share.Share), 4);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    private static void WriteMilestones(PageWriter page, ReportRun run, WordReport words)
    {
        WordMilestone[] written = [.. words.Milestones.Where(word => word.FirstStep is not null || word.IsWatched)];
        if (written.Length > 0)
        {
            page.BeginTable("When words of the text were first written: those asked for, then names, then the frequent ones. The strip shows the samples from first to last, filled where the word stands in them.",
                ["word", "first in the sample before update", "samples with it", "samples, first to last", "times in the text"], "wide words");
            foreach (var word in written)
            {
                page.Row($"<bdi>{Markup.Written(word.Word)}</bdi>{(word.IsWatched ? " <span class=\"muted\">(watched)</span>" : "")}",
                [
                    word.FirstStep is { } step ? step > run.Steps ? "the end" : Markup.Whole(step) : "not yet",
                    $"{word.SamplesWithIt} of {run.Samples.Count}",
                    Strip(word, run.Samples.Count),
                    word.CountInText > 0 ? Markup.Whole(word.CountInText) : "not in it",
                ]);
            }

            page.EndTable();
        }

        string[] missing = [.. words.Milestones.Where(word => word.FirstStep is null && !word.IsWatched).Select(word => $"<bdi>{Markup.Written(word.Word)}</bdi>")];
        if (missing.Length > 0)
        {
            page.Add($"<p class=\"muted\">Frequent in the text and in no sample yet: {string.Join(", ", missing)}.</p>\n");
        }
    }

    /// <summary>A cell a sample, or where there are too many a stretch of them, filled where the word was written. The table's numbers say the same.</summary>
    private static string Strip(WordMilestone word, int samples)
    {
        var cells = Math.Min(samples, StripCells);
        var filled = new bool[cells];
        foreach (var sample in word.Samples)
        {
            filled[(int)((long)sample * cells / samples)] = true;
        }

        var path = new StringBuilder();
        foreach (var i in Enumerable.Range(0, cells).Where(i => filled[i]))
        {
            path.Append(CultureInfo.InvariantCulture, $"M{i} 0h.8v1h-.8z");
        }

        return $"<svg class=\"when\" viewBox=\"0 0 {cells} 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"rail\" d=\"M0 .5h{cells}\"/><path d=\"{path}\"/></svg>";
    }
}
