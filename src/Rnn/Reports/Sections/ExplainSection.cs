using System.Globalization;
using System.Numerics;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Reports.Charts;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>Why a run went as it did: what <c>charrnn explain</c> says, with pictures.</summary>
internal static class ExplainSection
{
    public static void Write(PageWriter page, RunExplanation explanation, int number)
    {
        page.Begin("explain", "Why it went as it did", number);
        page.Add($"<p class=\"muted\">The best weights, those after update {Markup.Whole(explanation.Step)}, while they read the text. <code>charrnn explain</code> says the same on the terminal.</p>\n");
        var heading = page.Single ? "h3" : "h4";
        foreach (var finding in ExplanationFindings.Of(explanation))
        {
            page.Add($"<{heading}>{Markup.Escape(finding.Title)}</{heading}>\n<p>{Markup.Escape(finding.Seen)}{(finding.Advice.Length > 0 ? $" <strong>{Markup.Escape(finding.Advice)}</strong>" : "")}</p>\n");
            switch (finding.Id)
            {
                case "units":
                    WriteUnits(page, explanation);
                    break;
                case "gates":
                    WriteGates(page, explanation.Gates);
                    break;
                case "alone":
                    foreach (var layer in explanation.Layers.Where(layer => layer.Eigenvalues.Count > 0))
                    {
                        WritePlane(page, layer.Eigenvalues, explanation.Layers.Count == 1 ? "W" : $"W, {layer.Name}");
                    }

                    WriteSpectrum(page, explanation.Layers);
                    break;
                case "memory":
                    WriteMemory(page, explanation.Memory!);
                    break;
                case "gradient":
                    WriteGradient(page, explanation.Gradient!, explanation.SequenceLength);
                    break;
                case "spikes":
                    WriteEpochs(page, explanation);
                    break;
                case "passages":
                    WritePassages(page, explanation.ByPosition!);
                    break;
            }
        }

        page.End();
    }

    private static void WriteUnits(PageWriter page, RunExplanation explanation)
    {
        foreach (var layer in explanation.Layers)
        {
            var units = layer.Census.Units;
            page.BeginTable($"What the {units.Count} units of {Markup.Escape(layer.Name)} did over {Markup.Whole(explanation.CharactersWatched)} characters", ["kind", "units", "what that is", "share"], "findings kinds");
            foreach (var kind in Enum.GetValues<UnitBehaviour>())
            {
                if (layer.Census.Count(kind) is > 0 and var count)
                {
                    page.Row(ExplanationFindings.Word(kind), Markup.Whole(count), Meaning(kind, units), $"<span class=\"rail\"><span style=\"width:{Markup.Fixed(100.0 * count / units.Count, 0)}%\"></span></span>");
                }
            }

            page.EndTable();
        }

        static string Meaning(UnitBehaviour kind, IReadOnlyList<UnitReading> units) => kind switch
        {
            UnitBehaviour.Dead => "standard deviation below 0.01",
            UnitBehaviour.Ticking => "the sign changes in over 90 % of the steps",
            UnitBehaviour.Oscillating => $"repeats itself, most with period {units.Where(unit => unit.Behaviour == UnitBehaviour.Oscillating).GroupBy(unit => unit.Period).MaxBy(group => group.Count())!.Key}",
            UnitBehaviour.Saturated => "beyond ±0.99 in over 90 % of the steps",
            UnitBehaviour.Constant => "the sign never changes",
            _ => "follows the text",
        };
    }

    private static void WriteGates(PageWriter page, IReadOnlyList<GateTrace> gates)
    {
        page.BeginTable("How far the gates are open", ["gate", "open (above 0.9)", "in between", "shut (below 0.1)", "mean", "units nearly always open", "nearly always shut"]);
        foreach (var gate in gates)
        {
            page.Row(Markup.Escape(gate.Name), Share(gate.Open), Share(gate.InBetween), Share(gate.Shut), Markup.Fixed(gate.Mean, 2), Markup.Whole(gate.UnitsOpen), Markup.Whole(gate.UnitsShut));
        }

        page.EndTable();

        static string Share(double share) => $"{Markup.Fixed(100 * share, 0)} %";
    }

