using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>What the network wrote: at each point of its training beside its loss, and at its best.</summary>
internal static class TextSection
{
    private const int MostSamplesShown = 16, MostSamplesInDetails = 120;

    /// <summary>Bounds for the page as a whole: a sample may be of any length.</summary>
    private const int MostCharactersShown = 60_000, MostCharactersASample = 1_500, MostCharactersOfBest = 4_000;

    public static void WriteEvolution(PageWriter page, ReportRun run, int number)
    {
        page.Begin("text", "The text as it grows", number);
        page.Add($"<p>What the network wrote before an update of its training, beside its smooth loss then.{(run.TextWords is null ? "" : " Words that stand in the text are upright, invented ones <i class=\"made\">pale and slanted</i>.")}</p>\n");
        var greatest = run.Samples.Max(sample => double.IsFinite(sample.SmoothLoss) ? sample.SmoothLoss : 0);
        var shown = Chosen(run.Samples.Count, MostSamplesShown);
        var characters = Math.Clamp(MostCharactersShown / page.RunCount / Math.Min(run.Samples.Count, MostSamplesInDetails), 100, MostCharactersASample);
        List(shown);
        if (shown.Length < run.Samples.Count)
        {
            var more = Chosen(run.Samples.Count, MostSamplesInDetails);
            page.Add($"<details><summary>{(more.Length < run.Samples.Count ? $"{more.Length} of the" : "All")} {run.Samples.Count} samples</summary>\n");
            List(more);
            page.Add("</details>\n");
        }

        page.End();

        void List(int[] indices)
        {
            page.Add("<ol class=\"samples\">\n");
            foreach (var i in indices)
            {
                var sample = run.Samples[i];
                var width = double.IsFinite(sample.SmoothLoss) && greatest > 0 ? 100 * sample.SmoothLoss / greatest : 0;
                var real = run.Words?.Shares[i] is { Words: > 0 } share ? $"<span>{Markup.Fixed(share.Share * 100, 0)} % real words</span>" : "";
                page.Add($"<li><div class=\"when\"><b>{(double.IsFinite(sample.SmoothLoss) ? Markup.Fixed(sample.SmoothLoss, 2) : "–")}</b><span>{(sample.Step > run.Steps ? $"after update {Markup.Whole(run.Steps)}" : $"update {Markup.Whole(sample.Step)}")}</span><span>epoch {sample.Epoch}</span>{real}<span class=\"loss-bar\" style=\"width:{Markup.Fixed(width, 1)}%\"></span></div>");
                page.Add($"<p class=\"prose\" dir=\"auto\">{Prose(sample.Text, run.TextWords, characters)}</p></li>\n");
            }

            page.Add("</ol>\n");
        }
    }

    public static void WriteBest(PageWriter page, ReportRun run, string passage, int number)
    {
        page.Begin("best", "Best passage", number);
        var from = run.BestStep > 0 ? $"the weights of update {Markup.Whole(run.BestStep)}, where the smooth loss was lowest ({Markup.Fixed(run.BestSmoothLoss, 2)})" : "the weights before the first update";
        page.Add($"<p>{Markup.Whole(passage.EnumerateRunes().Count())} characters from {from}.</p>\n");
        page.Add($"<blockquote class=\"prose\" dir=\"auto\">{Prose(passage, run.TextWords, MostCharactersOfBest)}</blockquote>\n");
        if (run.WritingPage is { } writing)
        {
            page.Add($"<p><a href=\"{Markup.Escape(writing)}\">Let it write more</a>, from a beginning of yours.</p>\n");
        }

        page.End();
    }

    /// <summary>At most so many of the indices, evenly, the first and the last among them.</summary>
    private static int[] Chosen(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(i * (count - 1.0) / (most - 1))).Distinct()];

    /// <summary>A text with the words that do not stand in the learned text marked as such, cut where it is too long.</summary>
    private static string Prose(string text, TextWords? words, int most)
    {
        var rest = "";
        if (text.Length > most)
        {
            var cut = char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;
            rest = $"<span class=\"muted\"> … and {Markup.Whole(text.Length - cut)} more</span>";
            text = text[..cut];
        }

        if (words is null)
        {
            return Markup.Written(text) + rest;
        }

        var result = new System.Text.StringBuilder();
        var at = 0;
        foreach (var word in WordReader.Read(text).Where(word => !words.Contains(word.Text)))
        {
            result.Append(Markup.Written(text[at..word.Start])).Append("<i class=\"made\">").Append(Markup.Written(word.Text)).Append("</i>");
            at = word.Start + word.Text.Length;
        }

        return result.Append(Markup.Written(text[at..])).Append(rest).ToString();
    }
}
