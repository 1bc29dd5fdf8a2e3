namespace CharRnn.Rnn.Reports.Charts;

/// <summary>How large a chart is and which axes it has.</summary>
public sealed record ChartStyle
{
    /// <summary>Width in units of the drawing, which are pixels at full size.</summary>
    public int Width { get; init; } = 920;

    /// <summary>Height in the same units.</summary>
    public int Height { get; init; } = 430;

    /// <summary>A logarithmic horizontal axis.</summary>
    public bool LogarithmicX { get; init; }

    /// <summary>A logarithmic vertical axis.</summary>
    public bool LogarithmicY { get; init; }

    /// <summary>
    /// Whether the drawing carries its own colours and stands in a file of its own (on white, for a paper);
    /// otherwise it takes those of the page around it.
    /// </summary>
    public bool Standalone { get; init; }

    /// <summary>An identifier, unique in the page.</summary>
    public string Id { get; init; } = "chart";

    /// <summary>A class of the outermost element, for the page's switches.</summary>
    public string CssClass { get; init; } = "";
}