    /// <summary>The eigenvalues as dots in the plane, with the unit circle.</summary>
    private static void WritePlane(PageWriter page, IReadOnlyList<Complex> values, string matrix)
    {
        const int size = 340, centre = size / 2, margin = 22;
        var reach = Math.Max(1.15, 1.05 * values[0].Magnitude);
        var id = page.NewChart();
        page.Add($"<figure><svg class=\"plane\" id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title\" viewBox=\"0 0 {size} {size}\">\n<title id=\"{id}-title\">The {values.Count} eigenvalues of {Markup.Escape(matrix)} in the complex plane; {values.Count(value => value.Magnitude > 1)} lie outside the unit circle.</title>\n");
        page.Add($"<line class=\"grid\" x1=\"{margin}\" x2=\"{size - margin}\" y1=\"{centre}\" y2=\"{centre}\"/><line class=\"grid\" x1=\"{centre}\" x2=\"{centre}\" y1=\"{margin}\" y2=\"{size - margin}\"/>\n");
        page.Add($"<circle class=\"circle\" cx=\"{centre}\" cy=\"{centre}\" r=\"{((centre - margin) / reach).ToString("0.#", CultureInfo.InvariantCulture)}\"/>\n<text x=\"{Place(1)}\" y=\"{centre - 4}\">1</text><text x=\"{size - margin}\" y=\"{centre + 14}\" text-anchor=\"end\">real</text><text x=\"{centre + 5}\" y=\"{margin}\">imaginary</text>\n<g>");
        foreach (var value in values)
        {
            page.Add($"<circle class=\"value\" cx=\"{Place(value.Real)}\" cy=\"{Place(-value.Imaginary)}\" r=\"3.5\"/>");
        }

        page.Add($"</g>\n</svg>\n<figcaption>The eigenvalues of {Markup.Escape(matrix)}. Where the state is small each eigenvalue outside the circle grows: on the right it drives a unit to one side, on the left it changes sign with every character, elsewhere it turns.</figcaption></figure>\n");

        string Place(double coordinate) => (centre + (coordinate / reach * (centre - margin))).ToString("0.#", CultureInfo.InvariantCulture);
    }

    private static void WriteSpectrum(PageWriter page, IReadOnlyList<LayerHealth> layers) => WriteChart(page, new LineChart
    {
        Title = "The spectrum of the state",
        Description = string.Join(" ", layers.Select(layer => $"{layer.Name}: strongest at a period of {Markup.Short(layer.StrongestPeriod, 1)} characters.")),
        XLabel = "oscillations a character (0.5: the sign changes with each)",
        YLabel = "share of the variance",
        IsShare = true,
        Series = [.. layers.Select(layer => new ChartSeries(layer.Name, [.. layer.Power.Select((power, k) => new ChartPoint(k / (2.0 * (layer.Power.Count - 1)), power))]))],
    }, "The spectrum of the state: how its variance spreads over frequencies, all units together. A text has no rhythm: a peak is the network’s own.");

    private static void WriteMemory(PageWriter page, MemoryCurve memory) => WriteChart(page, new LineChart
    {
        Title = "How far back the network looks",
        Description = $"{Bits(memory.Points[0].Loss)} bits a character with the current character only, {Bits(memory.Loss)} with everything.",
        XLabel = "characters read, the current one included",
        YLabel = "bits a character",
        Series =
        [
            new ChartSeries("from h = 0", [.. memory.Points.Select(point => new ChartPoint(point.CharactersBefore + 1, point.Loss / Math.Log(2)))]),
            new ChartSeries("from the state of another place", [.. memory.Elsewhere.Select(point => new ChartPoint(point.CharactersBefore + 1, point.Loss / Math.Log(2)))]),
            new ChartSeries("everything read", [new ChartPoint(1, memory.Loss / Math.Log(2)), new ChartPoint(memory.Points[^1].CharactersBefore + 1, memory.Loss / Math.Log(2))]),
        ],
    }, $"The same {Markup.Whole(memory.Places)} places of the text, predicted after only the last characters were read. Where the line is level, what lies further back changes nothing.", logarithmicX: true);

    private static void WriteGradient(PageWriter page, GradientReach gradient, int sequenceLength) => WriteChart(page, new LineChart
    {
        Title = "The gradient’s norm on its way back",
        Description = $"From {Markup.Scientific(gradient.Norms[0])} to {Markup.Scientific(gradient.Norms[^1])}.",
        XLabel = "characters back",
        YLabel = "norm",
        Series = [new ChartSeries("norm of the derivative by the state", [.. gradient.Norms.Select((norm, k) => new ChartPoint(k, Math.Max(norm, 1e-9)))])],
        Events = sequenceLength < gradient.Norms.Count ? [new ChartMark(sequenceLength, 0, "a chunk’s length")] : [],
    }, "The norm of the derivative of one character’s loss by the state so many characters before it, the root mean square over places of the text. A straight line downwards vanishes, upwards explodes.", logarithmicY: true);

    private static void WriteEpochs(PageWriter page, RunExplanation explanation)
    {
        var positions = explanation.ByPosition;
        var every = positions is null ? 1 : 1 + (positions.Smooth.Count / 400);
        var series = explanation.Epochs.Where(epoch => epoch.Points.Count > 1).Select(epoch => new ChartSeries($"epoch {epoch.Epoch}", Thinning.Line([.. epoch.Points.Select(point => new ChartPoint(point.Position, point.SmoothLoss))], 400))).ToList();
        if (positions is { Smooth.Count: > 1 })
        {
            series.Add(new ChartSeries("weights that do not change", [.. positions.Smooth.Where((_, i) => i % every == 0).Select((loss, i) => new ChartPoint((double)i * every * positions.BlockLength, loss * explanation.SequenceLength))]));
        }

        if (series.Count == 0)
        {
            return;
        }

        // The first epoch falls from far above: the others would be one line.
        double[] shown = [.. series.Where(line => line.Name != "epoch 1" || series.Count == 1).SelectMany(line => line.Points).Select(point => point.Y)];
        WriteChart(page, new LineChart
        {
            Title = "The smooth loss by position in the text, epochs over one another",
            Description = explanation.EpochsAlike is { } alike ? $"The last two epochs are alike with r = {Markup.Fixed(alike, 2)}." : "",
            XLabel = "character of the text",
            YLabel = "smooth loss",
            YRange = shown.Length > 0 && shown.Max() > shown.Min() ? (shown.Min() - (0.05 * (shown.Max() - shown.Min())), shown.Max() + (0.05 * (shown.Max() - shown.Min()))) : null,
            Series = series,
        }, "The smooth loss of the last epochs by position in the text, and that of the best weights, which do not change while they read. What all lines do at one place is the text’s.");
        if (explanation.EpochStart is { } start)
        {
            WriteChart(page, new LineChart
            {
                Title = "The first chunks of the text, with h zeroed and with h carried on",
                Description = $"Zeroing costs {Markup.Fixed(start.Cost, 2)} nats in all.",
                XLabel = "chunk",
                YLabel = "nats a chunk",
                Series =
                [
                    new ChartSeries("h zeroed", [.. start.Zeroed.Select((loss, i) => new ChartPoint(i + 1, loss))]),
                    new ChartSeries("h carried on from the text’s end", [.. start.Carried.Select((loss, i) => new ChartPoint(i + 1, loss))]),
                ],
            }, "The same weights over the first chunks of the text. Where the lines part, the zeroed state costs something; a thousandth of that reaches the smooth loss.");
        }
    }

    private static void WritePassages(PageWriter page, LossByPosition positions)
    {
        foreach (var (word, passages) in ((string, IReadOnlyList<PassageLoss>)[])[("hardest", positions.Hardest), ("easiest", positions.Easiest)])
        {
            page.Add($"<details><summary>The {passages.Count} {word} passages of the {Markup.Whole(positions.CharactersRead)} characters read</summary>\n");
            foreach (var passage in passages)
            {
                page.Add($"<p class=\"muted\">{Bits(passage.Loss)} bits a character, from character {Markup.Whole(passage.Position)}</p>\n<blockquote class=\"prose\" dir=\"auto\">{Markup.Written(passage.Text)}</blockquote>\n");
            }

            page.Add("</details>\n");
        }
    }

    private static void WriteChart(PageWriter page, LineChart chart, string caption, bool logarithmicX = false, bool logarithmicY = false) =>
        page.Figure(chart, caption, new ChartStyle { Height = 300, LogarithmicX = logarithmicX, LogarithmicY = logarithmicY });

    private static string Bits(double nats) => Markup.Fixed(nats / Math.Log(2), 2);
}
