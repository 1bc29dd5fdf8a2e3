using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>The extra tasks of a lab: how characters are drawn, and what the kernels gain part by part.</summary>
internal static class BonusSection
{
    public static void Write(PageWriter page, ReportRun run, BonusReport bonus, int number)
    {
        page.Begin("bonus", "Extra tasks", number);
        page.Add($"<p>Characters drawn otherwise than with the network’s own probabilities, all by the weights of the lowest loss and from one random stream. <em>Temperature</em>: the logits are divided by it. <em>Nucleus</em>: only the likeliest characters that together have this share of the probability can be drawn. Each share of real words is that of the words of three letters and more among {Markup.Whole(BonusReport.CharactersWritten)} characters.</p>\n");
        foreach (var method in bonus.Sampling.GroupBy(trial => trial.Method))
        {
            SamplingTrial[] trials = [.. method];
            page.BeginTable(method.Key == SamplingTrial.Temperature ? "Temperature" : "Nucleus sampling", ["", .. trials.Select((trial, i) => $"{Level(i, trials.Length)}{Markup.Short(trial.Value, 2)}")], "wide sampling");
            page.Row("real words", trials.Select(trial => $"{Markup.Fixed(100 * trial.Share, 0)} % ({Markup.Whole(trial.RealWords)} of {Markup.Whole(trial.Words)})<span class=\"bar own\" style=\"width:{Markup.Fixed(100 * trial.Share, 1)}%\"></span>"));
            page.Row("text", trials.Select(trial => $"<p class=\"prose\" dir=\"auto\">{TextSection.Prose(trial.Text, run.TextWords, BonusReport.CharactersKept)}</p>"));
            page.EndTable();
        }

        page.Add($"<p>Straightforward loops against the kernels, part by part: see <a href=\"#speed{number}\">Speed</a>.</p>\n");
        page.End();
    }

    private static string Level(int index, int count) => count == 3 ? index switch { 0 => "low, ", 1 => "middle, ", _ => "high, " } : "";
}
