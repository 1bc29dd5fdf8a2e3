using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>What the network wrote: at each point of its training beside its loss, and at its best.</summary>
internal static class TextSection
{
    /// <summary>Samples beside those that are always shown: at first, and when all are asked for.</summary>
    private const int MostOthersShown = 4, MostOthers = 108;

    /// <summary>Bounds for the page as a whole: a sample may be of any length.</summary>
    private const int MostCharactersShown = 60_000, LeastCharactersASample = 250, MostCharactersASample = 1_500, MostCharactersOfBest = 4_000;

    public static void WriteEvolution(PageWriter page, ReportRun run, int number)
    {
        page.Begin("text", "The text as it grows", number);
        page.Add($"<p>What the network wrote before an update of its training, beside its smooth loss then.{(run.TextWords is null ? "" : " Words that stand in the text are upright, invented ones <i class=\"made\">pale and slanted</i>; the share of real words is of those of three letters and more.")}</p>\n");
        var greatest = run.Samples.Max(sample => double.IsFinite(sample.SmoothLoss) ? sample.SmoothLoss : 0);
        int[] shown = SampleChoice.Of(run, MostOthersShown), all = SampleChoice.Of(run, MostOthers);
        var characters = Math.Clamp(MostCharactersShown / page.RunCount / all.Length, LeastCharactersASample, MostCharactersASample);
        if (shown.Length < all.Length)
        {
            page.Add($"<p class=\"controls\"><label><input type=\"checkbox\" class=\"show-all\"> {(all.Length < run.Samples.Count ? $"{all.Length} of the {run.Samples.Count} samples" : $"all {all.Length} samples")}</label></p>\n");
        }

        page.Add("<ol class=\"samples\">\n");
        foreach (var i in all)
        {
            var sample = run.Samples[i];
            var width = double.IsFinite(sample.SmoothLoss) && greatest > 0 ? 100 * sample.SmoothLoss / greatest : 0;
            var real = run.Words?.Shares[i] is { Words: > 0 } share ? $"<span>{share.Percent} real words, {share.Counts}</span>" : "";
            page.Add($"<li{(shown.Contains(i) ? "" : " class=\"more\"")}><div class=\"when\"><b>{(double.IsFinite(sample.SmoothLoss) ? run.Fixed(sample.SmoothLoss) : "–")}</b><span>{(sample.Step > run.Steps ? $"after update {Markup.Whole(run.Steps)}" : $"update {Markup.Whole(sample.Step)}")}</span><span>epoch {sample.Epoch}</span>{real}<span class=\"loss-bar\" style=\"width:{Markup.Fixed(width, 1)}%\"></span></div>");
            page.Add($"<p class=\"prose\" dir=\"auto\">{Prose(sample.Text, run.TextWords, characters)}</p></li>\n");
        }

        page.Add("</ol>\n");
        if (page.LinkTo(run, RunFolder.SamplesTextName) is { } link)
        {
            page.Add($"<p class=\"muted\">All {run.Samples.Count} samples, whole, stand in <a href=\"{link}\">{RunFolder.SamplesTextName}</a>.</p>\n");
        }

        page.End();
    }

    public static void WriteBest(PageWriter page, ReportRun run, string passage, int number)
    {
        page.Begin("best", "Written at the lowest loss", number);
        var from = run.BestValidation is var (step, loss) ? $"the weights of update {Markup.Whole(step)}, where the loss on held-out text was lowest ({Markup.Fixed(loss / Math.Log(2), 3)} bits a character)"
            : run.BestStep > 0 ? $"the weights of update {Markup.Whole(run.BestStep)}, where the smooth loss was lowest ({run.Fixed(run.BestSmoothLoss)})" : "the weights before the first update";
        page.Add($"<p>{Markup.Whole(passage.EnumerateRunes().Count())} characters from {from}.</p>\n");
        page.Add($"<blockquote class=\"prose\" dir=\"auto\">{Prose(passage, run.TextWords, MostCharactersOfBest)}</blockquote>\n");
        if (run.BestPlace.Length > 0 && run.BestValidation is null)
        {
            page.Add($"<p class=\"muted\">The exercise asks for the lowest smooth loss. It fell at {run.BestPlace}. Passages differ in difficulty and the smooth loss follows them, so it shows where the text is easy as much as which weights are good.</p>\n");
        }

        if (run.WritingPage is { } writing)
        {
            page.Add($"<p><a href=\"{Markup.Escape(writing)}\">Let it write more</a>, from a beginning of yours.</p>\n");
        }

        page.End();
    }

    /// <summary>A text with the words that do not stand in the learned text marked as such, cut where it is too long.</summary>
    internal static string Prose(string text, TextWords? words, int most)
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
