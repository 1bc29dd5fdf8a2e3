namespace CharRnn.Rnn.Sweeps;

/// <summary>The runs of a sweep that differ by nothing but their seeds.</summary>
public sealed class SweepGroup
{
    internal SweepGroup(string name, IReadOnlyList<KeyValuePair<string, string>> settings, IReadOnlyList<SweepRun> runs)
    {
        (Name, Settings, Runs) = (name, settings, runs);
        double[] bits = [.. runs.Select(run => run.LastBits).Where(double.IsFinite).Order()];
        (Median, Lowest, Highest) = bits.Length == 0 ? (double.NaN, double.NaN, double.NaN) : (Middle(bits), bits[0], bits[^1]);
    }

    /// <summary>The settings in which it differs from the other groups, such as <c>eta 0.05, hidden_size 100</c>.</summary>
    public string Name { get; }

    /// <summary>The same one by one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; }

    /// <summary>Its runs, by seed.</summary>
    public IReadOnlyList<SweepRun> Runs { get; }

    /// <summary>The median over seeds of the last smooth loss, in bits a character; not a number where nothing is recorded.</summary>
    public double Median { get; }

    /// <summary>The lowest of them.</summary>
    public double Lowest { get; }

    /// <summary>The highest of them.</summary>
    public double Highest { get; }

    /// <summary>The distance from the lowest to the highest: how much the seed alone changes.</summary>
    public double Spread => Highest - Lowest;

    /// <summary>The median over seeds of the training time, in seconds.</summary>
    public double Seconds => Middle([.. Runs.Select(run => run.Seconds).Order()]);

    /// <summary>How many of the runs have done all their updates.</summary>
    public int Complete => Runs.Count(run => run.IsComplete);

    /// <summary>The smooth loss over seeds along an axis, in bits a character.</summary>
    /// <param name="axis">What is on the axis: updates or seconds.</param>
    /// <param name="places">At how many places at most.</param>
    /// <returns>At each place the median, the lowest and the highest; up to where the first of the runs ends, so that each place has all of them.</returns>
    public IReadOnlyList<(double At, double Median, double Low, double High)> Curve(Func<Runs.MetricsRecord, double> axis, int places)
    {
        SweepRun[] runs = [.. Runs.Where(run => run.Metrics.Count > 0)];
        if (runs.Length == 0)
        {
            return [];
        }

        double first = runs.Max(run => axis(run.Metrics[0])), last = runs.Min(run => axis(run.Metrics[^1]));
        var curve = new List<(double, double, double, double)>();
        var next = new int[runs.Length];
        for (var place = 0; place < places; place++)
        {
            var at = first + ((last - first) * place / Math.Max(1, places - 1));
            var values = new double[runs.Length];
            for (var i = 0; i < runs.Length; i++)
            {
                while (next[i] + 1 < runs[i].Metrics.Count && axis(runs[i].Metrics[next[i] + 1]) <= at)
                {
                    next[i]++;
                }

                values[i] = runs[i].Bits(runs[i].Metrics[next[i]].SmoothLoss);
            }

            Array.Sort(values);
            curve.Add((at, Middle(values), values[0], values[^1]));
            if (last <= first)
            {
                break;
            }
        }

        return curve;
    }

    /// <summary>The median of sorted numbers.</summary>
    internal static double Middle(double[] sorted) => sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
