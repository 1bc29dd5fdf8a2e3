using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.HiddenUnits;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.Rnn.Reports;

/// <summary>The report: one HTML file that needs nothing else, neither network nor script, to be read.</summary>
public sealed class HtmlReport
{
    private const int MostSamplesShown = 16, MostSamplesInDetails = 120;

    private readonly IReadOnlyList<ReportRun> runs;
    private readonly LossChart lossChart;
    private readonly StringBuilder html = new();
    private int charts;

    private HtmlReport(IReadOnlyList<ReportRun> runs)
    {
        this.runs = runs;
        lossChart = new LossChart(runs);
    }

    /// <summary>Writes the report.</summary>
    /// <param name="runs">At least one; several are laid over each other and compared.</param>
    /// <param name="version">The program's version line, for the foot of the page.</param>
    /// <returns>The text of an HTML file.</returns>
    public static string Write(IReadOnlyList<ReportRun> runs, string version)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count, nameof(runs));
        var report = new HtmlReport(runs);
        report.WritePage(version);
        return report.html.ToString();
    }

    private bool Single => runs.Count == 1;

    private void WritePage(string version)
    {
        string title = Single ? $"{runs[0].Name} · CharRnn report" : $"{runs.Count} runs compared · CharRnn report";
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
            <title>{E(title)}</title>
            <link rel="icon" href="data:,">
            <style>
            {Asset("report.css")}{LineChart.PageStyle}</style>
            </head>
            <body>
            <a class="skip" href="#loss">To the loss curve</a>

            """);
        WriteHeader();
        html.Append("<main>\n");
        WriteLoss();
        if (!Single)
            WriteComparison();
        for (int i = 0; i < runs.Count; i++)
            WriteRun(runs[i], i);
        html.Append("</main>\n");
        html.Append($"<footer><p>Written by {E(version)}. The page holds everything it shows; it loads nothing.</p></footer>\n");
        html.Append("<script>\n").Append(Asset("report.js")).Append("</script>\n</body>\n</html>\n");
    }

    private void WriteHeader()
    {
        html.Append("<header>\n<p class=\"kind\">CharRnn report</p>\n");
        if (!Single)
        {
            html.Append($"<h1>{runs.Count} runs compared</h1>\n<p class=\"lede\">{string.Join(", ", runs.Select((run, i) => $"<a href=\"#run{i + 1}\">{E(run.Name)}</a>"))}.</p>\n</header>\n");
            return;
        }
        ReportRun only = runs[0];
        html.Append($"<h1>{E(only.Name)}</h1>\n");
        html.Append($"<p class=\"lede\">A recurrent network of {only.HiddenSize} hidden units read <em>{E(only.TextName)}</em> ({only.TextLength:#,0} characters, {only.VocabularySize} distinct) {Epochs(only)}");
        if (only.Losses.Count > 0)
            html.Append($". Its smooth loss fell from {F(only.Losses[0].SmoothLoss, 1)} to {F(only.BestSmoothLoss, 1)}, which is {F(only.BitsPerCharacter(only.BestSmoothLoss), 2)} bits a character.");
        else
            html.Append(". It has not been trained yet.");
        html.Append("</p>\n");
        WriteKeyFigures(only);
        var sections = new List<(string Id, string Name)> { ("loss", "Loss") };
        if (only.Samples.Count > 0)
            sections.Add(("text1", "The text as it grows"));
        if (only.BestPassage is not null)
            sections.Add(("best1", "Best passage"));
        if (only.Words is not null)
            sections.Add(("words1", "Words"));
        if (only.HiddenUnits is not null)
            sections.Add(("units1", "Hidden units"));
        if (only.Gradients.Count > 0)
            sections.Add(("gradients1", "Gradients"));
        if (only.Speed.Count > 0)
            sections.Add(("speed1", "Speed"));
        sections.Add(("settings1", "Settings and machine"));
        html.Append("<nav aria-label=\"Sections\"><ul>\n");
        foreach ((string id, string name) in sections)
            html.Append($"<li><a href=\"#{id}\">{name}</a></li>\n");
        html.Append("</ul></nav>\n</header>\n");
    }

    private void WriteKeyFigures(ReportRun run)
    {
        if (run.Losses.Count == 0)
            return;
        html.Append("<dl class=\"figures\">\n");
        Figure("Updates", $"{run.Steps:#,0}", Epochs(run));
        Figure("Best smooth loss", F(run.BestSmoothLoss, 2), $"at update {run.BestStep:#,0}");
        Figure("Last smooth loss", F(run.Losses[^1].SmoothLoss, 2), $"{F(run.BitsPerCharacter(run.Losses[^1].SmoothLoss), 2)} bits a character");
        Figure("Time", Duration(run.Seconds), run.Seconds > 0 ? $"{F(run.Seconds / run.Steps * 1e6, 1)} µs an update, all included" : "");
        html.Append("</dl>\n");

        void Figure(string name, string value, string remark) =>
            html.Append($"<div><dt>{name}</dt><dd>{value}<small>{remark}</small></dd></div>\n");
    }

    private void WriteLoss()
    {
        html.Append("<section id=\"loss\">\n<h2>Loss</h2>\n");
        if (lossChart.IsEmpty)
        {
            html.Append("<p>Nothing has been recorded: the run has no metrics.</p>\n</section>\n");
            return;
        }
        string id = "chart" + ++charts;
        html.Append($"<figure data-chart=\"{id}-data\">\n");
        foreach ((string size, int width, int height) in new[] { ("wide", 920, 430), ("narrow", 380, 340) })
        {
            foreach (bool logarithmicX in new[] { false, true })
            {
                foreach (bool logarithmicY in new[] { false, true })
                {
                    string axes = $"{(logarithmicX ? "xlog" : "xlin")} {(logarithmicY ? "ylog" : "ylin")}";
                    html.Append(lossChart.Draw(new ChartStyle
                    {
                        Width = width,
                        Height = height,
                        LogarithmicX = logarithmicX,
                        LogarithmicY = logarithmicY,
                        CssClass = $"{size} {axes}",
                        Id = $"{id}-{size}-{axes.Replace(' ', '-')}",
                    }));
                }
            }
        }
        html.Append($"""
            <div class="tip" hidden></div>
            <div class="controls"><label><input type="checkbox" class="log-x"> logarithmic updates</label><label><input type="checkbox" class="log-y"> logarithmic loss</label><label class="read">read values <input type="range" min="0" max="1" value="0" aria-label="Update whose values are read"></label></div>
            <figcaption>{LossCaption()}</figcaption>
            </figure>

            """);
        WriteChartData(id, lossChart.Runs.Select(run => (Single ? "smooth loss" : run.Name, LossChart.Thinned(run, Math.Max(80, 600 / lossChart.Runs.Count)))), writer => { });
        WriteLossTable();
        html.Append("</section>\n");
    }

    private string LossCaption()
    {
        string chunk = Single ? $"the {runs[0].SequenceLength} characters of a chunk" : "a chunk's characters";
        string caption = $"The smooth loss (0.999 of the one before and 0.001 of the update's loss) in nats, summed over {chunk}. {(Single ? "Pale: from the least to the greatest loss of single updates nearby. Dotted: where an epoch starts. " : "")}The ring marks the best.";
        return PublishedLosses.For(runs).Count > 0
            ? caption + " Diamonds: what five lab reports (R1 to R5) published for the same network on a novel of this size."
            : caption;
    }

    private void WriteLossTable()
    {
        html.Append("<details><summary>The curve in numbers</summary>\n<div class=\"scroll\"><table>\n<caption>Smooth loss in nats a chunk</caption>\n<thead><tr><th scope=\"col\">update</th>");
        foreach (ReportRun run in lossChart.Runs)
            html.Append($"<th scope=\"col\">{E(Single ? "smooth loss" : run.Name)}</th>");
        if (Single)
            html.Append("<th scope=\"col\">bits a character</th><th scope=\"col\">epoch</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        long last = lossChart.Runs.Max(run => run.Steps);
        double round = new Axis(0, Math.Max(1, last), false).Ticks(10) is [_, var step, ..] ? step : last;
        long[] steps = [.. new[] { lossChart.Runs.Min(run => run.Losses[0].Step) }.Concat(Enumerable.Range(1, 40).Select(k => (long)(k * round)).Where(value => value < last)).Append(last).Distinct()];
        foreach (long wanted in steps)
        {
            html.Append($"<tr><th scope=\"row\">{wanted:#,0}</th>");
            foreach (ReportRun run in lossChart.Runs)
            {
                LossPoint? near = At(run, wanted);
                html.Append($"<td>{(near is { } point ? F(point.SmoothLoss, 2) : "")}</td>");
                if (Single && near is { } only)
                    html.Append($"<td>{F(run.BitsPerCharacter(only.SmoothLoss), 3)}</td><td>{only.Epoch}</td>");
            }
            html.Append("</tr>\n");
        }
        html.Append("</tbody></table></div></details>\n");
    }

    /// <summary>The metrics line at a step, or the last one before it; null past the run's end.</summary>
    private static LossPoint? At(ReportRun run, long step)
    {
        if (step > run.Steps || run.Losses[0].Step > step)
            return null;
        int low = 0, high = run.Losses.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (run.Losses[middle].Step <= step)
                low = middle;
            else
                high = middle - 1;
        }
        return run.Losses[low];
    }

    private void WriteComparison()
    {
        html.Append("<section id=\"comparison\">\n<h2>The runs side by side</h2>\n<div class=\"scroll\"><table>\n<caption>What differs is bold.</caption>\n<thead><tr><th scope=\"col\"></th>");
        foreach (ReportRun run in runs)
            html.Append($"<th scope=\"col\">{E(run.Name)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        Row("best smooth loss", run => run.Losses.Count > 0 ? F(run.BestSmoothLoss, 2) : "", mark: false);
        Row("bits a character at the best", run => run.Losses.Count > 0 ? F(run.BitsPerCharacter(run.BestSmoothLoss), 3) : "", mark: false);
        Row("at update", run => $"{run.BestStep:#,0}", mark: false);
        Row("last smooth loss", run => run.Losses.Count > 0 ? F(run.Losses[^1].SmoothLoss, 2) : "", mark: false);
        Row("updates", run => $"{run.Steps:#,0}", mark: false);
        Row("time", run => Duration(run.Seconds), mark: false);
        foreach (string name in runs.SelectMany(run => run.Settings.Concat(run.Machine)).Select(fact => fact.Name).Distinct())
            Row(name, run => run.Settings.Concat(run.Machine).FirstOrDefault(fact => fact.Name == name)?.Value ?? "", mark: true);
        html.Append("</tbody></table></div>\n</section>\n");

        void Row(string name, Func<ReportRun, string> value, bool mark)
        {
            string[] values = [.. runs.Select(value)];
            string kind = mark && values.Distinct().Count() > 1 ? " class=\"differs\"" : "";
            html.Append($"<tr><th scope=\"row\">{E(name)}</th>{string.Concat(values.Select(text => $"<td{kind}>{E(text)}</td>"))}</tr>\n");
        }
    }

    private void WriteRun(ReportRun run, int index)
    {
        string number = (index + 1).ToString(CultureInfo.InvariantCulture);
        string heading = Single ? "h2" : "h3";
        if (!Single)
            html.Append($"<section id=\"run{number}\">\n<h2>{E(run.Name)}</h2>\n");
        WriteSamples(run, number, heading);
        if (run.BestPassage is { } passage)
        {
            html.Append($"<section id=\"best{number}\">\n<{heading}>Best passage</{heading}>\n<p>{passage.EnumerateRunes().Count():#,0} characters from the weights of update {run.BestStep:#,0}, where the smooth loss was lowest ({F(run.BestSmoothLoss, 2)}).</p>\n");
            html.Append($"<blockquote class=\"prose\">{Prose(passage, run.TextWords)}</blockquote>\n</section>\n");
        }
        WriteWords(run, number, heading);
        WriteHiddenUnits(run, number, heading);
        WriteTables("gradients", "Gradients", run.Gradients, number, heading);
        WriteTables("speed", "Speed", run.Speed, number, heading);
        html.Append($"<section id=\"settings{number}\">\n<{heading}>Settings and machine</{heading}>\n<div class=\"scroll\"><table>\n<tbody>\n");
        foreach (ReportFact fact in run.Settings.Concat(run.Machine))
            html.Append($"<tr><th scope=\"row\">{E(fact.Name)}</th><td>{E(fact.Value)}</td></tr>\n");
        html.Append("</tbody></table></div>\n");
        foreach (string note in run.Notes)
            html.Append($"<p class=\"muted\">{E(note)}</p>\n");
        html.Append("</section>\n");
        if (!Single)
            html.Append("</section>\n");
    }

    private void WriteSamples(ReportRun run, string number, string heading)
    {
        if (run.Samples.Count == 0)
            return;
        html.Append($"<section id=\"text{number}\">\n<{heading}>The text as it grows</{heading}>\n");
        html.Append("<p>What the network wrote at each point of its training, beside its smooth loss then.");
        html.Append(run.TextWords is not null ? " Words that stand in the text are dark, invented ones pale.</p>\n" : "</p>\n");
        double greatest = run.Samples.Max(sample => sample.SmoothLoss);
        int[] shown = Chosen(run.Samples.Count, MostSamplesShown);
        List(shown);
        if (shown.Length < run.Samples.Count)
        {
            int[] more = Chosen(run.Samples.Count, MostSamplesInDetails);
            html.Append($"<details><summary>{(more.Length < run.Samples.Count ? $"{more.Length} of the" : "All")} {run.Samples.Count} samples</summary>\n");
            List(more);
            html.Append("</details>\n");
        }
        html.Append("</section>\n");

        void List(int[] indices)
        {
            html.Append("<ol class=\"samples\">\n");
            foreach (int i in indices)
            {
                WrittenSample sample = run.Samples[i];
                double width = double.IsFinite(sample.SmoothLoss) && greatest > 0 ? 100 * sample.SmoothLoss / greatest : 0;
                html.Append($"<li><div class=\"when\"><b>{F(sample.SmoothLoss, 2)}</b><span>update {sample.Step:#,0}</span><span>epoch {sample.Epoch}</span><i class=\"bar\" style=\"width:{F(width, 1)}%\"></i></div><p class=\"prose\">{Prose(sample.Text, run.TextWords)}</p></li>\n");
            }
            html.Append("</ol>\n");
        }
    }

    /// <summary>At most so many of the indices, evenly, the first and the last among them.</summary>
    private static int[] Chosen(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(i * (count - 1.0) / (most - 1))).Distinct()];

    private void WriteWords(ReportRun run, string number, string heading)
    {
        if (run.Words is not { } words)
            return;
        html.Append($"<section id=\"words{number}\">\n<{heading}>Words</{heading}>\n");
        RealWordShare[] shares = [.. words.Shares.Where(share => share.Words > 0)];
        if (shares.Length > 1)
        {
            string id = "chart" + ++charts;
            html.Append($"<figure data-chart=\"{id}-data\">\n");
            var chart = new LineChart
            {
                Title = "Share of the words written that stand in the text",
                Description = $"{shares[0].Share:P0} at update {shares[0].Step:#,0}, {shares[^1].Share:P0} at update {shares[^1].Step:#,0}.",
                XLabel = "updates",
                YLabel = "real words",
                IsShare = true,
                YRange = (0, 1),
                Series = [new ChartSeries("real words among those written", [.. shares.Select(share => new ChartPoint(share.Step, share.Share))])],
            };
            html.Append(chart.Draw(new ChartStyle { Height = 260, Id = id + "-wide", CssClass = "wide xlin ylin" }));
            html.Append(chart.Draw(new ChartStyle { Width = 380, Height = 240, Id = id + "-narrow", CssClass = "narrow xlin ylin" }));
            html.Append("<div class=\"tip\" hidden></div>\n<div class=\"controls\"><label class=\"read\">read values <input type=\"range\" min=\"0\" max=\"1\" value=\"0\" aria-label=\"Update whose values are read\"></label></div>\n");
            html.Append("<figcaption>The share of the words in each sample that stand in the text, upper and lower case alike.</figcaption>\n</figure>\n");
            WriteData(id, writer =>
            {
                writer.WriteBoolean("share", true);
                writer.WriteStartArray("series");
                writer.WriteStartObject();
                writer.WriteString("name", "real words");
                WriteNumbers(writer, "x", shares.Select(share => (double)share.Step), 0);
                WriteNumbers(writer, "y", shares.Select(share => share.Share), 4);
                writer.WriteEndObject();
                writer.WriteEndArray();
            });
        }
        html.Append("<div class=\"scroll\"><table>\n<caption>When a word of the text first stood in a sample</caption>\n<thead><tr><th scope=\"col\">word</th><th scope=\"col\">first in the sample before update</th><th scope=\"col\">samples with it</th><th scope=\"col\">times in the text</th></tr></thead>\n<tbody>\n");
        WordMilestone[] written = [.. words.Milestones.Where(word => word.FirstStep is not null || word.IsWatched)];
        foreach (WordMilestone word in written)
            html.Append($"<tr><th scope=\"row\">{E(word.Word)}{(word.IsWatched ? " <span class=\"muted\">(watched)</span>" : "")}</th><td>{(word.FirstStep is { } step ? $"{step:#,0}" : "not yet")}</td><td>{word.SamplesWithIt} of {run.Samples.Count}</td><td>{word.CountInText:#,0}</td></tr>\n");
        html.Append("</tbody></table></div>\n");
        string[] missing = [.. words.Milestones.Where(word => word.FirstStep is null && !word.IsWatched).Select(word => word.Word)];
        if (missing.Length > 0)
            html.Append($"<p class=\"muted\">Frequent in the text and in no sample yet: {E(string.Join(", ", missing))}.</p>\n");
        html.Append("</section>\n");
    }

    private void WriteHiddenUnits(ReportRun run, string number, string heading)
    {
        if (run.HiddenUnits is not { } units)
            return;
        html.Append($"<section id=\"units{number}\">\n<{heading}>Hidden units</{heading}>\n");
        html.Append($"<p>What single units of the best network do while it reads. Over {units.CharactersRead:#,0} characters of the text, these units follow a property most closely; r is the correlation of the unit's activation with it (1 or -1: always, 0: not at all).</p>\n");
        html.Append("<p class=\"key\"><span><i style=\"background:rgb(var(--plus))\"></i>h near 1</span><span><i style=\"background:rgb(var(--minus))\"></i>h near -1</span><span>uncoloured: near 0</span></p>\n");
        html.Append("<ul class=\"units\">\n");
        foreach (UnitFinding finding in units.Findings.Take(5))
        {
            html.Append($"<li><strong>Unit {finding.Unit}</strong> follows <em>{E(finding.Property)}</em> (r = {F(finding.Correlation, 2)})");
            html.Append($"<p class=\"strip\">{Strip(units.Passage, finding.Unit)}</p></li>\n");
        }
        html.Append("</ul>\n");
        WriteHeatMap(units, number);
        html.Append("</section>\n");
    }

    /// <summary>The passage with each character on the colour of a unit's activation; neighbours of one shade share an element.</summary>
    private static string Strip(ActivationMap passage, int unit)
    {
        var text = new StringBuilder();
        int previous = int.MinValue;
        for (int t = 0; t < passage.Characters.Count; t++)
        {
            int shade = (int)Math.Round(Math.Clamp(passage[t, unit], -1, 1) * 8);
            if (shade != previous)
            {
                text.Append(previous == int.MinValue ? "" : "</i>");
                text.Append(CultureInfo.InvariantCulture, $"<i style=\"background:rgb(var(--{(shade >= 0 ? "plus" : "minus")})/{Math.Abs(shade) * 7}%)\">");
                previous = shade;
            }
            text.Append(passage.Characters[t] == "\n" ? "↵\n" : Visible(passage.Characters[t]));
        }
        return text.Append("</i>").ToString();
    }

    private void WriteHeatMap(HiddenUnitReport units, string number)
    {
        const int cell = 8, left = 44;
        ActivationMap passage = units.Passage.Slice(0, Math.Min(120, units.Passage.Characters.Count));
        IReadOnlyList<int> rows = units.Rows();
        int columns = passage.Characters.Count, width = left + columns * cell, rowHeight = rows.Count > 60 ? 4 : 8;
        int named = units.Findings.Select(finding => finding.Unit).Distinct().Count();
        // The named rows are tall enough for their numbers; the rest follow below a gap.
        int namedHeight = named * 11, restHeight = (rows.Count - named) * rowHeight, height = 16 + namedHeight + 6 + restHeight;
        html.Append($"<figure><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Heat map of the hidden units\"><svg class=\"map\" id=\"map{number}\" role=\"img\" aria-labelledby=\"map{number}-title\" viewBox=\"0 0 {width} {height}\">\n");
        html.Append($"<title id=\"map{number}-title\">Activations of {rows.Count} hidden units over {columns} characters of the text</title>\n");
        html.Append($"<text y=\"10\" x=\"{string.Join(' ', Enumerable.Range(0, columns).Select(t => left + t * cell + 1))}\">");
        foreach (string character in passage.Characters)
            html.Append(character switch { "\n" => "↵", " " => "·", _ => Visible(character) });
        html.Append("</text>\n");
        for (int i = 0; i < named; i++)
            html.Append($"<text class=\"unit\" x=\"{left - 6}\" y=\"{16 + i * 11 + 9}\" text-anchor=\"end\">{rows[i]}</text>");
        Image([.. rows.Take(named)], 16, namedHeight);
        if (restHeight > 0)
            Image([.. rows.Skip(named)], 16 + namedHeight + 6, restHeight);
        html.Append($"</svg></div>\n<figcaption>All {(rows.Count < passage.HiddenSize ? $"of the {rows.Count} liveliest" : rows.Count.ToString(CultureInfo.InvariantCulture))} units over the passage, a column a character (· a space, ↵ a line end). The numbered rows are the units named above; the others stand beside the unit that behaves most like them.</figcaption></figure>\n");

        void Image(int[] units, int top, int tall)
        {
            if (units.Length > 0)
                html.Append($"<image x=\"{left}\" y=\"{top}\" width=\"{columns * cell}\" height=\"{tall}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(passage.ToPng(units))}\"/>\n");
        }
    }

    private void WriteTables(string id, string title, IReadOnlyList<ReportTable> tables, string number, string heading)
    {
        if (tables.Count == 0)
            return;
        html.Append($"<section id=\"{id}{number}\">\n<{heading}>{title}</{heading}>\n");
        foreach (ReportTable table in tables)
        {
            html.Append($"<div class=\"scroll\"><table>\n<caption>{E(table.Caption)}</caption>\n<thead><tr>{string.Concat(table.Columns.Select(column => $"<th scope=\"col\">{E(column)}</th>"))}</tr></thead>\n<tbody>\n");
            foreach (IReadOnlyList<string> row in table.Rows)
                html.Append($"<tr><th scope=\"row\">{E(row[0])}</th>{string.Concat(row.Skip(1).Select(Cell))}</tr>\n");
            html.Append("</tbody></table></div>\n");
            if (table.Note.Length > 0)
                html.Append($"<p>{E(table.Note)}</p>\n");
        }
        html.Append("</section>\n");

        static string Cell(string text) => text switch
        {
            "passed" => "<td class=\"pass\">passed</td>",
            "failed" => "<td class=\"fail\">failed</td>",
            _ => $"<td>{E(text)}</td>",
        };
    }

    private void WriteChartData(string id, IEnumerable<(string Name, IReadOnlyList<LossPoint> Points)> series, Action<Utf8JsonWriter> more) => WriteData(id, writer =>
    {
        more(writer);
        writer.WriteStartArray("series");
        foreach ((string name, IReadOnlyList<LossPoint> points) in series)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            WriteNumbers(writer, "x", points.Select(point => (double)point.Step), 0);
            WriteNumbers(writer, "y", points.Select(point => point.SmoothLoss), 3);
            WriteNumbers(writer, "loss", points.Select(point => point.Loss), 2);
            WriteNumbers(writer, "epoch", points.Select(point => (double)point.Epoch), 0);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    /// <summary>The default encoder of Utf8JsonWriter escapes '&lt;', so that no name can end the script element.</summary>
    private void WriteData(string id, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        html.Append($"<script type=\"application/json\" id=\"{id}-data\">{Encoding.UTF8.GetString(buffer.WrittenSpan)}</script>\n");
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<double> values, int digits)
    {
        writer.WriteStartArray(name);
        foreach (double value in values)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(Math.Round(value, digits));
            else
                writer.WriteNullValue();
        }
        writer.WriteEndArray();
    }

    /// <summary>A text with the words that do not stand in the learned text marked as such.</summary>
    private static string Prose(string text, TextWords? words)
    {
        if (words is null)
            return Visible(text);
        var result = new StringBuilder();
        int at = 0;
        foreach (WrittenWord word in WordReader.Read(text))
        {
            result.Append(Visible(text[at..word.Start]));
            result.Append(words.Contains(word.Text) ? Visible(word.Text) : $"<s>{Visible(word.Text)}</s>");
            at = word.Start + word.Text.Length;
        }
        return result.Append(Visible(text[at..])).ToString();
    }

    /// <summary>A text escaped for HTML, its control characters as the pictures that Unicode has for them.</summary>
    private static string Visible(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (char character in text)
            shown.Append(character < ' ' && character is not ('\n' or '\t') ? (char)('\u2400' + character) : character == '\x7F' ? '\u2421' : character);
        return E(shown.ToString());
    }

    private static string Epochs(ReportRun run)
    {
        double updates = (run.TextLength - 1) / run.SequenceLength;
        double epochs = updates > 0 ? run.Steps / updates : 0;
        return epochs == 1 ? "once" : $"{F(epochs, epochs < 10 ? 1 : 0)} times";
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 60 => $"{F(seconds, 1)} s",
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60} s",
        _ => $"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min",
    };

    private static string F(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string E(string text) => WebUtility.HtmlEncode(text);

    private static string Asset(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("CharRnn.Rnn.Reports.Assets." + name)
            ?? throw new InvalidOperationException($"the program was built without its {name}");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
