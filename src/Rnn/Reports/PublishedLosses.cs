using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Reports;

/// <summary>
/// Smooth losses that others have published of the same network (m = 100, T = 25) on a novel of about 1.1 million characters with about 80
/// distinct ones. They mean something only beside a text of that size, and beside a run of the same edition of the exercise.
/// </summary>
/// <param name="Source">Whose they are.</param>
/// <param name="Sentence">The same as a sentence of a caption.</param>
/// <param name="Marks">The losses.</param>
public sealed record PublishedLosses(string Source, string Sentence, IReadOnlyList<ChartMark> Marks)
{
    /// <summary>Whose the classic edition's losses and gradient checks are.</summary>
    public const string ClassicSource = "five student reports, 2018 to 2024";

    private const string AdamSource = "the handout of 2026 and an independent program";

    private static readonly (string Report, long Step, double Loss, string Remark)[] Classic =
    [
        ("R1", 1, 113.0, ""), ("R1", 10_000, 55.1, ""), ("R1", 20_000, 50.1, ""), ("R1", 30_000, 48.6, ""), ("R1", 40_000, 47.2, ""),
        ("R1", 100_000, 46.2, ""), ("R1", 200_000, 43.4, ""), ("R1", 350_000, 42.6, ""),
        ("R2", 10_000, 54.3, ""), ("R2", 20_000, 51.0, ""), ("R2", 100_000, 47.4, ""),
        ("R4", 443_000, 40.5, "about 39 to 42"),
        ("R5", 10_000, 52.3, ""), ("R5", 100_000, 44.5, ""), ("R5", 219_449, 39.47, "its best"),
    ];

    private static readonly (string Report, long Step, double Loss, string Remark)[] Adam =
    [
        ("handout", 1, 4.60, ""), ("handout", 1_000, 3.38, ""), ("handout", 4_000, 2.26, ""), ("handout", 30_000, 1.786, ""), ("handout", 133_000, 1.55, "about"), ("handout", 150_000, 1.534, ""),
        ("program", 1_000, 3.31, ""), ("program", 4_000, 2.26, ""), ("program", 10_000, 2.01, ""), ("program", 30_000, 1.787, ""), ("program", 100_000, 1.653, ""), ("program", 133_000, 1.553, ""), ("program", 150_000, 1.530, ""),
    ];

    /// <summary>What a chart of these runs can be compared with; no marks where a run's text, chunk or training is another.</summary>
    public static PublishedLosses For(IReadOnlyList<ReportRun> runs)
    {
        var mean = runs.Count > 0 && runs[0].HasMeanLoss;
        if (runs.Count == 0 || runs.Any(run => run.HasMeanLoss != mean || run.SequenceLength != 25 || run.TextLength is < 950_000 or > 1_250_000 || !IsOf(run, mean ? "adam" : "adagrad")))
        {
            return new("", "", []);
        }

        var last = runs.Max(run => run.Steps);
        return mean
            ? new(AdamSource, $"the smooth loss in {AdamSource}, of the same network with 100 hidden units, trained with Adam on a novel of this size.", [.. Marks(Adam, "")])
            : new(ClassicSource, $"the smooth loss in {ClassicSource} (R1 to R5), of the same network with 100 hidden units, trained on a novel of this size.", [.. Marks(Classic, "Report ")]);

        IEnumerable<ChartMark> Marks((string Report, long Step, double Loss, string Remark)[] values, string kind) => values.Where(value => value.Step <= last).Select(value =>
            new ChartMark(value.Step, value.Loss, value.Report, $"{kind}{value.Report}: {value.Loss} at update {value.Step:#,0}{(value.Remark.Length > 0 ? $" ({value.Remark})" : "")}"));
    }

    private static bool IsOf(ReportRun run, string optimizer) => run.Configuration is not { } settings || (settings.Optimizer == optimizer && settings.Cell == "vanilla" && settings.Layers == 1 && settings.Streams == 1);
}
