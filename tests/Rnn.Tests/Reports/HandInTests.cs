using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Gradients;
using CharRnn.Rnn.Reports.HandIn;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Reports;

public class HandInTests
{
    private static readonly DateOnly Day = new(2026, 3, 9);

    [Fact]
    public void It_says_what_was_trained_how_it_was_checked_and_what_came_out()
    {
        var run = Run();
        string html = Words(HandInDocument.Of(run, "Ada <L.> & Co", Day, "charrnn 9.9").ToHtml()), tex = HandInDocument.Of(run, "Ada <L.> & Co", Day, "charrnn 9.9").ToLatex();
        foreach (var part in (string[])
        [
            "A recurrent network learns to write like book.txt Ada <L.> & Co, 9 March 2026. Trained and checked with charrnn 9.9.",
            "has 1,100,000 characters, K = 80 of them distinct", "at = W ht−1 + U xt + b", "ht = tanh(at)", "Together W (100 by 100), U (100 by 80), V (80 by 100), b and c are 26,180 numbers",
            "chunks of 25 characters, 43,999 an epoch", "The run did 120,000 updates, one a chunk: it read the text 2.7 times",
            "Each element is clipped to ±5", "AdaGrad with learning rate η = 0.1", "θ ← θ − η g / √G + 10−8", "deviation 0.01",
            "Yes. Every element of every gradient g of a network of 100 hidden units, 80 characters and chunks of 25", "centred difference n of step 1E-4",
            "W 3.0 × 10−9 2.0 × 10−5 4.0 × 10−16 3.0 × 10−9 2.0 × 10−5 4.0 × 10−16 right",
            "Before update 1, smooth loss 100.00 sample 1", "Before update 10,000, smooth loss 99.00 sample 2", "After update 120,000, smooth loss 88.00 sample 13",
            "1,000 characters from the weights of the lowest loss",
        ])
        {
            Assert.Contains(part, html);
        }

        Assert.Contains("\\author{Ada \\textless{}L.\\textgreater{} \\& Co}", tex);
        Assert.Contains("h_t = \\tanh(a_t)", tex);
        Assert.Contains("$W$ & $3.0 \\times 10^{-9}$ & $2.0 \\times 10^{-5}$", tex);
        Assert.Contains("\\textbf{Before update 10,{}000,{} smooth loss 99.00}", tex);
        Assert.DoesNotContain("WRONG", html + tex);
        run = run with { Gradients = run.Gradients! with { Ok = false, Parameters = [.. run.Gradients.Parameters.Select(row => row with { Ok = row.Name != "U" || row.Batch != 2 })] } };
        Assert.Contains("No. Every element", Words(HandInDocument.Of(run, "", Day, "").ToHtml()));
        Assert.Equal(1, Regex.Count(HandInDocument.Of(run, "", Day, "").ToHtml(), "WRONG"));
        Assert.Contains("They have not been checked yet", HandInDocument.Of(run with { Gradients = null }, "", Day, "").ToHtml());
    }

    /// <summary>The equations are the cell's own: which step each state is of, products with matrices and by element, both states that are returned.</summary>
    [Fact]
    public void A_cell_is_handed_in_with_its_own_equations()
    {
        Assert.Equal(
            [
                "i_t = \\sigma(W_i h_{t-1} + U_i x_t + b_i)", "f_t = \\sigma(W_f h_{t-1} + U_f x_t + b_f)", "g_t = \\tanh(W_g h_{t-1} + U_g x_t + b_g)",
                "o_t = \\sigma(W_o h_{t-1} + U_o x_t + b_o)", "c_t = f_t \\odot c_{t-1} + i_t \\odot g_t", "h_t = o_t \\odot \\tanh(c_t)",
            ],
            CellFormulas.Of(CharRnn.Rnn.Cells.Lstm.Description));
        Assert.Equal("h_t = (1 - z_t) \\odot n_t + z_t \\odot h_{t-1}", CellFormulas.Of(CharRnn.Rnn.Cells.Gru.Description).Last());
        var run = Run();
        run = run with { Configuration = run.Configuration! with { Cell = "lstm", Layers = 2 } };
        string html = Words(HandInDocument.Of(run, "", Day, "").ToHtml()), tex = HandInDocument.Of(run, "", Day, "").ToLatex();
        Assert.Contains("ct = ft ⊙ ct−1 + it ⊙ gt", html);
        Assert.Contains("There are 2 such layers", html);
        Assert.Contains("Together they are 160,880 numbers", html);
        Assert.Contains("h_t = o_t \\odot \\tanh(c_t)", tex);
        Assert.DoesNotContain("a_t = W h_{t-1}", tex);
    }

