using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Charts;

/// <summary>One drawing of a chart: its axes, the place of everything on them, and the SVG.</summary>
internal sealed class ChartDrawing
{
    /// <summary>
    /// How each class of a drawing looks, with the page's colours as variables; the later of two rules of an element wins. A page has them
    /// as a style sheet; a drawing that stands alone as attributes, for many programs for papers and slides know no style sheets.
    /// </summary>
    private static readonly (string Class, string Look)[] Rules =
    [
        ("text", "font-size:12px;fill:var(--muted)"),
        ("name", "fill:var(--ink);font-weight:600"),
        ("axis", "stroke:var(--muted);stroke-width:1;fill:none"),
        ("grid", "stroke:var(--rule);stroke-width:1"),
        ("event", "stroke:var(--muted);stroke-width:1;stroke-dasharray:1 4"),
        ("line", "fill:none;stroke-width:2;stroke-linejoin:round"),
        ("band", "stroke:none;opacity:.17"),
        ("best", "stroke-width:2;fill:var(--paper)"),
        ("reference", "fill:var(--paper);stroke:var(--muted);stroke-width:1.3"),
        ("halo", "paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round"),
        .. Enumerable.Range(1, 6).Select(i => ($"s{i}", $"stroke:var(--series-{i})")),
        .. Enumerable.Range(1, 6).Select(i => ($"f{i}", $"fill:var(--series-{i})")),
        ("d2", "stroke-dasharray:9 4"), ("d3", "stroke-dasharray:3 3"), ("d4", "stroke-dasharray:12 3 3 3"), ("d5", "stroke-dasharray:6 2"), ("d6", "stroke-dasharray:2 5"),
    ];

    private const string StandaloneFonts = "Helvetica Neue, Helvetica, Arial, sans-serif";

    private const double LegendRow = 20;

    /// <summary>The colours of a drawing that stands alone, dark enough on white.</summary>
    private static readonly Dictionary<string, string> StandaloneColours = new()
    {
        ["ink"] = "#1c2128", ["muted"] = "#57606a", ["rule"] = "#d8dee4", ["paper"] = "#ffffff",
        ["series-1"] = "#0b62a8", ["series-2"] = "#b4400a", ["series-3"] = "#15753a", ["series-4"] = "#8430c9", ["series-5"] = "#b01e63", ["series-6"] = "#4b5563",
    };

    private readonly LineChart chart;
    private readonly ChartStyle style;
    private readonly StringBuilder svg = new();
    private readonly IReadOnlyList<ChartSeries> series;
    private readonly List<(double X, double Y, int Series)> legend = [];
    private readonly Axis xAxis, yAxis;
    private readonly double left = 56, right, top, bottom, fontSize;
    private readonly ChartLabels labels;

