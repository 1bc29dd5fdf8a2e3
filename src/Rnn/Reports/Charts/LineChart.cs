using System.Globalization;
using System.Net;
using System.Text;

namespace CharRnn.Rnn.Reports.Charts;

/// <summary>
/// Lines over two axes, drawn as SVG. The same drawing stands in the page and in a file of its own; only the style
/// sheet differs. Lines differ by dash as well as by colour, so that they part in print and for every eye.
/// </summary>
public sealed class LineChart
{
    private const double Top = 34, Bottom = 48, Left = 56, Right = 22;

    /// <summary>The colours of a drawing that stands alone, dark enough on white; the page defines its own pair.</summary>
    private const string StandaloneStyle = """
        svg.chart{font-family:"Helvetica Neue",Helvetica,Arial,sans-serif;background:#fff;--ink:#1c2128;--muted:#57606a;--rule:#d8dee4;--paper:#ffffff;--series-1:#0b62a8;--series-2:#b4400a;--series-3:#15753a;--series-4:#8430c9;--series-5:#b01e63;--series-6:#4b5563}
        """;

    private const string SharedStyle = """
        .chart text{font-size:12px;fill:var(--muted)}.chart .name{fill:var(--ink);font-weight:600}.chart .axis{stroke:var(--muted);stroke-width:1;fill:none}.chart .grid{stroke:var(--rule);stroke-width:1}.chart .event{stroke:var(--muted);stroke-width:1;stroke-dasharray:1 4}.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}.chart .band{stroke:none;opacity:.17}.chart .best{stroke-width:2;fill:var(--paper)}.chart .reference{fill:none;stroke:var(--muted);stroke-width:1.3}.chart .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}.chart .s1{stroke:var(--series-1)}.chart .s2{stroke:var(--series-2);stroke-dasharray:9 4}.chart .s3{stroke:var(--series-3);stroke-dasharray:3 3}.chart .s4{stroke:var(--series-4);stroke-dasharray:12 3 3 3}.chart .s5{stroke:var(--series-5);stroke-dasharray:6 2}.chart .s6{stroke:var(--series-6);stroke-dasharray:2 5}.chart .f1{fill:var(--series-1)}.chart .f2{fill:var(--series-2)}.chart .f3{fill:var(--series-3)}.chart .f4{fill:var(--series-4)}.chart .f5{fill:var(--series-5)}.chart .f6{fill:var(--series-6)}.chart circle.best{stroke-dasharray:none}
        """;

    /// <summary>The rules that a page with charts puts into its style sheet once.</summary>
    public static string PageStyle => SharedStyle;

    /// <summary>What the chart shows, read out to those who do not see it.</summary>
    public required string Title { get; init; }

    /// <summary>The chart in words: where it starts, ends and turns.</summary>
    public string Description { get; init; } = "";

    /// <summary>What the horizontal axis counts.</summary>
    public required string XLabel { get; init; }

    /// <summary>What the vertical axis measures.</summary>
    public required string YLabel { get; init; }

    /// <summary>The lines; at least one with at least one point.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Vertical lines, such as the start of each epoch.</summary>
    public IReadOnlyList<ChartMark> Events { get; init; } = [];

    /// <summary>Points to compare with, such as published values.</summary>
    public IReadOnlyList<ChartMark> References { get; init; } = [];

    /// <summary>The bounds of the vertical axis where they are known beforehand.</summary>
    public (double Minimum, double Maximum)? YRange { get; init; }

    /// <summary>Whether values are shares, written in per cent.</summary>
    public bool IsShare { get; init; }

    /// <summary>The drawing.</summary>
    /// <param name="style">Size, axes, and whether it stands alone.</param>
    /// <returns>An <c>svg</c> element; with its own style sheet where it stands alone.</returns>
    public string Draw(ChartStyle style)
    {
        (Axis x, Axis y) = Axes(style);
        double right = style.Width - Right, bottom = style.Height - Bottom;
        double PlaceX(double value) => Left + x.Position(value) * (right - Left);
        double PlaceY(double value) => bottom - y.Position(value) * (bottom - Top);

        var svg = new StringBuilder();
        string kind = $"chart {style.CssClass}".TrimEnd();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{kind}\" id=\"{style.Id}\" role=\"img\" aria-labelledby=\"{style.Id}-title {style.Id}-description\" viewBox=\"0 0 {style.Width} {style.Height}\"");
        if (style.Standalone)
            svg.Append(CultureInfo.InvariantCulture, $" width=\"{style.Width}\" height=\"{style.Height}\"");
        else
            svg.Append(CultureInfo.InvariantCulture, $" data-plot=\"{Left} {right} {Top} {bottom}\" data-x=\"{x.Minimum:R} {x.Maximum:R} {(x.IsLogarithmic ? 1 : 0)}\" data-y=\"{y.Minimum:R} {y.Maximum:R} {(y.IsLogarithmic ? 1 : 0)}\"");
        svg.Append(">\n");
        svg.Append($"<title id=\"{style.Id}-title\">{Escape(Title)}</title>\n<desc id=\"{style.Id}-description\">{Escape(Description)}</desc>\n");
        if (style.Standalone)
            svg.Append("<style>").Append(StandaloneStyle).Append(SharedStyle).Append("</style>\n").Append(CultureInfo.InvariantCulture, $"<rect width=\"{style.Width}\" height=\"{style.Height}\" fill=\"#fff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<clipPath id=\"{style.Id}-plot\"><rect x=\"{Left}\" y=\"{Top}\" width=\"{N(right - Left)}\" height=\"{N(bottom - Top)}\"/></clipPath>\n");