    [Fact]
    public void The_edition_of_2026_is_handed_in_with_its_own_rule()
    {
        var run = Run();
        run = run with { HasMeanLoss = true, BestSmoothLoss = 1.5344, Configuration = Preset.Apply(Preset.Adam, run.Configuration!) };
        var html = Words(HandInDocument.Of(run, "", Day, "").ToHtml());
        foreach (var part in (string[])
        [
            "L = −(1/T) ∑t log pt[yt]", "They are not clipped.", "changed by Adam with learning rate η = 0.001", "m ← 0.9 m + 0.1 g", "v ← 0.999 v + 0.001 g2",
            "θ ← θ − η (m / (1 − 0.9t)) / (√v / (1 − 0.999t) + 10−8)", "W of variance 1/(2m), U of 1/(2K), V of 1/m", "the mean over the 25 characters", "1.534 at update",
        ])
        {
            Assert.Contains(part, html);
        }
    }

    /// <summary>Between the samples that the exercise asks for a run may have written many others.</summary>
    [Fact]
    public void Only_the_samples_that_are_asked_for_are_handed_in()
    {
        var run = Run();
        run = run with { Samples = [.. Enumerable.Range(0, 1201).Select(i => new WrittenSample(i == 0 ? 1 : 100L * i, 1, 50, $"text {i}")), new(120_001, 3, 40, "the end")] };
        var html = HandInDocument.Of(run, "", Day, "").ToHtml();
        Assert.Equal(["text 0", .. Enumerable.Range(1, 10).Select(i => $"text {100 * i}"), "the end"], Regex.Matches(html, "<p class=\"written\" dir=\"auto\">([^<]*)</p>").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void What_the_run_shows_is_true_of_its_records()
    {
        // Three epochs of 1,000 chunks, in each of which the loss is lowest a quarter of the way through.
        var losses = Enumerable.Range(1, 3000).Select(step => new LossPoint(step, 1 + (step - 1) / 1000, 0, 40 + (60 * Math.Exp(-step / 100.0)) + (5 * Math.Abs(((step - 1) % 1000) - 250) / 1000.0), step * 1e-4)).ToArray();
        var best = losses.MinBy(point => point.SmoothLoss)!;
        var run = SampleRuns.Make(textLength: 25_001, samples: ["- x -", "- the moll -", "- the mill -"]) with { Losses = losses, BestStep = best.Step, BestSmoothLoss = best.SmoothLoss };
        var html = Words(HandInDocument.Of(run, "", Day, "").ToHtml());
        var half = losses.First(point => point.SmoothLoss <= (losses[0].SmoothLoss + best.SmoothLoss) / 2).Step;
        Assert.Equal(2251, best.Step);
        Assert.Contains($"Half of the fall of the smooth loss, from {losses[0].SmoothLoss:0.00} to {best.SmoothLoss:0.00}, was done by update {half} of 3,000.", html);
        Assert.Contains("lowest at update 2,251, at character 6,251 of the text, 25 % of the way through it, in epoch 3.", html);
        Assert.Contains("near the same place, 25 % of the way through the text (2 epochs, within 3 % of the text)", html);
        Assert.Contains("Of the words of three letters and more, 1 of 2 in the sample before update 1,001 stand in the text, and 2 of 2 in that before update 2,001.", html);
        Assert.Contains("The 3,000 updates took 0.3 s, 100.0 microseconds each", html);
        // Where the places differ, or the loss just falls, nothing is said of them.
        run = run with { Losses = [.. losses.Select(point => point with { SmoothLoss = 100 - (point.Step / 100.0) })], BestStep = 3000, BestSmoothLoss = 70 };
        Assert.DoesNotContain("near the same place", HandInDocument.Of(run, "", Day, "").ToHtml());
    }

    [Fact]
    public void Nothing_that_was_written_becomes_markup_or_commands()
    {
        const string nasty = "</p><script>alert(1)</script> \\input{x} $\\end{document}$ % & # _ ^ ~ ``--!?''";
        var document = HandInDocument.Of(Run() with { TextName = nasty, BestPassage = nasty, Samples = [new(1, 1, 100, nasty)], Processor = nasty }, nasty, Day, nasty);
        Assert.DoesNotContain("<script", document.ToHtml());
        var tex = document.ToLatex();
        Assert.DoesNotContain("\\input", tex);
        Assert.Equal(1, Regex.Count(tex, @"\\end\{document\}"));
        Assert.DoesNotMatch("[^\\\\]%.*alert", tex);
    }

    [Fact]
    public void The_curve_has_at_most_a_thousand_points_each_a_record_and_the_table_has_all()
    {
        var run = Run(every: 1);
        var document = HandInDocument.Of(run, "", Day, "");
        var data = Regex.Match(document.ToLatex(), @"mark=none\] coordinates \{(.*?)\};", RegexOptions.Singleline).Groups[1].Value;
        var points = Regex.Matches(data, @"\((\d+),([\d.]+)\)").Select(match => (Step: long.Parse(match.Groups[1].Value), Loss: double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))).ToArray();
        Assert.InRange(points.Length, 500, 1000);
        Assert.All(points, point => Assert.Equal(run.Losses[(int)point.Step - 1].SmoothLoss, point.Loss, 1e-4));
        Assert.Equal((1, 120_000), (points[0].Step, points[^1].Step));
        var lines = document.ToLossTable().Split('\n');
        Assert.Equal(("update,epoch,loss,smooth_loss", 120_002, ""), (lines[0], lines.Length, lines[^1]));
        Assert.Equal(run.Losses[76].SmoothLoss, double.Parse(lines[77].Split(',')[3], CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_file_that_somebody_changed_is_known()
    {
        var document = HandInDocument.Of(Run(), "", Day, "");
        foreach (var content in (string[])[document.ToHtml(), document.ToLatex()])
        {
            Assert.True(Seal.IsUnbroken(content));
            Assert.False(Seal.IsUnbroken(content + " "));
            Assert.False(Seal.IsUnbroken(content.Replace("Discussion", "My discussion", StringComparison.Ordinal)));
            Assert.False(Seal.IsUnbroken(content.ReplaceLineEndings("\r\n")));
        }

        Assert.False(Seal.IsUnbroken(""));
        Assert.False(Seal.IsUnbroken("an essay"));
    }

    [Fact]
    public void A_run_of_nothing_is_handed_in_as_such()
    {
        var document = HandInDocument.Of(SampleRuns.Make(steps: 0), "", Day, "");
        Assert.DoesNotContain("NaN", document.ToHtml() + document.ToLatex());
        Assert.DoesNotContain("tikzpicture}", document.ToLatex());
    }

    [Fact]
    public void Latex_texts_are_ascii_with_accents_as_commands_and_the_rest_as_code_points()
    {
        Assert.Equal("caf\\'{e} na\\\"{\\i}ve \\v{S}k\\r{u} \\c{c}", LatexText.Escape("café naïve Šků ç"));
        Assert.Equal("\\charrnncode{U+0416}\\allowbreak{}\\charrnncode{U+1F600}\\allowbreak{}\\charrnncode{U+0007}\\allowbreak{}\\charrnncode{U+FFFD}\\allowbreak{}", LatexText.Escape("Ж😀\u0007\uD800"));
        Assert.Equal("\\mbox{}a\\ \\ b\\\\\n\\mbox{}\\\\\n\\mbox{}c", LatexText.Lines("a  b\n\nc"));
        Assert.Equal("xxxxxxxxxxxx\\allowbreak{}xxxxxxxxxxxx\\allowbreak{}x", LatexText.Escape(new string('x', 25)));
        var all = new StringBuilder();
        for (var value = 0; value < 0x3000; value++)
        {
            all.Append((char)value);
        }

        Assert.All(LatexText.Lines(all.ToString()), character => Assert.InRange(character, '\n', '~'));
    }

    private static ReportRun Run(int every = 100)
    {
        var run = SampleRuns.Make(steps: 120_000, every: every);
        return run with
        {
            Samples = [.. Enumerable.Range(0, 13).Select(i => new WrittenSample(i switch { 0 => 1, 12 => 120_001, _ => 10_000 * i }, 1 + (i / 5), 100 - i, $"sample {i + 1}")).Where(sample => sample.Step != 110_000)],
            BestPassage = new string('x', 1000),
            Gradients = new(true, 100, 80, 25, 1e-4,
                [.. from batch in (int[])[1, 2] from name in (string[])["W", "U", "V", "b", "c"] select new GradientRow(batch, name, true, 100, 1.2e-7, 2e-5, 3e-9, 0, 4e-16, 0.04)],
                [(0.1, 1e-4)], [("holds", true)], 200),
            Configuration = new() { TextSha256 = "", TextLength = run.TextLength, Vocabulary = "ab" },
        };
    }

    /// <summary>What a reader of the page sees, as words with single spaces.</summary>
    private static string Words(string html)
    {
        var body = Regex.Replace(html[html.IndexOf("<body>", StringComparison.Ordinal)..], "</?(i|sub|sup|span)( [^>]*)?>", "");
        return Regex.Replace(System.Net.WebUtility.HtmlDecode(Regex.Replace(body, "<[^>]*>", " ")), "\\s+", " ").Replace(" .", ".", StringComparison.Ordinal);
    }
}
