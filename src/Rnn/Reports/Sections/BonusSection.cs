using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>The extra tasks of a lab: how the text is read, how characters are drawn, and what the kernels gain part by part.</summary>
internal static class BonusSection
{
    public static void Write(PageWriter page, ReportRun run, BonusReport bonus, int number)
    {
        page.Begin("bonus", "Extra tasks", number);
        if (bonus.Trainings.Count > 0)
        {
            WriteTrainings(page, bonus);
        }

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

    private static void WriteTrainings(PageWriter page, BonusReport bonus)
    {
        TrainingTrial[] orders = [.. bonus.Orders], streams = [.. bonus.Streams];
        page.Add($"<p>The same network trained from the same start in other ways, each for {Markup.Whole(TrainingTrials.Updates)} updates. All are judged on the text’s end, which none of them reads: its loss a character, in nats, with the state carried through it. <em>sequential</em> reads the text from its beginning to its end; <em>pieces</em> cuts it and reads the pieces in a random order, each from the state zero; <em>random</em> takes every chunk from a random place, from the state zero.</p>\n");
        if (orders.Length > 0)
        {
            page.BeginTable("The order in which the text is read", ["order", "held-out loss at the end", "lowest"]);
            foreach (var trial in orders)
            {
                page.Row(Markup.Escape(trial.Order), Loss(trial.Last), Loss(Lowest(trial)));
            }

            page.EndTable();
            page.Figure(Chart("The held-out loss of three orders of reading", "updates", orders, trial => trial.Order, point => point.Updates), "The loss on the held-out piece over updates, for each order.", new ChartStyle { Height = 300 });
        }

        if (streams.Length == 0)
        {
            return;
        }

        var shortest = streams.Min(trial => trial.Last.Seconds);
        page.BeginTable("Several places of the text at once: an update reads a chunk at each, on one core", ["streams", "µs an update", "held-out loss at the end", $"after {Markup.Duration(shortest)}", "lowest"]);
        foreach (var trial in streams)
        {
            page.Row(Markup.Whole(trial.Streams), Markup.Fixed(1e6 * trial.Last.Seconds / trial.Last.Updates, 1), Loss(trial.Last), trial.At(shortest) is { } point ? Loss(point) : "", Loss(Lowest(trial)));
        }

        page.EndTable();
        foreach (var (axis, place) in ((string, Func<TrialPoint, double>)[])[("updates", point => point.Updates), ("seconds of training", point => point.Seconds)])
        {
            page.Figure(Chart($"The held-out loss of one to {streams[^1].Streams} streams over {axis}", axis, streams, trial => trial.Streams == 1 ? "1 stream" : $"{trial.Streams} streams", place), $"The loss on the held-out piece over {axis}, for each number of streams.", new ChartStyle { Height = 300 });
        }

        static TrialPoint Lowest(TrainingTrial trial) => trial.Points.MinBy(point => point.Loss)!;

        static string Loss(TrialPoint point) => Markup.Fixed(point.Loss, 3);
    }

    private static LineChart Chart(string title, string axis, TrainingTrial[] trials, Func<TrainingTrial, string> name, Func<TrialPoint, double> place) => new()
    {
        Title = title,
        Description = $"At the end: {string.Join("; ", trials.Select(trial => $"{name(trial)} {Markup.Fixed(trial.Last.Loss, 3)}"))}.",
        XLabel = axis,
        YLabel = "nats a character",
        Series = [.. trials.Select(trial => new ChartSeries(name(trial), [.. trial.Points.Select(point => new ChartPoint(place(point), point.Loss))]))],
    };

    private static string Level(int index, int count) => count == 3 ? index switch { 0 => "low, ", 1 => "middle, ", _ => "high, " } : "";
}
