using System.Globalization;
using System.Xml.Linq;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Tests.Reports;

public class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Ticks_are_round_ascending_within_the_range_and_never_minus_zero()
    {
        foreach ((var low, var high, var logarithmic) in ((double, double, bool)[])[(0, 133_845, false), (-1, 1, false), (0.1, 0.3, false), (1, 1e6, true), (40, 110, true), (3, 3, false), (5e-9, 2e-3, true)])
        {
            var axis = new Axis(low, high, logarithmic);
            var ticks = axis.Ticks(6);
            Assert.InRange(ticks.Count, 2, 14);
            Assert.Equal(ticks.Order().Distinct(), ticks);
            Assert.All(ticks, tick => Assert.InRange(axis.Position(tick), -1e-6, 1 + 1e-6));
            Assert.All(ticks, tick => Assert.False(tick == 0 && double.IsNegative(tick)));
        }

        Assert.Equal([0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000], new Axis(0, 133_845, false).Ticks(7));
        Assert.Equal([100, 1000, 10_000], new Axis(100, 99_999, true).Ticks(3));
        Assert.Throws<ArgumentException>(() => new Axis(0, 1, true));
        Assert.Throws<ArgumentException>(() => new Axis(double.NaN, 1, false));
    }

    /// <summary>A folder's name may hold anything that a file system takes; most control characters may not stand in XML at all.</summary>
    [Fact]
    public void A_drawing_is_valid_xml_whatever_the_run_is_called()
    {
        var name = "a<b>&\"'\u0001\u001b\uFFFF\uD800 ]]> </svg> عربى 😀";
        foreach (var standalone in (bool[])[false, true])
        {
            var svg = Draw([SampleRuns.Make(name), SampleRuns.Make("other")], new ChartStyle { Standalone = standalone, Id = "x" });
            Assert.Equal("a<b>&\"'\uFFFD\uFFFD\uFFFD\uFFFD ]]> </svg> عربى 😀", svg.Elements(Svg + "text").First(text => text.Value.StartsWith('a')).Value);
            Assert.Contains("😀: the smooth loss starts at", svg.Element(Svg + "desc")!.Value);
        }
    }

    [Fact]
    public void A_drawing_that_stands_alone_brings_its_colours_and_asks_for_nothing()
    {
        var text = new LossChart([SampleRuns.Make()]).Draw(new ChartStyle { Standalone = true, Id = "loss" });
        Assert.DoesNotContain("var(", text);
        Assert.DoesNotContain("url(http", text);
        Assert.DoesNotContain("@import", text);
        Assert.DoesNotContain("href", text);
        Assert.Contains("sans-serif", text);
        Assert.Contains("fill=\"#fff\"", text);
        Assert.Contains("var(--series-1)", LineChart.PageStyle);
    }

    /// <summary>Word processors and many converters know no style sheet in an SVG and would draw black areas for lines.</summary>
    [Fact]
    public void A_drawing_that_stands_alone_looks_as_it_should_without_a_style_sheet()
    {
        var svg = XElement.Parse(new LossChart([SampleRuns.Make(), SampleRuns.Make("other", steps: 5000)]).DrawStandalone());
        Assert.StartsWith(LossChart.StandaloneBeginning, svg.ToString());
        Assert.Empty(svg.Descendants(Svg + "style"));
        Assert.All(svg.Descendants(Svg + "text"), text => Assert.Matches("^#", (string)text.Attribute("fill")!));
        Assert.All(svg.Descendants(Svg + "text"), text => Assert.Equal("12px", (string?)text.Attribute("font-size")));
        XElement[] lines = [.. svg.Element(Svg + "g")!.Elements(Svg + "path").Where(path => (string?)path.Attribute("fill") == "none")];
        Assert.Equal([("#0b62a8", null), ("#b4400a", "9 4")], lines.Select(line => ((string)line.Attribute("stroke")!, (string?)line.Attribute("stroke-dasharray"))));
        Assert.All(svg.Descendants(Svg + "line"), line => Assert.Matches("^#", (string)line.Attribute("stroke")!));
        Assert.All(svg.Elements(Svg + "circle"), ring => Assert.Equal(("#ffffff", "2", null), ((string?)ring.Attribute("fill"), (string?)ring.Attribute("stroke-width"), (string?)ring.Attribute("stroke-dasharray"))));
        // A label's letters stand once more on top of its halo.
        svg = XElement.Parse(new LossChart([SampleRuns.Make(steps: 100_000)]).DrawStandalone());
        string[] marks = [.. svg.Elements(Svg + "text").Where(text => (string?)text.Attribute("class") == "mark").Select(text => text.Value)];
        Assert.NotEmpty(marks);
        Assert.Equal(marks, svg.Elements(Svg + "text").Where(text => (string?)text.Attribute("class") == "halo").Select(text => text.Value));
    }

    [Fact]
    public void Every_run_is_named_and_drawn_to_its_own_end_in_a_narrow_chart_too()
    {
        ReportRun[] runs = [.. Enumerable.Range(1, 5).Select(i => SampleRuns.Make($"a run with a rather long name {i}", steps: i * 20_000))];
        var svg = Draw(runs, new ChartStyle { Width = 380, Height = 360 });
        Assert.All(runs, run => Assert.Contains(svg.Descendants(Svg + "text"), text => text.Value == run.Name));
        double[] ends = [.. Lines(svg).Select(line => line[^1].X)];
        Assert.Equal(5, ends.Length);
        Assert.Equal(358, ends[4]);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(56 + (358 - 56) * (i + 1) / 5.0, ends[i], 0.1);
        }
        // No name stands over another.
        var names = svg.Elements(Svg + "text").Where(text => (string?)text.Attribute("class") == "name").Select(text => ((double)text.Attribute("x")!, (double)text.Attribute("y")!)).ToArray();
        Assert.Equal(5, names.Distinct().Count());
    }

    [Fact]
    public void The_best_is_marked_where_it_is_and_epochs_where_they_start()
    {
        var run = SampleRuns.Make(steps: 100_000, textLength: 1_000_001);   // 40,000 updates an epoch
        var svg = Draw([run], new ChartStyle());
        var best = Assert.Single(svg.Elements(Svg + "circle"), circle => ((string)circle.Attribute("class")!).StartsWith("best", StringComparison.Ordinal));
        Assert.Equal(56 + (898 - 56) * run.BestStep / 100_000.0, (double)best.Attribute("cx")!, 0.1);
        double[] lowest = [.. Lines(svg).Single().Select(point => point.Y)];
        Assert.Equal(lowest.Max(), (double)best.Attribute("cy")!, 0.1);
        double[] epochs = [.. svg.Elements(Svg + "line").Where(line => (string?)line.Attribute("class") == "event").Select(line => (double)line.Attribute("x1")!)];
        Assert.Equal([56 + (898 - 56) * 40_001 / 100_000.0, 56 + (898 - 56) * 80_001 / 100_000.0], epochs.Select(x => x), new Near());
        Assert.Contains(svg.Elements(Svg + "text"), text => text.Value == "epoch 3");
        // A shift by one update cannot be seen in the drawing.
        Assert.Equal([(40_001.0, "epoch 2"), (80_001.0, "epoch 3")], new LossChart([run]).Epochs.Select(mark => (mark.X, mark.Label)));
        Assert.Empty(new LossChart([run, run with { TextLength = 900_000, UpdatesPerEpoch = 35_999 }]).Epochs);
    }

    /// <summary>As few records as the line has room for are its corners, each at its own update and smooth loss, on every pair of axes.</summary>
    [Fact]
    public void Each_corner_of_a_line_is_a_record_of_its_run()
    {
        ReportRun[] runs = [SampleRuns.Make(steps: 5000), SampleRuns.Make("other", steps: 4000) with { BestStep = 0 }];
        runs[1] = runs[1] with { Losses = [.. runs[1].Losses.Select(point => point with { SmoothLoss = point.SmoothLoss * 0.7 })] };
        foreach ((var logX, var logY) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
        {
            var svg = Draw(runs, new ChartStyle { LogarithmicX = logX, LogarithmicY = logY });
            (var plot, var x, var y) = (Numbers(svg, "data-plot"), Numbers(svg, "data-x"), Numbers(svg, "data-y"));
            (double X, double Y)[][] lines = [.. Lines(svg)];
            for (var i = 0; i < 2; i++)
            {
                Assert.Equal(runs[i].Losses.Count, lines[i].Length);
                for (var k = 0; k < lines[i].Length; k++)
                {
                    Assert.Equal(plot[0] + Share(runs[i].Losses[k].Step, x) * (plot[1] - plot[0]), lines[i][k].X, 0.06);
                    Assert.Equal(plot[3] - Share(runs[i].Losses[k].SmoothLoss, y) * (plot[3] - plot[2]), lines[i][k].Y, 0.06);
                }
            }
        }

        static double[] Numbers(XElement svg, string name) => [.. ((string)svg.Attribute(name)!).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        static double Share(double value, double[] axis) => axis[2] == 1 ? Math.Log(value / axis[0]) / Math.Log(axis[1] / axis[0]) : (value - axis[0]) / (axis[1] - axis[0]);
    }

    /// <summary>What stands beside a tick is the value at its place.</summary>
    [Fact]
    public void Ticks_stand_where_their_values_are()
    {
        var svg = Draw([SampleRuns.Make(steps: 100_000)], new ChartStyle { LogarithmicX = true });
        double right = 898, first = 100, last = 100_000;
        foreach ((var label, var value) in ((string, double)[])[("100", 100), ("1,000", 1000), ("10,000", 10_000), ("100,000", 100_000)])
        {
            var place = 56 + Math.Log(value / first) / Math.Log(last / first) * (right - 56);
            XElement text = svg.Elements(Svg + "text").Single(text => text.Value == label && (string?)text.Attribute("text-anchor") == "middle");
            Assert.Equal(place, (double)text.Attribute("x")!, value == last ? 10 : 0.1);
            Assert.Contains(svg.Elements(Svg + "line"), line => (string?)line.Attribute("class") == "axis" && Math.Abs((double)line.Attribute("x1")! - place) < 0.1);
        }
    }

    [Fact]
    public void Labels_of_marks_do_not_cover_each_other()
    {
        var svg = Draw([SampleRuns.Make(steps: 450_000, every: 1000)], new ChartStyle());
        var boxes = svg.Elements(Svg + "text").Where(text => ((string?)text.Attribute("class"))?.Contains("halo") == true)
            .Select(text => (X: (double)text.Attribute("x")!, Y: (double)text.Attribute("y")!, text.Value)).ToArray();
        Assert.True(boxes.Length > 10, $"{boxes.Length} labels");
        foreach (var a in boxes)
        {
            foreach (var b in boxes.Where(b => b != a))
            {
                Assert.False(Math.Abs(a.Y - b.Y) < 9 && a.X < b.X + b.Value.Length * 6 && b.X < a.X + a.Value.Length * 6, $"'{a.Value}' covers '{b.Value}'");
            }
        }
    }

    [Fact]
    public void Runs_of_one_record_of_equal_values_of_zeros_and_with_numbers_that_are_not_finite_are_drawn()
    {
        foreach (var losses in (double[][])[[5], [5, 5, 5], [0, 0], [3, double.NaN, 2], [double.NaN, 4], [1e-12, 1e300], [double.PositiveInfinity, 3, 2]])
        {
            var run = SampleRuns.Make() with { Losses = [.. losses.Select((loss, i) => new LossPoint(i + 1, 1, loss, loss, i))], BestStep = 1, BestSmoothLoss = losses[0] };
            foreach ((var x, var y) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
            {
                var text = new LossChart([run]).Draw(new ChartStyle { LogarithmicX = x, LogarithmicY = y });
                Assert.DoesNotContain("NaN", text);
                Assert.DoesNotContain("∞", text);
                Assert.DoesNotContain("Infinity", text);
                XElement.Parse(text);
            }
        }

        Assert.True(new LossChart([SampleRuns.Make(steps: 0)]).IsEmpty);
        Assert.True(new LossChart([SampleRuns.Make() with { Losses = [new LossPoint(1, 1, double.NaN, double.NaN, 1)] }]).IsEmpty);
    }

    [Fact]
    public void Published_losses_stand_only_beside_a_text_of_that_size_and_up_to_the_last_update()
    {
        Assert.Equal(["R1", "R1", "R2", "R5"], PublishedLosses.For([SampleRuns.Make(steps: 10_000)]).Marks.Select(mark => mark.Label).Order());
        Assert.Equal(15, PublishedLosses.For([SampleRuns.Make(steps: 443_000, every: 1000)]).Marks.Count);
        Assert.Empty(PublishedLosses.For([SampleRuns.Make(textLength: 300_000)]).Marks);
        Assert.Empty(PublishedLosses.For([SampleRuns.Make(), SampleRuns.Make(textLength: 300_000)]).Marks);
        Assert.Empty(PublishedLosses.For([SampleRuns.Make() with { SequenceLength = 50 }]).Marks);
        Assert.Empty(PublishedLosses.For([]).Marks);
        // Copied from the reports' own tables.
        (string, double, double)[] published =
        [
            ("R1", 10_000, 55.1), ("R1", 20_000, 50.1), ("R1", 30_000, 48.6), ("R1", 40_000, 47.2), ("R1", 100_000, 46.2), ("R1", 200_000, 43.4), ("R1", 350_000, 42.6), ("R1", 1, 113.0),
            ("R2", 10_000, 54.3), ("R2", 20_000, 51.0), ("R2", 100_000, 47.4), ("R4", 443_000, 40.5), ("R5", 10_000, 52.3), ("R5", 100_000, 44.5), ("R5", 219_449, 39.47),
        ];
        Assert.Equal(published.Order(), PublishedLosses.For([SampleRuns.Make(steps: 443_000, every: 1000)]).Marks.Select(mark => (mark.Label, mark.X, mark.Y)).Order());
        Assert.Contains("five student reports, 2018 to 2024", PublishedLosses.For([SampleRuns.Make()]).Sentence);
        // The edition of 2026 has marks of its own, and none stand beside a run of the other.
        var adam = SampleRuns.Make(steps: 150_000, every: 1000) with { HasMeanLoss = true };
        Assert.Equal([("handout", 1.0, 4.60), ("handout", 1000, 3.38), ("handout", 4000, 2.26), ("handout", 30_000, 1.786), ("handout", 133_000, 1.55), ("handout", 150_000, 1.534)],
            PublishedLosses.For([adam]).Marks.Where(mark => mark.Label == "handout").Select(mark => (mark.Label, mark.X, mark.Y)));
        Assert.Equal([3.31, 2.26, 2.01, 1.787, 1.653, 1.553, 1.530], PublishedLosses.For([adam]).Marks.Where(mark => mark.Label == "program").Select(mark => mark.Y));
        Assert.Empty(PublishedLosses.For([adam, SampleRuns.Make()]).Marks);
        Assert.Empty(PublishedLosses.For([adam with { Configuration = new() { TextSha256 = "", TextLength = 1, Vocabulary = "", Optimizer = "sgd" } }]).Marks);
        var best = PublishedLosses.For([SampleRuns.Make(steps: 443_000, every: 1000)]).Marks.MinBy(mark => mark.Y)!;
        Assert.Equal((219_449, 39.47), (best.X, best.Y));
    }

    /// <summary>A figure for a paper shows the run, nothing of others; the page's can be without them too.</summary>
    [Fact]
    public void Marks_of_other_reports_have_a_name_and_stand_in_the_page_only()
    {
        var run = SampleRuns.Make(steps: 100_000);
        var chart = new LossChart([run]);
        XElement page = XElement.Parse(chart.Draw(new ChartStyle())), alone = XElement.Parse(chart.DrawStandalone());
        XElement[] marks = [.. page.Descendants().Where(element => ((string?)element.Attribute("class"))?.Split(' ').Contains("published") == true)];
        Assert.Equal(11, marks.Count(element => element.Name == Svg + "g"));
        Assert.Contains(marks, element => element.Name == Svg + "text" && element.Value == "R1");
        Assert.DoesNotContain(page.Descendants(Svg + "path"), path => (string?)path.Attribute("class") == "reference" && (string?)path.Parent!.Attribute("class") != "published");
        Assert.DoesNotContain("R1", alone.ToString());
        Assert.DoesNotContain("published", alone.ToString());
        Assert.DoesNotContain("Report R", alone.ToString());
        var html = HtmlReport.Write([run], "");
        Assert.Contains("class=\"show-published\" checked> marks of five student reports, 2018 to 2024</label>", html);
        Assert.Contains("Diamonds: the smooth loss in five student reports, 2018 to 2024 (R1 to R5)", html);
        Assert.DoesNotContain("show-published\"", HtmlReport.Write([SampleRuns.Make(textLength: 300_000)], ""));
        // The axis of the figure is the run's: no room for marks that are not there.
        var high = SampleRuns.Make(steps: 100_000) with { Losses = [.. run.Losses.Select(point => point with { SmoothLoss = 60, Loss = 60 })], BestStep = 0 };
        Assert.DoesNotContain("100", string.Join(' ', XElement.Parse(new LossChart([high]).DrawStandalone()).Descendants(Svg + "text").Where(text => (string?)text.Attribute("text-anchor") == "end").Select(text => text.Value)));
    }

    private static XElement Draw(ReportRun[] runs, ChartStyle style) => XElement.Parse(new LossChart(runs).Draw(style));

    /// <summary>The corners of each line in the plot; the strokes of the legend are left out.</summary>
    private static IEnumerable<(double X, double Y)[]> Lines(XElement svg) =>
        svg.Element(Svg + "g")!.Elements(Svg + "path").Where(path => ((string)path.Attribute("class")!).StartsWith("line", StringComparison.Ordinal))
            .Select(path => ((string)path.Attribute("d")!)[1..].Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).Chunk(2).Select(pair => (pair[0], pair[1])).ToArray());

    private sealed class Near : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 0.1;

        public int GetHashCode(double value) => 0;
    }
}
