using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Reports;

/// <summary>
/// Smooth losses that five university lab reports give for the same network (m = 100, T = 25, eta 0.1) on a novel of
/// about 1.1 million characters with about 80 distinct ones. They mean something only beside a text of that size.
/// </summary>
public static class PublishedLosses
{
    private static readonly (string Report, long Step, double Loss, string Remark)[] Values =
    [
        ("R1", 1, 113.0, ""), ("R1", 10_000, 55.1, ""), ("R1", 20_000, 50.1, ""), ("R1", 30_000, 48.6, ""), ("R1", 40_000, 47.2, ""),
        ("R1", 100_000, 46.2, ""), ("R1", 200_000, 43.4, ""), ("R1", 350_000, 42.6, ""),
        ("R2", 10_000, 54.3, ""), ("R2", 20_000, 51.0, ""), ("R2", 100_000, 47.4, ""),
        ("R4", 443_000, 40.5, "about 39 to 42"),
        ("R5", 10_000, 52.3, ""), ("R5", 100_000, 44.5, ""), ("R5", 219_449, 39.47, "its best"),
    ];

    /// <summary>The marks for a chart of these runs; none where a run's text or chunk is of another size.</summary>
    public static IReadOnlyList<ChartMark> For(IReadOnlyList<ReportRun> runs)
    {
        if (runs.Count == 0 || runs.Any(run => run.SequenceLength != 25 || run.TextLength is < 950_000 or > 1_250_000))
        {
            return [];
        }

        var last = runs.Max(run => run.Steps);
        return [.. Values.Where(value => value.Step <= last).Select(value =>
            new ChartMark(value.Step, value.Loss, value.Report, $"Report {value.Report}: {value.Loss} at update {value.Step:#,0}{(value.Remark.Length > 0 ? $" ({value.Remark})" : "")}"))];
    }
}
