using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Reports.Html;

/// <summary>The page as it grows, and what its sections share: tables, data for the script, headings of the right level.</summary>
internal sealed class PageWriter
{
    private readonly StringBuilder html = new();
    private int charts;

    /// <summary>How many runs the page is about.</summary>
    public required int RunCount { get; init; }

    /// <summary>Whether it is about one run only.</summary>
    public bool Single => RunCount == 1;

    /// <summary>The folder that the page will lie in, an absolute path; empty where it is not known.</summary>
    public string Folder { get; init; } = "";

    /// <summary>A link from the page to a file of a run, relative so that both can be moved together; null where there is no such file.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">The file's name in the run's folder.</param>
    /// <returns>The link, fit for an attribute.</returns>
    public string? LinkTo(ReportRun run, string name)
    {
        if (Folder.Length == 0 || run.Folder.Length == 0 || !File.Exists(Path.Combine(run.Folder, name)))
        {
            return null;
        }

        // Each part is escaped by itself: the strokes between them stay.
        var parts = Path.GetRelativePath(Folder, Path.Combine(run.Folder, name)).Split(Path.DirectorySeparatorChar);
        return Path.IsPathRooted(parts[0] + "/") ? null : Markup.Escape(string.Join('/', parts.Select(Uri.EscapeDataString)));
    }

    /// <summary>Adds markup.</summary>
    public PageWriter Add(string markup)
    {
        html.Append(markup);
        return this;
    }

    /// <summary>Begins a section of a run; under its heading where there are several.</summary>
    /// <param name="id">The section's kind; the run's number is added.</param>
    /// <param name="title">The heading, plain text.</param>
    /// <param name="run">The run's number, from 1.</param>
    public void Begin(string id, string title, int run)
    {
        var heading = Single ? "h2" : "h3";
        var name = $"{id}{run.ToString(CultureInfo.InvariantCulture)}";
        // A section with a name is a landmark; those of several runs would all have the same names.
        Add($"<section id=\"{name}\"{(Single ? $" aria-labelledby=\"{name}-title\"" : "")}>\n<{heading} id=\"{name}-title\">{Markup.Escape(title)}</{heading}>\n");
    }

    /// <summary>Ends a section.</summary>
    public void End() => Add("</section>\n");

    /// <summary>Begins a table that scrolls where the page is too narrow for it.</summary>
    /// <param name="caption">In markup.</param>
    /// <param name="columns">The column heads in markup; the first column names the row.</param>
    /// <param name="kind">A class of the table.</param>
    public void BeginTable(string caption, IEnumerable<string> columns, string kind = "")
    {
        string[] heads = [.. columns];
        Add($"<div class=\"scroll\" tabindex=\"0\"><table{(kind.Length > 0 ? $" class=\"{kind}\"" : "")}>\n<caption>{caption}</caption>\n");
        if (heads.Length > 0)
        {
            Add($"<thead><tr>{string.Concat(heads.Select(head => head.Length > 0 ? $"<th scope=\"col\">{head}</th>" : "<td></td>"))}</tr></thead>\n");
        }

        Add("<tbody>\n");
    }

    /// <summary>A row of a table.</summary>
    /// <param name="head">What names it, in markup.</param>
    /// <param name="cells">The cells, in markup.</param>
    public void Row(string head, params IEnumerable<string> cells) => Add($"<tr><th scope=\"row\">{head}</th>{string.Concat(cells.Select(cell => $"<td>{cell}</td>"))}</tr>\n");

    /// <summary>Ends a table.</summary>
    public void EndTable() => Add("</tbody></table></div>\n");

    /// <summary>An identifier for a chart that no other has.</summary>
    public string NewChart() => "chart" + (++charts).ToString(CultureInfo.InvariantCulture);

    /// <summary>Adds a chart that needs no script, drawn once for wide pages and once for narrow ones.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="caption">In markup.</param>
    /// <param name="style">Its axes, and the height on wide pages.</param>
    public void Figure(LineChart chart, string caption, ChartStyle style)
    {
        var id = NewChart();
        Add("<figure>\n");
        foreach (var (size, width, height) in ((string, int, int)[])[("wide", 920, style.Height), ("narrow", 380, Math.Min(style.Height, 320))])
        {
            Add(chart.Draw(style with { Width = width, Height = height, Id = $"{id}-{size}", CssClass = $"{size} xlin ylin" }));
        }

        Add($"<figcaption>{caption}</figcaption>\n</figure>\n");
    }

    /// <summary>Data for the script. The default encoder of Utf8JsonWriter escapes '&lt;', so that no name can end the script element.</summary>
    /// <param name="id">The element's identifier.</param>
    /// <param name="write">Writes the members of an object.</param>
    public void Data(string id, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        Add($"<script type=\"application/json\" id=\"{id}\">{Encoding.UTF8.GetString(buffer.WrittenSpan)}</script>\n");
    }

    /// <summary>A list of numbers as a member of the data; those that are not finite become null.</summary>
    public static void Numbers(Utf8JsonWriter writer, string name, IEnumerable<double> values, int decimals)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            JsonNumbers.WriteValue(writer, Math.Round(value, decimals));
        }

        writer.WriteEndArray();
    }

    /// <summary>The page's text.</summary>
    public override string ToString() => html.ToString();
}
