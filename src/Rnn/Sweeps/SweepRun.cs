using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Sweeps;

/// <summary>One run of a sweep, as far as it has come.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Settings">What it was asked to do, as config.json writes it; what cannot change what is learned is left out.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="LossLength">Over how many characters its losses are summed: those of a chunk, or one where they are means.</param>
/// <param name="TotalSteps">The updates asked for.</param>
/// <param name="Metrics">Its lines of metrics, in the order of their updates.</param>
public sealed record SweepRun(string Name, IReadOnlyList<KeyValuePair<string, string>> Settings, ulong Seed, int LossLength, long TotalSteps, IReadOnlyList<MetricsRecord> Metrics)
{
    /// <summary>The updates recorded.</summary>
    public long Steps => Metrics.Count > 0 ? Metrics[^1].Step : 0;

    /// <summary>Whether all updates are done: the last line of metrics may be some updates before the last.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Seconds of training recorded.</summary>
    public double Seconds => Metrics.Count > 0 ? Metrics[^1].ElapsedSeconds : 0;

    /// <summary>The last smooth loss as bits a character; not a number where there is none.</summary>
    public double LastBits => Metrics.Count > 0 ? Bits(Metrics[^1].SmoothLoss) : double.NaN;

    /// <summary>The lowest smooth loss recorded as bits a character; not a number where there is none.</summary>
    public double BestBits => Metrics.Count > 0 ? Bits(Metrics.Min(record => record.SmoothLoss)) : double.NaN;

    /// <summary>A smooth loss as bits a character.</summary>
    public double Bits(double smoothLoss) => smoothLoss / (LossLength * Math.Log(2));
}
