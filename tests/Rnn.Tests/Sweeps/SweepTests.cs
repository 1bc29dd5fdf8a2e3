using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Sweeps;

namespace CharRnn.Rnn.Tests.Sweeps;

/// <summary>Runs that are made up, so that what comes out of them is known.</summary>
public sealed class SweepTests
{
    [Fact]
    public void Runs_that_differ_only_in_their_seed_are_one_group_and_the_lowest_median_comes_first()
    {
        var sweep = Sweep.Of([Run("0.1", 1, 4), Run("0.1", 2, 2), Run("0.1", 3, 9), Run("0.05", 1, 3), Run("0.05", 2, 3.5), Run("0.02", 1)]);
        Assert.Equal(["eta 0.05", "eta 0.1", "eta 0.02"], sweep.Groups.Select(group => group.Name));
        Assert.Equal([1, 2, 3], sweep.Groups[1].Runs.Select(run => (int)run.Seed));
        Assert.Equal((4.0, 2.0, 9.0, 7.0), (sweep.Groups[1].Median, sweep.Groups[1].Lowest, sweep.Groups[1].Highest, sweep.Groups[1].Spread));
        Assert.Equal(3.25, sweep.Groups[0].Median);
        Assert.True(double.IsNaN(sweep.Groups[2].Median));   // nothing is recorded
        Assert.Equal("all runs", Assert.Single(Sweep.Of([Run("0.1", 1, 4), Run("0.1", 2, 2)]).Groups).Name);
    }

    [Theory]
    [InlineData(new[] { 2.0, 2.2 }, new[] { 2.31, 2.5 }, true)]    // medians 2.1 and 2.405, spreads 0.2 and 0.19
    [InlineData(new[] { 2.0, 2.2 }, new[] { 2.19, 2.39 }, false)]  // nearly as large as the spread
    [InlineData(new[] { 2.0, 2.01 }, new[] { 2.0, 2.5 }, false)]   // the second's spread counts, too
    [InlineData(new[] { 2.0, 2.5 }, new[] { 2.4, 2.41 }, false)]
    [InlineData(new[] { 2.0 }, new[] { 3.0, 3.1 }, null)]
    [InlineData(new[] { 2.0, 2.1 }, new[] { 3.0 }, null)]
    [InlineData(new[] { 2.0, 2.1 }, new double[0], null)]
    public void A_difference_counts_where_it_is_larger_than_what_the_seeds_make(double[] best, double[] second, bool? expected)
    {
        var sweep = Sweep.Of([.. best.Select((bits, i) => Run("0.05", i, bits)), .. second.Select((bits, i) => Run("0.1", i, bits))]);
        Assert.Equal(expected, sweep.IsBestBeyondSeeds);
        var verdict = SweepPage.Verdict(sweep);
        Assert.StartsWith(second.Length > 0 ? "Best: eta 0.05, with " : "Best: all runs, with ", verdict);
        Assert.Equal(expected == true, verdict.Contains("is larger than the seeds' spread", StringComparison.Ordinal));
        Assert.Equal(expected == false, verdict.Contains("it may be chance", StringComparison.Ordinal));
        Assert.DoesNotContain("not complete", verdict);
        Assert.EndsWith("1 of 2 runs are not complete yet.", SweepPage.Verdict(Sweep.Of([Run("0.05", 1, 2) with { IsComplete = false }, Run("0.1", 1, 3)])));
    }

    [Fact]
    public void Losses_over_chunks_and_means_are_compared_as_bits_a_character()
    {
        MetricsRecord[] record = [new(100, 1, 0, 25 * Math.Log(2), 1, 1)];
        Assert.Equal(1, new SweepRun("a", [], 1, 25, 100, record).LastBits, 12);
        Assert.Equal(25, new SweepRun("a", [], 1, 1, 100, record).LastBits, 12);
    }

    [Fact]
    public void A_band_has_the_median_and_the_ends_of_the_seeds_as_far_as_all_have_come()
    {
        // Three seeds; the second is twice as fast, the third stopped after three records.
        var group = Assert.Single(Sweep.Of([Run("0.1", 1, 8, 6, 4, 2), Run("0.1", 2, 7, 5, 3, 1) with { Metrics = Metrics([7, 5, 3, 1], 0.5) }, Run("0.1", 3, 9, 9, 9)]).Groups);
        Assert.Equal([(100, 8, 7, 9), (200, 6, 5, 9), (300, 4, 3, 9)], group.Curve(record => record.Step, 3).Select(point => ((int)point.At, (int)point.Median, (int)point.Low, (int)point.High)));
        // Over time: from when all have begun to when the first has ended. At 1 and 2 seconds the second is at its second and last record.
        Assert.Equal([(1.0, 8, 5, 9), (2.0, 6, 1, 9)], group.Curve(record => record.ElapsedSeconds, 2).Select(point => (point.At, (int)point.Median, (int)point.Low, (int)point.High)));
    }

    private static SweepRun Run(string eta, int seed, params double[] bits) =>
        new($"eta-{eta}_seed-{seed}", [new("eta", eta), new("hidden_size", "100")], (ulong)seed, 1, 400, Metrics(bits, 1)) { IsComplete = true };

    private static MetricsRecord[] Metrics(double[] bits, double seconds) => [.. bits.Select((value, i) => new MetricsRecord(100 * (i + 1), 1, 0, value * Math.Log(2), seconds * (i + 1), 1))];
}
