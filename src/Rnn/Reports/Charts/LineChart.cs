namespace CharRnn.Rnn.Reports.Charts;

/// <summary>
/// Lines over two axes, drawn as SVG. The same drawing stands in the page and in a file of its own; only the style
/// sheet differs. Lines differ by dash as well as by colour, so that they part in print and for every eye.
/// </summary>
public sealed class LineChart
{
    /// <summary>What the chart shows, read out to those who do not see it.</summary>
    public required string Title { get; init; }

    /// <summary>The chart in words: where it starts, ends and turns.</summary>
    public string Description { get; init; } = "";

    /// <summary>What the horizontal axis counts.</summary>
    public required string XLabel { get; init; }

    /// <summary>What the vertical axis measures.</summary>
    public required string YLabel { get; init; }

    /// <summary>The lines; at least one with at least one point. Points that are not finite are left out.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Vertical lines, such as the start of each epoch.</summary>
    public IReadOnlyList<ChartMark> Events { get; init; } = [];

    /// <summary>Points to compare with, such as published values.</summary>
    public IReadOnlyList<ChartMark> References { get; init; } = [];

    /// <summary>The bounds of the vertical axis where they are known beforehand.</summary>
    public (double Minimum, double Maximum)? YRange { get; init; }

    /// <summary>Whether values are shares, written in per cent.</summary>
    public bool IsShare { get; init; }

    /// <summary>The rules that a page with charts puts into its style sheet once.</summary>
    public static string PageStyle => ChartDrawing.SharedStyle;

    /// <summary>The drawing.</summary>
    /// <param name="style">Size, axes, and whether it stands alone.</param>
    /// <returns>An <c>svg</c> element; with its own style sheet where it stands alone.</returns>
    /// <exception cref="ArgumentException">There is no point to draw.</exception>
    public string Draw(ChartStyle style) => new ChartDrawing(this, style).Draw();
}
