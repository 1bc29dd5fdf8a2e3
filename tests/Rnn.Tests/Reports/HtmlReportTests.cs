using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Gradients;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Speed;

namespace CharRnn.Rnn.Tests.Reports;

public class HtmlReportTests
{
    [Fact]
    public void What_a_run_is_called_or_wrote_never_becomes_markup()
    {
        const string nasty = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"&lt;";
        var run = SampleRuns.Make(nasty, samples: ["the " + nasty + " mill", nasty], text: "the scripted mill") with
        {
            TextName = nasty,
            BestPassage = nasty,
            Processor = nasty,
            Settings = [new(nasty, nasty)],
            Machine = [new("processor", nasty)],
            Notes = [nasty],
            GradientProblem = nasty,
            SpeedCommand = nasty,
        };
        foreach (var runs in (ReportRun[][])[[run], [run, SampleRuns.Make()]])
        {
            var page = HtmlReport.Write(runs, nasty);
            Assert.DoesNotContain("<img", page);
            Assert.DoesNotContain("alert(1)</script>", page);
            // Each script element is one that the page itself has: data as JSON, and the program.
            string[] scripts = [.. Regex.Matches(page, "<script[^>]*>(.*?)</script>", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];
            Assert.Equal(Regex.Count(page, "<script"), scripts.Length);
            Assert.Equal(Regex.Count(page, "</script"), scripts.Length);
            foreach (var data in scripts[..^1])
            {
                Assert.True(JsonDocument.Parse(data).RootElement.TryGetProperty("series", out _));
            }

            if (runs.Length > 1)
            {
                Assert.Equal(nasty, JsonDocument.Parse(scripts[0]).RootElement.GetProperty("series")[0].GetProperty("name").GetString());
            }
        }
    }

    [Fact]
    public void Control_characters_and_those_that_turn_the_text_are_shown_as_what_they_are()
    {
        Assert.Equal("aNULbESCcDEL\n\tdCR US", Markup.Written("a\0b\u001bc\u007f\n\td\r \u001f").Replace("<small class=\"code\">", "", StringComparison.Ordinal).Replace("</small>", "", StringComparison.Ordinal));
        Assert.Equal("x<small class=\"code\">U+202E</small>y<small class=\"code\">U+2028</small><small class=\"code\">U+0085</small>", Markup.Written("x\u202Ey\u2028\u0085"));
        Assert.Equal("\uFFFDa\uFFFD", Markup.Written("\uD800a\uDC00"));
        // These belong to the writing: joiners, marks, letters beyond the first plane (escaped as numbers).
        Assert.Equal("می\u200Cخواهم", System.Net.WebUtility.HtmlDecode(Markup.Written("می\u200Cخواهم")));
        Assert.Equal("👩\u200D🔬 e\u0301", System.Net.WebUtility.HtmlDecode(Markup.Written("👩\u200D🔬 e\u0301")));
        Assert.Equal("<small class=\"code\">U+E0001</small>", Markup.Written("\U000E0001"));
        Assert.Equal("a\uFFFD\uFFFDb😀", System.Net.WebUtility.HtmlDecode(Markup.Escape("a\u0001\uFFFEb😀")));
    }

    [Fact]
    public void Words_that_the_text_does_not_have_are_marked()
    {
        var page = HtmlReport.Write([SampleRuns.Make(samples: ["a the moll <i> mill b"])], "");
        Assert.Contains("the <i class=\"made\">moll</i> &lt;<i class=\"made\">i</i>&gt; mill", page);
    }

    [Fact]
    public void A_run_without_anything_and_one_with_a_single_record_are_reported()
    {
        var page = HtmlReport.Write([SampleRuns.Make(steps: 0)], "charrnn 1");
        Assert.Contains("not trained yet", page);
        Assert.Contains("Nothing has been recorded", page);
        Assert.Contains("charrnn gradcheck --json", page);
        Assert.Contains("charrnn bench --json", page);
        Assert.DoesNotContain("NaN", page);
        page = HtmlReport.Write([SampleRuns.Make(steps: 100)], "charrnn 1");
        Assert.Contains("<dt>Lowest smooth loss</dt><dd>106.", page);
        page = HtmlReport.Write([SampleRuns.Make("one", steps: 0), SampleRuns.Make("two", steps: 500)], "charrnn 1");
        Assert.Contains("<bdi>one</bdi> has no metrics", page);
        page = HtmlReport.Write([SampleRuns.Make() with { Losses = [new(1, 1, double.NaN, 5, 1), new(2, 1, 5, double.NaN, 2)], BestStep = 1, BestSmoothLoss = 5, Samples = [new(1, 1, double.NaN, "x")] }], "");
        Assert.DoesNotContain("NaN", page);
    }

    [Fact]
    public void Sections_headings_and_tables_are_whole()
    {
        var run = SampleRuns.Make(samples: ["the mill", "and the well"]) with { BestPassage = "the mill", Settings = [new("seed", "1")], Gradients = Gradients(), Speed = SpeedReport.FromJson(Bench()) };
        foreach (var runs in (ReportRun[][])[[run], [run, run with { Name = "b" }]])
        {
            var page = HtmlReport.Write(runs, "");
            foreach (var element in (string[])["section", "table", "thead", "tbody", "tr", "figure", "ul", "ol", "li", "svg", "details", "p", "div", "i", "span", "bdi", "main", "header"])
            {
                Assert.True(Regex.Count(page, $"<{element}[ >]") == Regex.Count(page, $"</{element}>"), element);
            }

            string[] ids = [.. Regex.Matches(page, " id=\"([^\"]+)\"").Select(match => match.Groups[1].Value)];
            Assert.Equal(ids.Distinct(), ids);
            foreach (var target in Regex.Matches(page, "href=\"#([^\"]+)\"").Concat(Regex.Matches(page, "aria-labelledby=\"([^\" ]+)")).Select(match => match.Groups[1].Value))
            {
                Assert.Contains(target, ids);
            }

            Assert.Equal(Regex.Count(page, "<table"), Regex.Count(page, "<caption"));
            Assert.Single(Regex.Matches(page, "<h1"));
        }
    }

    [Fact]
    public void A_wrong_gradient_is_named()
    {
        GradientReport right = Gradients(), wrong = right with { Ok = false, Parameters = [.. right.Parameters.Select(row => row.Name == "U" ? row with { Ok = false, NormRatio = double.NaN } : row)] };
        var page = HtmlReport.Write([SampleRuns.Make() with { Gradients = right }], "");
        Assert.Contains("✓ Right.", page);
        Assert.DoesNotContain("wrong", page);
        Assert.Contains("1.2 × 10<sup>−7</sup><small>6.9 × 10<sup>−7</sup></small>", page);   // ours and R1's, for W
        page = HtmlReport.Write([SampleRuns.Make() with { Gradients = wrong }], "");
        Assert.Contains("✗ Wrong in 2 places", page);
        Assert.Matches("<th scope=\"row\">U</th>.*not finite.*✗ wrong", page);
        // The measures in the order of their heads: sum, largest, norm ratio, allclose, dual numbers, single precision.
        Assert.Matches("<th scope=\"row\">V</th><td>1.2 × 10<sup>−7</sup>.*?</td><td>2.0 × 10<sup>−5</sup>.*?</td><td>3.0 × 10<sup>−9</sup>.*?</td><td>0 of 100</td><td>4.0 × 10<sup>−16</sup></td><td>4.0 %</td><td><span class=\"pass\">✓ right", page);
        // Figures of another size are nobody's.
        Assert.DoesNotContain("6.9 × 10", HtmlReport.Write([SampleRuns.Make() with { Gradients = right with { HiddenSize = 5 } }], ""));
        Assert.Throws<FormatException>(() => GradientReport.FromJson("{}"u8.ToArray()));
        Assert.Throws<FormatException>(() => GradientReport.FromJson("[1"u8.ToArray()));
    }

    [Fact]
    public void Whatever_was_timed_beside_the_kernels_is_shown()
    {
        var speed = SpeedReport.FromJson(Bench());
        Assert.Equal([("scalar loops", 2000.0), ("TensorPrimitives", 120.5), ("another one", 64.0)], speed.Update.Peers.Select(peer => (peer.Name, peer.Minimum)));
        Assert.Equal((32.5, 33.0, 0.68), (speed.Update.Minimum, speed.Update.Median, speed.Update.ShareOfPeak));
        Assert.Null(speed.Parts[0].ShareOfPeak);
        var page = HtmlReport.Write([SampleRuns.Make() with { Speed = speed }], "");
        Assert.Matches("TensorPrimitives</span>.*120.5 µs, 3.7 × as long", page);
        Assert.Matches("<th scope=\"row\">softmax</th><td>1.1</td><td>1.2</td><td></td><td>9.9</td><td>9.0 ×</td><td></td>", page);
        Assert.Throws<FormatException>(() => SpeedReport.FromJson("{\"processor\":1}"u8.ToArray()));
    }

    /// <summary>What a reader points at: each run's own records, rounded.</summary>
    [Fact]
    public void The_values_to_be_read_are_the_records_of_each_run()
    {
        ReportRun[] runs = [SampleRuns.Make("one", steps: 30_000), SampleRuns.Make("two", steps: 3000) with { BestStep = 0 }];
        runs[1] = runs[1] with { Losses = [.. runs[1].Losses.Select(point => new LossPoint(point.Step + 7, 2, point.Loss + 3, point.SmoothLoss + 0.5, 1))] };
        JsonElement[] series = [.. Data(HtmlReport.Write(runs, ""), "chart1-data").GetProperty("series").EnumerateArray()];
        Assert.Equal(["one", "two"], series.Select(one => one.GetProperty("name").GetString()));
        for (var i = 0; i < 2; i++)
        {
            double[] x = Numbers(series[i], "x"), y = Numbers(series[i], "y"), loss = Numbers(series[i], "loss"), epoch = Numbers(series[i], "epoch");
            Assert.Equal((runs[i].Losses[0].Step, runs[i].Losses[^1].Step), ((long)x[0], (long)x[^1]));
            for (var k = 0; k < x.Length; k++)
            {
                var record = runs[i].Losses.Single(point => point.Step == (long)x[k]);
                Assert.Equal((Math.Round(record.SmoothLoss, 3), Math.Round(record.Loss, 2), record.Epoch), (y[k], loss[k], (int)epoch[k]));
            }
        }
    }

    [Fact]
    public void The_figures_of_the_head_and_the_tables_of_the_loss_are_the_runs()
    {
        var run = SampleRuns.Make(steps: 40_000) with { BestStep = 31_234, BestSmoothLoss = 43.32 };   // 43.32 nats over 25 characters are 2.5 bits each
        var page = HtmlReport.Write([run], "");
        Assert.Contains($"Its smooth loss fell from {run.Losses[0].SmoothLoss:0.00} to 43.32, which is 2.50 bits a character.", page);
        Assert.Contains("<dt>Updates</dt><dd>40,000<small>the text 0.9 times</small>", page);
        Assert.Contains("<dt>Lowest smooth loss</dt><dd>43.32<small>at update 31,234</small>", page);
        Assert.Contains($"<dt>Last smooth loss</dt><dd>{run.Losses[^1].SmoothLoss:0.00}<small>{run.Losses[^1].SmoothLoss / 25 / Math.Log(2):0.00} bits a character</small>", page);
        Assert.Contains("<dt>Time</dt><dd>1.4 s<small>35.0 µs an update, all included</small>", page);
        // Beside what was published, and at round updates: the record of that very update.
        Assert.Contains($"<th scope=\"row\">20,000</th><td><strong>{At(20_000):0.00}</strong></td><td>50.1</td><td>51.0</td>", page);
        Assert.Contains($"<th scope=\"row\">5,000</th><td>{At(5000):0.00}</td><td>{At(5000) / 25 / Math.Log(2):0.000}</td><td>1</td>", page);

        double At(long step) => run.Losses.Single(point => point.Step == step).SmoothLoss;
    }

    [Fact]
    public void Each_sample_stands_beside_its_own_loss_update_and_share_of_real_words()
    {
        var run = SampleRuns.Make(steps: 20_000, samples: ["- moll -", "- the mill -", "- the moll and the mill -"]);
        var page = HtmlReport.Write([run with { Samples = [.. run.Samples.SkipLast(1), run.Samples[^1] with { Step = 20_001 }], BestPassage = "- the mull", BestStep = 777, BestSmoothLoss = 44.44 }], "");
        Assert.Equal([("100.00", "update 1", "0 % real words, 0 of 1", "100"), ("99.00", "update 2,001", "100 % real words, 2 of 2", "99"), ("98.00", "after update 20,000", "80 % real words, 4 of 5", "98")],
            Regex.Matches(page, "<b>([^<]*)</b><span>([^<]*)</span><span>epoch 1</span><span>([^<]*)</span><span class=\"loss-bar\" style=\"width:([\\d.]+)%\"")
                .Select(match => (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value.Split('.')[0])));
        Assert.Contains("10 characters from the weights of update 777, where the smooth loss was lowest (44.44).", page);
        Assert.Contains("- the <i class=\"made\">mull</i></blockquote>", page);
    }

    /// <summary>The exercise asks for those before the first and every 10,000th update to 100,000 and at the end; on paper nothing of the page is hidden.</summary>
    [Fact]
    public void The_samples_that_are_asked_for_are_always_shown_and_only_others_are_thinned()
    {
        var run = SampleRuns.Make(steps: 443_000, every: 1000) with { Samples = [.. Enumerable.Range(0, 887).Select(i => new WrittenSample(Math.Max(1, 500L * i), 1, 50, $"text {i}")), new(443_001, 10, 40, "the end")], Words = null };
        var page = HtmlReport.Write([run, run with { Name = "b" }], "");
        var section = page[page.IndexOf("id=\"text1\"", StringComparison.Ordinal)..page.IndexOf("id=\"text2\"", StringComparison.Ordinal)];
        (bool Shown, string Step)[] samples = [.. Regex.Matches(section, "<li( class=\"more\")?>.*?<span>((?:after )?update [\\d,]+)</span>").Select(match => (!match.Groups[1].Success, match.Groups[2].Value))];
        string[] asked = ["update 1", .. Enumerable.Range(1, 10).Select(i => $"update {10 * i},000"), "after update 443,000"];
        Assert.Equal(asked, samples.Where(sample => sample.Shown).Select(sample => sample.Step).Where(asked.Contains));
        Assert.Equal((12 + 4, 12 + 108), (samples.Count(sample => sample.Shown), samples.Length));
        Assert.Contains("120 of the 888 samples", section);
        // A run of a few samples hides none.
        Assert.DoesNotContain("class=\"more\"", HtmlReport.Write([SampleRuns.Make(samples: ["a", "b", "c"])], ""));
    }

    [Fact]
    public void Files_of_a_run_are_linked_from_where_the_page_lies()
    {
        var root = Directory.CreateTempSubdirectory("charrnn-links-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "a run & more #1")).FullName;
            var run = SampleRuns.Make(samples: ["the mill"]) with { Folder = folder };
            Assert.DoesNotContain("samples.txt", HtmlReport.Write([run], "", root));
            File.WriteAllText(Path.Combine(folder, "samples.txt"), "x");
            Assert.Contains("<a href=\"samples.txt\">", HtmlReport.Write([run], "", folder));
            Assert.Contains("<a href=\"a%20run%20%26%20more%20%231/samples.txt\">", HtmlReport.Write([run], "", root));
            Assert.Contains("<a href=\"../a%20run%20%26%20more%20%231/samples.txt\">", HtmlReport.Write([run], "", Path.Combine(root, "other")));
            Assert.DoesNotContain("samples.txt", HtmlReport.Write([run], ""));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>A number between two logged updates would be nobody's.</summary>
    [Fact]
    public void The_tables_of_the_curve_hold_logged_updates_only()
    {
        ReportRun[] runs = [SampleRuns.Make("one", steps: 30_000, every: 70), SampleRuns.Make("two", steps: 12_000, every: 100)];
        foreach (var shown in (ReportRun[][])[[runs[0]], [runs[1]], runs])
        {
            var page = HtmlReport.Write(shown, "");
            var table = page[page.IndexOf("at updates that were logged", StringComparison.Ordinal)..];
            var rows = Regex.Matches(table[..table.IndexOf("</table>", StringComparison.Ordinal)], "<th scope=\"row\">([\\d,]+)</th>((?:<td>[^<]*</td>)+)");
            Assert.InRange(rows.Count, 7, 50);
            foreach (Match row in rows)
            {
                var step = long.Parse(row.Groups[1].Value.Replace(",", "", StringComparison.Ordinal));
                var cells = row.Groups[2].Value.Split("</td>").Select(cell => cell.Replace("<td>", "", StringComparison.Ordinal)).ToArray();
                Assert.Contains(shown, run => run.Losses.Any(point => point.Step == step));
                for (var i = 0; i < shown.Length; i++)
                {
                    Assert.Equal(shown[i].Losses.SingleOrDefault(point => point.Step == step) is { } record ? $"{record.SmoothLoss:0.00}" : "", cells[i]);
                }
            }
        }

        // Beside what others published: the record, or the last before it with its own number.
        var beside = HtmlReport.Write([runs[0]], "");
        Assert.Contains($"<th scope=\"row\">10,000</th><td><strong>{runs[0].Losses.Last(point => point.Step <= 10_000).SmoothLoss:0.00}<small>at 9,940</small></strong></td>", beside);
        Assert.Contains($"<th scope=\"row\">20,000</th><td><strong>{runs[0].Losses.Last(point => point.Step <= 20_000).SmoothLoss:0.00}<small>at 19,950</small></strong></td>", beside);
    }

    /// <summary>However many samples a run has: the sentence, the samples and the comparison give the same shares, each with what it is taken over.</summary>
    [Fact]
    public void The_shares_of_real_words_on_a_page_agree()
    {
        foreach (var count in (int[])[3, 150])
        {
            string[] samples = [.. Enumerable.Range(0, count).Select(i => i == 0 ? "- moll mull mell the -" : i == count - 1 ? "- the mill and moll -" : "- the moll -")];
            var run = SampleRuns.Make(steps: 100_000, samples: samples);
            run = run with { Samples = [.. run.Samples.SkipLast(1), run.Samples[^1] with { Step = 100_001 }] };
            run = run with { Words = CharRnn.Rnn.Reports.Words.WordReport.Create(run.TextWords!, run.Samples, []) };
            var page = HtmlReport.Write([run, run with { Name = "b" }], "");
            Assert.Contains("in the sample before update 1, 1 of 4 stand in the text (25 %); in that before update 100,001, 3 of 4 (75 %).", page);
            Assert.Contains("<span>25 % real words, 1 of 4</span>", page);
            Assert.Contains("<span>75 % real words, 3 of 4</span>", page);
            Assert.Contains("<td>75 % (3 of 4)</td>", page);
            var together = (count + 59) / 60;
            Assert.Equal(together > 1, page.Contains($"{together} samples together", StringComparison.Ordinal));
            var y = Numbers(Data(page, "chart2-data").GetProperty("series")[0], "y");
            Assert.True(together > 1 || (y[0], y[^1]) == (0.25, 0.75));
        }
    }

    /// <summary>Update 2,001 of 1,000 an epoch is the first of the third; its chunk begins the text.</summary>
    [Theory]
    [InlineData(1, "character 1 of the text, 0 % of the way through it, in epoch 1")]
    [InlineData(2000, "character 24,976 of the text, 100 % of the way through it, in epoch 2")]
    [InlineData(2001, "character 1 of the text, 0 % of the way through it, in epoch 3")]
    [InlineData(2751, "character 18,751 of the text, 75 % of the way through it, in epoch 3")]
    public void The_lowest_loss_is_told_with_its_place_in_the_text(long step, string place)
    {
        var run = SampleRuns.Make(steps: 3000, textLength: 25_001) with { BestStep = step, BestPassage = "the mill" };
        Assert.Contains($"It fell at {place}.", HtmlReport.Write([run], ""));
        Assert.DoesNotContain("best passage", HtmlReport.Write([run], ""), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Words_stand_beside_the_sample_in_which_they_were_first_written()
    {
        var run = SampleRuns.Make(steps: 30_000, samples: ["- x -", "- the -", "- mill -", "- the well -"], text: "the mill and the well");
        run = run with { Words = CharRnn.Rnn.Reports.Words.WordReport.Create(run.TextWords!, run.Samples, ["Otto"]) };
        var page = HtmlReport.Write([run], "");
        string[] rows = [.. Regex.Matches(page, "<th scope=\"row\"><bdi>(\\w+)</bdi>(.*?)</tr>").Select(match => match.Groups[1].Value + match.Groups[2].Value)];
        Assert.StartsWith("Otto <span class=\"muted\">(watched)</span></th><td>not yet</td><td>0 of 4</td>", rows[0]);
        Assert.EndsWith("<td>not in it</td>", rows[0]);
        Assert.Matches("^the</th><td>3,001</td><td>2 of 4</td>.*d=\"M1 0h.8v1h-.8zM3 0h.8v1h-.8z\".*<td>2</td>$", rows[1]);
        Assert.Matches("^mill</th><td>6,001</td><td>1 of 4</td>.*d=\"M2 0h", rows[2]);
        Assert.StartsWith("well</th><td>9,001</td>", rows[3]);
        Assert.Contains("in no sample yet: <bdi>and</bdi>.", page);
        var share = Data(page, "chart2-data").GetProperty("series")[0];
        Assert.Equal([1.0, 1, 1], Numbers(share, "y"));   // the first sample has no word of three letters
        Assert.Equal([3001.0, 6001, 9001], Numbers(share, "x"));
    }

    [Fact]
    public void Runs_are_compared_in_bits_a_character_and_by_the_settings_that_differ()
    {
        // The lower loss belongs to the shorter chunk.
        var one = SampleRuns.Make("one", steps: 3000) with { BestSmoothLoss = 40, BestStep = 2900, Settings = [new("seed", "1"), new("learning rate (eta)", "0.1")] };
        var two = SampleRuns.Make("two", steps: 6000) with { BestSmoothLoss = 60, BestStep = 5900, SequenceLength = 50, Settings = [new("seed", "2"), new("learning rate (eta)", "0.1")] };
        var page = HtmlReport.Write([one, two], "");
        Assert.Contains("The lowest loss is that of <em><bdi>two</bdi></em>: 1.73 bits a character", page);
        Assert.Contains("at update 5,900.", page);
        Assert.Contains("<th scope=\"row\">lowest smooth loss</th><td>40.00</td><td>60.00</td>", page);
        Assert.Contains("<th scope=\"row\">at update</th><td>2,900</td><td>5,900</td>", page);
        Assert.Contains("<th scope=\"row\">updates</th><td>3,000</td><td>6,000</td>", page);
        Assert.Contains("<th scope=\"row\">seed</th><td>1</td><td>2</td>", page);
        Assert.Contains("The same in all: learning rate (eta) 0.1.", page);
    }

    [Fact]
    public void A_million_updates_and_five_runs_take_less_than_a_megabyte()
    {
        string[] samples = [.. Enumerable.Range(0, 1000).Select(i => string.Concat(Enumerable.Repeat("the moll and the wull ", 100)))];
        var run = SampleRuns.Make(steps: 1_000_000, every: 1, samples: samples) with { BestPassage = new string('x', 2_000_000) };
        Assert.InRange(Encoding.UTF8.GetByteCount(HtmlReport.Write([run], "")), 100_000, 1_000_000);
        Assert.InRange(Encoding.UTF8.GetByteCount(HtmlReport.Write([.. Enumerable.Range(1, 5).Select(i => run with { Name = $"run {i}" })], "")), 100_000, 1_000_000);
    }

    [Fact]
    public void Numbers_are_written_as_a_person_writes_them()
    {
        Assert.Equal(["1.2 × 10<sup>−7</sup>", "10<sup>−4</sup>", "3.5", "0", "not finite", "−2.0 × 10<sup>3</sup>"], ((double[])[1.2e-7, 1e-4, 3.5, 0, double.NaN, -2000]).Select(Markup.Scientific));
        Assert.Equal(["12.3 s", "2 min 5 s", "3 h 0 min"], ((double[])[12.34, 125, 10_830]).Select(Markup.Duration));
        Assert.Equal(["once", "twice", "2.4 times", "12 times", "0.5 times"], ((double[])[1.02, 1.98, 2.4, 12.3, 0.5]).Select(Markup.Times));
        Assert.Equal(["a/b.json", "'a b'", "'it'\\''s'", "''"], ((string[])["a/b.json", "a b", "it's", ""]).Select(Markup.ShellWord));
    }

    private static JsonElement Data(string page, string id) => JsonDocument.Parse(Regex.Match(page, $"<script type=\"application/json\" id=\"{id}\">(.*?)</script>").Groups[1].Value).RootElement;

    private static double[] Numbers(JsonElement series, string name) => [.. series.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static GradientReport Gradients() => new(true, 100, 80, 25, 1e-4,
        [.. from batch in (int[])[1, 2] from name in (string[])["W", "U", "V", "b", "c"] select new GradientRow(batch, name, true, 100, 1.2e-7, 2e-5, 3e-9, 0, 4e-16, 0.04)],
        [(0.1, 1e-4)], [("holds", true)], 200);

    private static byte[] Bench() => """
        {"processor":"P","kernels":"k","hidden":100,"vocabulary":75,"seq_length":25,"peak_gflops":118.2,
         "update":{"operations":1,"min_microseconds":32.5,"median_microseconds":33,"share_of_peak":0.68,"scalar_min_microseconds":2000,"scalar_median_microseconds":2100,
                   "tensor_primitives_min_microseconds":120.5,"peers":[{"name":"another one","min_microseconds":64}]},
         "parts":[{"name":"softmax","operations":0,"min_microseconds":1.1,"median_microseconds":1.2,"share_of_peak":0,"scalar_min_microseconds":9.9}]}
        """u8.ToArray();
}
