using System.Globalization;
using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Reports;

/// <summary>The chart of the loss: the same drawing for the page and for <c>loss.svg</c>.</summary>
public sealed class LossChart
{
    /// <summary>How every drawing that stands alone begins: by this a file is known as one.</summary>
    public const string StandaloneBeginning = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" id=\"loss\"";

    private readonly IReadOnlyList<ReportRun> runs;
    private readonly (double Low, double High) smooth, shown, shownWithReferences;

    /// <summary>The chart of one run or of several, one over the other.</summary>
    /// <param name="runs">Those with metrics are drawn.</param>
    public LossChart(IReadOnlyList<ReportRun> runs)
    {
        this.runs = [.. runs.Where(run => run.Losses.Any(point => double.IsFinite(point.SmoothLoss)))];
        Published = PublishedLosses.For(this.runs);
        if (IsEmpty)
        {
            return;
        }

        (var low, var high) = (double.MaxValue, double.MinValue);
        foreach (var loss in this.runs.SelectMany(run => run.Losses).Select(point => point.SmoothLoss).Concat(this.runs.SelectMany(HeldOut).Select(point => point.Y)).Where(double.IsFinite))
        {
            (low, high) = (Math.Min(low, loss), Math.Max(high, loss));
        }

        smooth = (low, high);

        // The loss of a single chunk may be far off: the axis has room for all but the lowest hundredth.
        if (this.runs.Count == 1)
        {
            double[] raw = [.. this.runs[0].Losses.Select(point => point.Loss).Where(double.IsFinite).Order()];
            if (raw.Length > 0)
            {
                low = Math.Min(low, raw[raw.Length / 100]);
            }
        }

        shown = (low, high);
        shownWithReferences = (References.Select(mark => mark.Y).Append(low).Min(), References.Select(mark => mark.Y).Append(high).Max());
    }

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsEmpty => runs.Count == 0;

    /// <summary>The runs that are drawn, in the order of their lines.</summary>
    public IReadOnlyList<ReportRun> Runs => runs;

    /// <summary>What other reports published, where these runs can be compared with it. They stand in the page's drawing only.</summary>
    public PublishedLosses Published { get; }

    private IReadOnlyList<ChartMark> References => Published.Marks;

    /// <summary>Where each epoch after the first begins, as long as all runs agree on it.</summary>
    public IReadOnlyList<ChartMark> Epochs => IsEmpty ? [] : EpochMarks();

    /// <summary>The drawing as an <c>svg</c> element.</summary>
    /// <param name="style">Size, axes, and whether it stands alone.</param>
    public string Draw(ChartStyle style)
    {
        // A line of a few hundred corners looks the same as one of a million.
        var budget = Math.Clamp((style.Width < 600 ? 700 : 1500) / runs.Count, 60, 600);
        var chart = new LineChart
        {
            Title = runs.Count == 1 ? $"Loss of {runs[0].Name} over {runs[0].Steps:#,0} updates" : $"Smooth loss of {runs.Count} runs",
            Description = string.Join(" ", runs.Select(Describe)),
            XLabel = "updates",
            YLabel = LossLabel,
            Series = [.. runs.Select(run => SeriesOf(run, style, budget)), .. runs.Where(run => HeldOut(run).Any()).Select(run => SeriesOfHeldOut(run, style, budget))],
            Events = Epochs,
            References = style.Standalone ? [] : References,
            YRange = Range(style),
        };
        return chart.Draw(style);
    }

    /// <summary>What the vertical axis measures.</summary>
    internal string LossLabel => runs.All(run => run.HasMeanLoss) ? "mean loss of a character (nats)"
        : runs.Any(run => run.HasMeanLoss) ? "loss as the run has it (nats)"
        : runs.All(run => run.SequenceLength == runs[0].SequenceLength) ? $"loss over {runs[0].SequenceLength} characters (nats)" : "loss over a chunk (nats)";

    /// <summary>The drawing as a file of its own, <c>loss.svg</c>.</summary>
    public string DrawStandalone() => Draw(new ChartStyle { Standalone = true, Id = "loss" });

    /// <summary>A run's records at about so many places, for the values that a reader points at: as close on a linear axis as on a logarithmic one.</summary>
    /// <param name="run">A run of the chart.</param>
    /// <param name="budget">How many records, at least 8.</param>
    public static IReadOnlyList<LossPoint> Thinned(ReportRun run, int budget)
    {
        var points = Smooth(run);
        HashSet<double> kept = [.. Thinning.Line(points, budget / 2, false).Concat(Thinning.Line(points, budget / 2, true)).Select(point => point.X)];
        return [.. run.Losses.Where(point => kept.Contains(point.Step) && double.IsFinite(point.SmoothLoss))];
    }

