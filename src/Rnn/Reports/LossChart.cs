using System.Globalization;
using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Reports;

/// <summary>The chart of the loss: the same drawing for the page and for <c>loss.svg</c>.</summary>
public sealed class LossChart
{
    private readonly IReadOnlyList<ReportRun> runs;

    /// <summary>The chart of one run or of several, one over the other.</summary>
    /// <param name="runs">Those with metrics are drawn.</param>
    public LossChart(IReadOnlyList<ReportRun> runs) => this.runs = [.. runs.Where(run => run.Losses.Count > 0)];

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsEmpty => runs.Count == 0;

    /// <summary>The runs that are drawn, in the order of their lines.</summary>
    public IReadOnlyList<ReportRun> Runs => runs;

    /// <summary>The drawing as an <c>svg</c> element.</summary>
    /// <param name="style">Size, axes, and whether it stands alone.</param>
    public string Draw(ChartStyle style)
    {
        // A line of a few hundred corners looks the same as one of a million.
        int budget = Math.Clamp((style.Width < 600 ? 700 : 1500) / runs.Count, 60, 600);
        var chart = new LineChart
        {
            Title = runs.Count == 1 ? $"Loss of {runs[0].Name} over {runs[0].Steps:#,0} updates" : $"Smooth loss of {runs.Count} runs",
            Description = string.Join(" ", runs.Select(Describe)),
            XLabel = "updates",
            YLabel = SameLength ? $"loss over {runs[0].SequenceLength} characters (nats)" : "loss over a chunk (nats)",
            Series = [.. runs.Select(run => SeriesOf(run, style, budget))],
            Events = EpochMarks(),
            References = PublishedLosses.For(runs),
            YRange = Range(style.LogarithmicY),
        };
        return chart.Draw(style);
    }

    /// <summary>The smooth loss of a run at about so many points, for tables and tooltips.</summary>
    /// <param name="run">A run of the chart.</param>
    /// <param name="budget">How many points.</param>
    public static IReadOnlyList<LossPoint> Thinned(ReportRun run, int budget)
    {
        Dictionary<long, LossPoint> byStep = [];
        foreach (LossPoint point in run.Losses)
            byStep[point.Step] = point;
        return [.. Thinning.Line(Smooth(run), budget).Select(point => byStep[(long)point.X])];
    }

    private bool SameLength => runs.All(run => run.SequenceLength == runs[0].SequenceLength);

    private static string Describe(ReportRun run) => string.Create(CultureInfo.InvariantCulture,
        $"{run.Name}: the smooth loss starts at {run.Losses[0].SmoothLoss:0.0}, ends at {run.Losses[^1].SmoothLoss:0.0} after {run.Steps:#,0} updates; the best is {run.BestSmoothLoss:0.00} at update {run.BestStep:#,0}.");

    private static ChartPoint[] Smooth(ReportRun run) => [.. run.Losses.Select(point => new ChartPoint(point.Step, point.SmoothLoss))];

    private ChartSeries SeriesOf(ReportRun run, ChartStyle style, int budget)
    {
        ChartPoint[] raw = [.. run.Losses.Select(point => new ChartPoint(point.Step, point.Loss))];
        return new ChartSeries(runs.Count == 1 ? "smooth loss" : run.Name, Thinning.Line(Smooth(run), budget))
        {
            // Several bands over each other would only make fog.
            Band = runs.Count == 1 ? Thinning.Range(raw, Math.Min(budget / 2, Math.Max(1, raw.Length / 4)), style.LogarithmicX) : [],
            BandName = runs.Count == 1 ? (style.Width < 600 ? "loss" : "loss of single updates") : "",
            Highlight = run.BestStep > 0
                ? new ChartMark(run.BestStep, run.BestSmoothLoss, string.Create(CultureInfo.InvariantCulture, $"best {run.BestSmoothLoss:0.00} at {run.BestStep:#,0}"))
                : null,
        };
    }

    /// <summary>The raw loss of a single chunk may be far off; the axis is that of the smooth losses, with a little room for it.</summary>
    private (double Minimum, double Maximum) Range(bool logarithmic)
    {
        double low = double.MaxValue, high = double.MinValue;
        foreach (ReportRun run in runs)
        {
            foreach (LossPoint point in run.Losses)
            {
                low = Math.Min(low, point.SmoothLoss);
                high = Math.Max(high, point.SmoothLoss);
            }
        }
        foreach (var reference in PublishedLosses.For(runs))
            (low, high) = (Math.Min(low, reference.Y), Math.Max(high, reference.Y));
        double room = runs.Count == 1 ? 0.22 : 0.08;
        return logarithmic
            ? (low * Math.Pow(low / high, room), high * Math.Pow(high / low, 0.04))
            : (Math.Max(0, low - room * (high - low)), high + 0.04 * (high - low));
    }

    /// <summary>Where each epoch after the first begins, as long as all runs agree on it.</summary>
    private List<ChartMark> EpochMarks()
    {
        if (runs.Any(run => run.TextLength != runs[0].TextLength || run.SequenceLength != runs[0].SequenceLength))
            return [];
        ReportRun run = runs.MaxBy(candidate => candidate.Steps)!;
        // A chunk is T characters and the T that follow each by one.
        long updatesPerEpoch = (run.TextLength - 1) / run.SequenceLength;
        long epochs = updatesPerEpoch > 0 ? run.Steps / updatesPerEpoch : 0;
        if (epochs == 0)
            return [];
        long every = 1 + epochs / 40;
        var marks = new List<ChartMark>();
        for (long epoch = every; epoch <= epochs; epoch += every)
            marks.Add(new ChartMark(epoch * updatesPerEpoch + 1, 0, $"epoch {epoch + 1}"));
        return marks;
    }
}