    public ChartDrawing(LineChart chart, ChartStyle style)
    {
        (this.chart, this.style) = (chart, style);
        series = [.. chart.Series.Select(line => line with
        {
            Points = [.. line.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))],
            Band = [.. line.Band.Where(band => double.IsFinite(band.Low) && double.IsFinite(band.High))],
        })];
        fontSize = style.Width < 600 ? 13 : 12;
        (right, bottom) = (style.Width - 22, style.Height - 48);
        top = 14 + LegendRow * PlaceLegend();
        (xAxis, yAxis) = Axes();
        labels = new ChartLabels(left + 2, top, right + 18, bottom - 2, fontSize);
    }

    /// <summary>The rules of every chart as a style sheet.</summary>
    public static string SharedStyle { get; } = string.Concat(Rules.Select(rule => $".chart {(rule.Class == "text" ? "" : ".")}{rule.Class}{{{rule.Look}}}")) + "\n";

    public string Draw()
    {
        Begin();
        DrawAxes();
        DrawEvents();
        Add("<g>\n");
        for (var i = 0; i < series.Count; i++)
        {
            DrawBand(series[i].Band, i);
        }

        for (var i = 0; i < series.Count; i++)
        {
            DrawLine(series[i].Points, i);
        }

        Add("</g>\n");
        DrawMarks();
        DrawLegend();
        svg.Append("</svg>\n");
        return style.Standalone ? WithLooks(svg.ToString()) : svg.ToString();
    }

    /// <summary>The drawing with the look of each element as its attributes.</summary>
    private static string WithLooks(string drawing) => Regex.Replace(drawing, """<(text|line|path|rect|circle)(?: class="([^"]*)")?(?= )""", element =>
    {
        string[] classes = [.. element.Groups[2].Value.Split(' '), element.Groups[1].Value == "text" ? "text" : ""];
        var looks = new Dictionary<string, string>();
        foreach ((var name, var look) in Rules.Where(rule => classes.Contains(rule.Class)))
        {
            foreach (var part in look.Split(';').Select(declaration => declaration.Split(':')))
            {
                looks[part[0]] = StandaloneColours.Aggregate(part[1], (value, colour) => value.Replace($"var(--{colour.Key})", colour.Value, StringComparison.Ordinal));
            }
        }

        return element.Value + string.Concat(looks.Select(look => $" {look.Key}=\"{look.Value}\""));
    });

    private void Begin()
    {
        var kind = $"chart {style.CssClass}".TrimEnd();
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{kind}\" id=\"{style.Id}\" role=\"img\" aria-labelledby=\"{style.Id}-title {style.Id}-description\" viewBox=\"0 0 {style.Width} {style.Height}\"");
        if (style.Standalone)
        {
            Add($" width=\"{style.Width}\" height=\"{style.Height}\" font-family=\"{StandaloneFonts}\"");
        }
        else
        {
            Add($" data-plot=\"{N(left)} {N(right)} {N(top)} {N(bottom)}\" data-x=\"{xAxis.Minimum:R} {xAxis.Maximum:R} {(xAxis.IsLogarithmic ? 1 : 0)}\" data-y=\"{yAxis.Minimum:R} {yAxis.Maximum:R} {(yAxis.IsLogarithmic ? 1 : 0)}\"");
        }

        Add($">\n<title id=\"{style.Id}-title\">{Markup.Escape(chart.Title)}</title>\n<desc id=\"{style.Id}-description\">{Markup.Escape(chart.Description)}</desc>\n");
        if (style.Standalone)
        {
            Add($"<rect width=\"{style.Width}\" height=\"{style.Height}\" fill=\"#fff\"/>\n");
        }
    }

    private (Axis X, Axis Y) Axes()
    {
        double first = double.MaxValue, last = double.MinValue, low = double.MaxValue, high = double.MinValue;
        foreach (var point in series.SelectMany(line => line.Points))
        {
            (first, last) = (Math.Min(first, point.X), Math.Max(last, point.X));
            (low, high) = (Math.Min(low, point.Y), Math.Max(high, point.Y));
        }

        if (first > last)
        {
            throw new ArgumentException("a chart needs at least one point");
        }

        if (chart.YRange is { } range)
        {
            (low, high) = range;
        }
        else if (style.LogarithmicY)
        {
            (low, high) = (low / 1.04, high * 1.03);
        }
        else
        {
            (low, high) = (low - 0.04 * (high - low), high + 0.04 * (high - low));
        }

        if (style.LogarithmicY)
        {
            (low, high) = (Math.Max(low, 1e-9), Math.Max(high, 1e-9));
        }

        return (style.LogarithmicX ? new Axis(Math.Max(1, first), Math.Max(1, last), true) : new Axis(Math.Min(0, first), last, false), new Axis(low, high, style.LogarithmicY));
    }

    private double PlaceX(double value) => left + Math.Clamp(xAxis.Position(value), 0, 1) * (right - left);

    /// <summary>What is beyond the axis stands at its end: not every program can clip a drawing.</summary>
    private double PlaceY(double value) => bottom - Math.Clamp(yAxis.Position(value), 0, 1) * (bottom - top);

    private void DrawAxes()
    {
        foreach (var tick in yAxis.Ticks(6))
        {
            Add($"<line class=\"grid\" x1=\"{N(left)}\" x2=\"{N(right)}\" y1=\"{N(PlaceY(tick))}\" y2=\"{N(PlaceY(tick))}\"/>");
            Add($"<text x=\"{N(left - 8)}\" y=\"{N(PlaceY(tick) + 4)}\" text-anchor=\"end\">{(chart.IsShare ? $"{tick * 100:0.#}%" : Number(tick))}</text>\n");
        }

        foreach (var tick in xAxis.Ticks(style.Width / 130))
        {
            double place = PlaceX(tick), half = ChartLabels.Width(Number(tick), fontSize) / 2;
            Add($"<line class=\"axis\" x1=\"{N(place)}\" x2=\"{N(place)}\" y1=\"{N(bottom)}\" y2=\"{N(bottom + 5)}\"/>");
            Add($"<text x=\"{N(Math.Min(place, style.Width - half - 3))}\" y=\"{N(bottom + 19)}\" text-anchor=\"middle\">{Number(tick)}</text>\n");
        }

        Add($"<line class=\"axis\" x1=\"{N(left)}\" x2=\"{N(right)}\" y1=\"{N(bottom)}\" y2=\"{N(bottom)}\"/>");
        Add($"<text x=\"{N((left + right) / 2)}\" y=\"{N(bottom + 39)}\" text-anchor=\"middle\">{Markup.Escape(chart.XLabel)}</text>");
        Add($"<text x=\"{N(-(top + bottom) / 2)}\" y=\"13\" text-anchor=\"middle\" transform=\"rotate(-90)\">{Markup.Escape(chart.YLabel)}</text>\n");
    }

    /// <summary>Dotted lines, each named at its top where the name before it leaves room.</summary>
    private void DrawEvents()
    {
        var free = double.NegativeInfinity;
        ChartMark[] within = [.. chart.Events.Where(mark => xAxis.Position(mark.X) is >= 0 and <= 1)];
        foreach (var place in within.Select(mark => PlaceX(mark.X)))
        {
            Add($"<line class=\"event\" x1=\"{N(place)}\" x2=\"{N(place)}\" y1=\"{N(top)}\" y2=\"{N(bottom)}\"/>");
        }

        foreach (var mark in within)
        {
            double place = PlaceX(mark.X), width = ChartLabels.Width(mark.Label, fontSize);
            if (place < free || place + width > right + 10)
            {
                continue;
            }

            AddLabel("", place + 4, top + 11, mark.Label);
            labels.Take(place + width / 2, top + 6, width / 2 + 6);
            free = place + width + 14;
        }
    }

    private void DrawBand(IReadOnlyList<ChartBand> bands, int index)
    {
        if (bands.Count < 2)
        {
            return;
        }

        Add($"<path class=\"band f{Style(index)}\" d=\"M");
        foreach (var band in bands)
        {
            Add($"{N(PlaceX(band.X))} {N(PlaceY(band.High))} ");
        }

        for (var i = bands.Count - 1; i >= 0; i--)
        {
            Add($"{N(PlaceX(bands[i].X))} {N(PlaceY(bands[i].Low))} ");
        }

        Add("z\"/>\n");
    }

    private void DrawLine(IReadOnlyList<ChartPoint> points, int index)
    {
        if (points.Count == 1)
        {
            Add($"<circle class=\"f{Style(index)}\" r=\"3\" cx=\"{N(PlaceX(points[0].X))}\" cy=\"{N(PlaceY(points[0].Y))}\"/>\n");
        }

        if (points.Count < 2)
        {
            return;
        }

        Add($"<path class=\"line s{Style(index)} d{Style(index)}\" d=\"M");
        foreach (var point in points)
        {
            Add($"{N(PlaceX(point.X))} {N(PlaceY(point.Y))} ");
            labels.TakeLine(PlaceX(point.X), PlaceY(point.Y));
        }

        svg.Length--;
        Add("\"/>\n");
    }

    /// <summary>The marks first, then their labels, the best before the published, so that no label covers a mark.</summary>
    private void DrawMarks()
    {
        ChartMark[] references = [.. chart.References.Where(mark => xAxis.Position(mark.X) is >= 0 and <= 1 && yAxis.Position(mark.Y) is >= 0 and <= 1)];
        foreach (var mark in references)
        {
            (var x, var y) = (PlaceX(mark.X), PlaceY(mark.Y));
            Add($"<g class=\"published\"><title>{Markup.Escape(mark.Description)}</title><path class=\"reference\" d=\"M{N(x)} {N(y - 4.5)}l4.5 4.5l-4.5 4.5l-4.5 -4.5z\"/></g>\n");
            labels.Take(x, y, 4);
        }

        for (var i = 0; i < series.Count; i++)
        {
            if (series[i].Highlight is not { } best || !double.IsFinite(best.Y))
            {
                continue;
            }

            Add($"<circle class=\"best s{Style(i)}\" r=\"4.5\" cx=\"{N(PlaceX(best.X))}\" cy=\"{N(PlaceY(best.Y))}\"/>\n");
            labels.Take(PlaceX(best.X), PlaceY(best.Y), 5);
        }

        if (series.Count == 1 && series[0].Highlight is { } only && double.IsFinite(only.Y))
        {
            Label(only, "name ", [16, 24, 34, 46, 60, 80, 100]);
        }

        foreach (var mark in references.Where(mark => mark.Label.Length > 0))
        {
            Label(mark, "published ", [6, 12, 20]);
        }

        void Label(ChartMark mark, string kind, double[] distances)
        {
            if (labels.Place(PlaceX(mark.X), PlaceY(mark.Y), mark.Label, distances, kind == "name ") is { } place)
            {
                AddLabel(kind, place.X, place.Y, mark.Label);
            }
        }
    }

    /// <summary>A label that can be read on a line too. Programs that do not know paint-order would draw the halo over the letters: there they stand once more on top.</summary>
    private void AddLabel(string kind, double x, double y, string label)
    {
        var rest = $"x=\"{N(x)}\" y=\"{N(y)}\">{Markup.Escape(label)}</text>\n";
        Add($"<text class=\"{kind}halo\" {rest}");
        if (style.Standalone)
        {
            Add($"<text class=\"{kind}mark\" {rest}");
        }
    }

    /// <summary>Where each name of the legend stands, in rows above the plot. Returns the number of rows.</summary>
    private int PlaceLegend()
    {
        var x = left;
        var row = 1;
        for (var i = 0; i < series.Count; i++)
        {
            var width = 30 + ChartLabels.Width(LegendName(i), fontSize, bold: true) + (series[i].BandName.Length > 0 ? 38 + ChartLabels.Width(series[i].BandName, fontSize) : 0);
            if (i > 0 && x + width > right + 18)
            {
                (x, row) = (left, row + 1);
            }

            legend.Add((x, 15 + LegendRow * (row - 1), i));
            x += width + 20;
        }

        return row;
    }

    private void DrawLegend()
    {
        foreach ((var x, var y, var i) in legend)
        {
            var end = x + 30 + ChartLabels.Width(LegendName(i), fontSize, bold: true);
            Add($"<path class=\"line s{Style(i)} d{Style(i)}\" d=\"M{N(x)} {N(y - 4)}h24\"/><text class=\"name\" x=\"{N(x + 30)}\" y=\"{N(y)}\">{Markup.Escape(LegendName(i))}</text>\n");
            if (series[i].BandName.Length > 0)
            {
                Add($"<rect class=\"band f{Style(i)}\" x=\"{N(end + 14)}\" y=\"{N(y - 10)}\" width=\"18\" height=\"12\"/><text x=\"{N(end + 38)}\" y=\"{N(y)}\">{Markup.Escape(series[i].BandName)}</text>\n");
            }
        }
    }

    private string LegendName(int index) => series[index].Name.Length > 34 ? series[index].Name[..33] + "…" : series[index].Name;

    private static int Style(int index) => index % 6 + 1;

    /// <summary>A coordinate with as many digits as can be seen.</summary>
    private static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Number(double value) => Math.Abs(value) switch
    {
        >= 1e12 => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
        >= 1e9 => (value / 1e9).ToString("0.###", CultureInfo.InvariantCulture) + " billion",
        >= 1e6 => (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + " million",
        >= 1e3 => value.ToString("#,0", CultureInfo.InvariantCulture),
        0 => "0",
        < 1e-4 => value.ToString("0.##E+0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    private void Add(string text) => svg.Append(text);
}
