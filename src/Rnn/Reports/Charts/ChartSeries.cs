namespace CharRnn.Rnn.Reports.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend and a reader's tooltip call it.</param>
/// <param name="Points">In the order of X.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>What stands faint behind the line, in the order of X; empty for nothing.</summary>
    public IReadOnlyList<ChartBand> Band { get; init; } = [];

    /// <summary>A point of the line that is named, such as the best.</summary>
    public ChartMark? Highlight { get; init; }

    /// <summary>The name of what <see cref="Band"/> shows.</summary>
    public string BandName { get; init; } = "";
}