    private static string Describe(ReportRun run) => string.Create(CultureInfo.InvariantCulture,
        $"{run.Name}: the smooth loss starts at {run.Fixed(run.Losses.First(IsFinite).SmoothLoss)}, ends at {run.Fixed(run.Losses.Last(IsFinite).SmoothLoss)} after {run.Steps:#,0} updates{(double.IsFinite(run.BestSmoothLoss) ? $"; the lowest is {run.Fixed(run.BestSmoothLoss)} at update {run.BestStep:#,0}" : "")}{(run.BestValidation is var (step, loss) ? $"; on held-out text the lowest is {run.Fixed(run.AsChunk(loss))} at update {step:#,0}" : "")}.");

    /// <summary>What the line of a run's losses on held-out text is called.</summary>
    /// <param name="run">A run of the chart.</param>
    internal string NameOfHeldOut(ReportRun run) => runs.Count == 1 ? "held-out text" : $"{run.Name}, held-out text";

    /// <summary>A run's losses on held-out text, as large as its own.</summary>
    internal static IEnumerable<ChartPoint> HeldOut(ReportRun run) => run.Validations.Where(validation => validation.Step > 0).Select(validation => new ChartPoint(validation.Step, run.AsChunk(validation.Loss)));

    private static bool IsFinite(LossPoint point) => double.IsFinite(point.SmoothLoss);

    private static ChartPoint[] Smooth(ReportRun run) => [.. run.Losses.Select(point => new ChartPoint(point.Step, point.SmoothLoss))];

    private ChartSeries SeriesOf(ReportRun run, ChartStyle style, int budget)
    {
        ChartPoint[] raw = [.. run.Losses.Select(point => new ChartPoint(point.Step, point.Loss))];
        return new ChartSeries(runs.Count == 1 ? "smooth loss" : run.Name, Thinning.Line(Smooth(run), budget, style.LogarithmicX))
        {
            // Several bands over each other would only make fog.
            Band = runs.Count == 1 ? Thinning.Range(raw, Math.Min(budget / 2, Math.Max(1, raw.Length / 4)), style.LogarithmicX) : [],
            BandName = runs.Count == 1 ? (style.Width < 600 ? "loss" : "loss of single updates") : "",
            Highlight = run.BestStep > 0 && run.BestValidation is null
                ? new ChartMark(run.BestStep, run.BestSmoothLoss, string.Create(CultureInfo.InvariantCulture, $"lowest {run.Fixed(run.BestSmoothLoss)} at {run.BestStep:#,0}"))
                : null,
        };
    }

    private ChartSeries SeriesOfHeldOut(ReportRun run, ChartStyle style, int budget) => new(NameOfHeldOut(run), Thinning.Line([.. HeldOut(run)], budget, style.LogarithmicX))
    {
        Highlight = run.BestValidation is (> 0 and var step, var loss)
            ? new ChartMark(step, run.AsChunk(loss), string.Create(CultureInfo.InvariantCulture, $"lowest {run.Fixed(run.AsChunk(loss))} at {step:#,0}"))
            : null,
    };

    /// <summary>The vertical axis, with a little room below and above.</summary>
    private (double Minimum, double Maximum) Range(ChartStyle style)
    {
        (var low, var high) = style.Standalone ? shown : shownWithReferences;
        if (!style.LogarithmicY)
        {
            return (Math.Max(Math.Min(0, low), low - 0.06 * (high - low)), high + 0.04 * (high - low));
        }

        low = Math.Max(low, Math.Max(Math.Min(smooth.Low, style.Standalone ? smooth.Low : References.Select(mark => mark.Y).Append(smooth.Low).Min()) / 4, 1e-9));
        high = Math.Max(high, low);
        return (low * Math.Pow(low / high, 0.06), Math.Min(double.MaxValue, high * Math.Pow(high / low, 0.04)));
    }

    private List<ChartMark> EpochMarks()
    {
        if (runs.Any(run => run.UpdatesPerEpoch != runs[0].UpdatesPerEpoch))
        {
            return [];
        }

        var updatesPerEpoch = runs[0].UpdatesPerEpoch;
        var epochs = updatesPerEpoch > 0 ? runs.Max(run => run.Steps) / updatesPerEpoch : 0;
        var every = 1 + epochs / 40;
        var marks = new List<ChartMark>();
        for (var epoch = every; epoch <= epochs; epoch += every)
        {
            marks.Add(new ChartMark(epoch * updatesPerEpoch + 1, 0, $"epoch {epoch + 1}"));
        }

        return marks;
    }
}