        DrawAxes(svg, style, x, y, PlaceX, PlaceY);
        DrawEvents(svg, style, PlaceX, bottom);
        svg.Append($"<g clip-path=\"url(#{style.Id}-plot)\">\n");
        for (int i = 0; i < Series.Count; i++)
            DrawBand(svg, Series[i], i, PlaceX, PlaceY);
        for (int i = 0; i < Series.Count; i++)
            DrawLine(svg, Series[i], i, PlaceX, PlaceY);
        svg.Append("</g>\n");
        foreach (ChartMark reference in References.Where(mark => Shows(x, mark.X) && Shows(y, mark.Y)))
        {
            svg.Append($"<g><title>{Escape(reference.Description)}</title><path class=\"reference\" d=\"M{N(PlaceX(reference.X))} {N(PlaceY(reference.Y) - 4.5)}l4.5 4.5l-4.5 4.5l-4.5 -4.5z\"/>");
            svg.Append(reference.Label.Length > 0 ? $"<text class=\"halo\" x=\"{N(PlaceX(reference.X) + 7)}\" y=\"{N(PlaceY(reference.Y) - 5)}\">{Escape(reference.Label)}</text></g>\n" : "</g>\n");
        }
        DrawHighlights(svg, right, PlaceX, PlaceY);
        DrawLegend(svg, right);
        return svg.Append("</svg>\n").ToString();
    }

    private (Axis X, Axis Y) Axes(ChartStyle style)
    {
        ChartPoint[] all = [.. Series.SelectMany(series => series.Points)];
        if (all.Length == 0)
            throw new ArgumentException("a chart needs at least one point");
        double first = all.Min(point => point.X), last = all.Max(point => point.X);
        (double low, double high) = YRange ?? (all.Min(point => point.Y), all.Max(point => point.Y));
        if (YRange is null)
        {
            double room = style.LogarithmicY ? 0 : 0.04 * (high - low);
            (low, high) = style.LogarithmicY ? (low / 1.04, high * 1.03) : (low - room, high + room);
        }
        return (style.LogarithmicX ? new Axis(Math.Max(1, first), Math.Max(1, last), true) : new Axis(Math.Min(0, first), last, false),
            new Axis(style.LogarithmicY ? Math.Max(low, 1e-9) : low, high, style.LogarithmicY));
    }

    private static bool Shows(Axis axis, double value) => axis.Position(value) is >= 0 and <= 1;

    private void DrawAxes(StringBuilder svg, ChartStyle style, Axis x, Axis y, Func<double, double> placeX, Func<double, double> placeY)
    {
        double right = style.Width - Right, bottom = style.Height - Bottom;
        foreach (double tick in y.Ticks(6))
        {
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{N(right)}\" y1=\"{N(placeY(tick))}\" y2=\"{N(placeY(tick))}\"/>");
            svg.Append($"<text x=\"{Left - 8}\" y=\"{N(placeY(tick) + 4)}\" text-anchor=\"end\">{(IsShare ? $"{tick * 100:0.#}%" : Number(tick))}</text>\n");
        }
        foreach (double tick in x.Ticks(style.Width / 130))
        {
            double place = placeX(tick);
            svg.Append($"<line class=\"axis\" x1=\"{N(place)}\" x2=\"{N(place)}\" y1=\"{N(bottom)}\" y2=\"{N(bottom + 5)}\"/>");
            string anchor = place > right - 20 ? "end" : "middle";
            svg.Append($"<text x=\"{N(anchor == "end" ? Math.Min(place + 20, style.Width - 2) : place)}\" y=\"{N(bottom + 19)}\" text-anchor=\"{anchor}\">{Number(tick)}</text>\n");
        }
        svg.Append($"<line class=\"axis\" x1=\"{Left}\" x2=\"{N(right)}\" y1=\"{N(bottom)}\" y2=\"{N(bottom)}\"/>");
        svg.Append($"<text x=\"{N((Left + right) / 2)}\" y=\"{N(bottom + 38)}\" text-anchor=\"middle\">{Escape(XLabel)}</text>");
        svg.Append($"<text x=\"{N(-(Top + bottom) / 2)}\" y=\"14\" text-anchor=\"middle\" transform=\"rotate(-90)\">{Escape(YLabel)}</text>\n");
    }

    private void DrawEvents(StringBuilder svg, ChartStyle style, Func<double, double> placeX, double bottom)
    {
        double free = double.NegativeInfinity;
        foreach (ChartMark mark in Events)
        {
            double place = placeX(mark.X);
            if (place < Left || place > style.Width - Right)
                continue;
            svg.Append($"<line class=\"event\" x1=\"{N(place)}\" x2=\"{N(place)}\" y1=\"{N(Top)}\" y2=\"{N(bottom)}\"/>");
            double width = 7.0 * mark.Label.Length;
            if (place < free || place + width > style.Width - Right + 10)
                continue;
            svg.Append($"<text x=\"{N(place + 4)}\" y=\"{N(Top + 11)}\">{Escape(mark.Label)}</text>\n");
            free = place + width + 10;
        }
    }

    private static void DrawBand(StringBuilder svg, ChartSeries series, int index, Func<double, double> placeX, Func<double, double> placeY)
    {
        if (series.Band.Count < 2)
            return;
        svg.Append($"<path class=\"band f{index % 6 + 1}\" d=\"M");
        foreach (ChartBand band in series.Band)
            svg.Append($"{N(placeX(band.X))} {N(placeY(band.High))} ");
        for (int i = series.Band.Count - 1; i >= 0; i--)
            svg.Append($"{N(placeX(series.Band[i].X))} {N(placeY(series.Band[i].Low))} ");
        svg.Append("z\"/>\n");
    }

    private static void DrawLine(StringBuilder svg, ChartSeries series, int index, Func<double, double> placeX, Func<double, double> placeY)
    {
        if (series.Points.Count == 1)
        {
            svg.Append($"<circle class=\"f{index % 6 + 1}\" r=\"3\" cx=\"{N(placeX(series.Points[0].X))}\" cy=\"{N(placeY(series.Points[0].Y))}\"/>\n");
            return;
        }
        svg.Append($"<path class=\"line s{index % 6 + 1}\" d=\"M");
        foreach (ChartPoint point in series.Points)
            svg.Append($"{N(placeX(point.X))} {N(placeY(point.Y))} ");
        svg.Length--;
        svg.Append("\"/>\n");
    }

    private void DrawHighlights(StringBuilder svg, double right, Func<double, double> placeX, Func<double, double> placeY)
    {
        for (int i = 0; i < Series.Count; i++)
        {
            if (Series[i].Highlight is not { } mark)
                continue;
            double place = placeX(mark.X), height = placeY(mark.Y);
            svg.Append($"<circle class=\"best s{i % 6 + 1}\" r=\"4.5\" cx=\"{N(place)}\" cy=\"{N(height)}\"/>");
            if (Series.Count > 1)
                continue;
            bool leftOf = place > right - 7.0 * mark.Label.Length;
            svg.Append($"<text class=\"name halo\" x=\"{N(leftOf ? place + 4 : place + 8)}\" y=\"{N(height - 14)}\" text-anchor=\"{(leftOf ? "end" : "start")}\">{Escape(mark.Label)}</text>\n");
        }
    }

    /// <summary>Above the plot: a stroke of each line with its name, as many as there is room for.</summary>
    private void DrawLegend(StringBuilder svg, double right)
    {
        double place = Left;
        for (int i = 0; i < Series.Count; i++)
        {
            string name = Series[i].Name.Length > 34 ? Series[i].Name[..33] + "…" : Series[i].Name;
            double width = 34 + 7.0 * name.Length + (Series[i].BandName.Length > 0 ? 26 + 6.6 * Series[i].BandName.Length : 0);
            if (i > 0 && place + width > right)
            {
                svg.Append($"<text x=\"{N(place)}\" y=\"18\">and {Series.Count - i} more</text>\n");
                return;
            }
            svg.Append($"<path class=\"line s{i % 6 + 1}\" d=\"M{N(place)} 14h24\"/><text class=\"name\" x=\"{N(place + 30)}\" y=\"18\">{Escape(name)}</text>\n");
            place += 34 + 7.0 * name.Length;
            if (Series[i].BandName.Length > 0)
            {
                svg.Append($"<rect class=\"band f{i % 6 + 1}\" x=\"{N(place)}\" y=\"8\" width=\"18\" height=\"12\"/><text x=\"{N(place + 23)}\" y=\"18\">{Escape(Series[i].BandName)}</text>\n");
                place += 26 + 6.6 * Series[i].BandName.Length;
            }
            place += 14;
        }
    }

    /// <summary>A coordinate with as many digits as can be seen.</summary>
    private static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 1000 ? "#,0" : "0.####", CultureInfo.InvariantCulture);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
