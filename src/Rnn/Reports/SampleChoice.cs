namespace CharRnn.Rnn.Reports;

/// <summary>Which samples are shown where there is no room for all: those that the exercise asks for always, of the others a few.</summary>
internal static class SampleChoice
{
    private const long Every = 10_000, UpTo = 100_000;

    /// <summary>The samples to show, as ascending indices into the run's samples.</summary>
    /// <param name="run">The run.</param>
    /// <param name="mostOthers">How many others at most, evenly among those there are.</param>
    public static int[] Of(ReportRun run, int mostOthers)
    {
        int[] others = [.. Enumerable.Range(0, run.Samples.Count).Where(i => !IsAskedFor(run, i))];
        return [.. Enumerable.Range(0, run.Samples.Count).Where(i => IsAskedFor(run, i)).Concat(Evenly(others, mostOthers)).Order()];
    }

    /// <summary>Whether a sample stands before the first update, before every 10,000th to 100,000, or at the end.</summary>
    /// <param name="run">The run.</param>
    /// <param name="index">The sample.</param>
    public static bool IsAskedFor(ReportRun run, int index) =>
        index == run.Samples.Count - 1 || run.Samples[index].Step == 1 || (run.Samples[index].Step <= UpTo && run.Samples[index].Step % Every == 0);

    private static IEnumerable<int> Evenly(int[] indices, int most) => indices.Length <= most
        ? indices
        : Enumerable.Range(0, most).Select(i => indices[(int)((i + 0.5) * indices.Length / most)]);
}
