using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>The head of the page: what it is about, in a sentence and in figures, and where to find what.</summary>
internal static class HeaderSection
{
    public static void Write(PageWriter page, IReadOnlyList<ReportRun> runs)
    {
        page.Add("""
            <header>
            <div class="masthead"><p class="kind">CharRnn report</p>
            <fieldset class="scheme"><legend>Colours</legend><label><input type="radio" name="scheme" id="scheme-auto" checked>as the system</label><label><input type="radio" name="scheme" id="scheme-light">light</label><label><input type="radio" name="scheme" id="scheme-dark">dark</label></fieldset></div>

            """);
        if (page.Single)
        {
            WriteOne(page, runs[0]);
        }
        else
        {
            WriteSeveral(page, runs);
        }

        page.Add("</header>\n");
    }

    private static void WriteSeveral(PageWriter page, IReadOnlyList<ReportRun> runs)
    {
        page.Add($"<h1>{runs.Count} runs compared</h1>\n");
        ReportRun[] trained = [.. runs.Where(run => run.Losses.Count > 0 && double.IsFinite(run.BestSmoothLoss))];
        if (trained.MinBy(run => run.BitsPerCharacter(run.BestSmoothLoss)) is { } best && trained.Length > 1)
        {
            page.Add($"<p class=\"lede\">The lowest loss is that of <em><bdi>{Markup.Escape(best.Name)}</bdi></em>: {Markup.Fixed(best.BitsPerCharacter(best.BestSmoothLoss), 2)} bits a character at update {Markup.Whole(best.BestStep)}.</p>\n");
        }

        Navigation(page, [("loss", "Loss"), ("comparison", "The runs side by side"), .. runs.Select((run, i) => ($"run{i + 1}", run.Name))]);
    }

    private static void WriteOne(PageWriter page, ReportRun run)
    {
        page.Add($"<h1><bdi>{Markup.Escape(run.Name)}</bdi></h1>\n<p class=\"lede\">A recurrent network of {Markup.Whole(run.HiddenSize)} hidden units ");
        if (run.Steps == 0)
        {
            page.Add($"for <em><bdi>{Markup.Escape(run.TextName)}</bdi></em> ({Text(run)}), not trained yet.");
        }
        else
        {
            page.Add($"read <em><bdi>{Markup.Escape(run.TextName)}</bdi></em> ({Text(run)}) {Markup.Times(run.Epochs)}{(run.Seconds > 0 ? $" in {Markup.Duration(run.Seconds)}" : "")}{(run.Processor.Length > 0 ? $" {Markup.OnA(run.Processor)}" : "")}.");
            if (run.Losses.Count > 0)
            {
                page.Add($" Its smooth loss {(run.BestSmoothLoss < run.Losses[0].SmoothLoss ? "fell from" : "began at")} {run.Fixed(run.Losses[0].SmoothLoss)}{(run.BestSmoothLoss < run.Losses[0].SmoothLoss ? " to" : " and was never lower than")} {run.Fixed(run.BestSmoothLoss)}, which is {Markup.Fixed(run.BitsPerCharacter(run.BestSmoothLoss), 2)} bits a character.");
            }

            if (run.BestValidation is var (step, loss))
            {
                page.Add($" On text that was held out it needs {Bits(loss)} bits a character, after update {Markup.Whole(step)}.");
            }
        }

        page.Add("</p>\n");
        if (run.Losses.Count > 0)
        {
            page.Add("<dl class=\"figures\">\n");
            Figure("Updates", Markup.Whole(run.Steps), $"the text {Markup.Times(run.Epochs)}");
            Figure("Lowest smooth loss", run.Fixed(run.BestSmoothLoss), $"at update {Markup.Whole(run.BestStep)}");
            if (run.BestValidation is var (step, loss))
            {
                Figure("Lowest held-out loss", $"{Bits(loss)} bits", $"a character, at update {Markup.Whole(step)}");
            }

            Figure("Last smooth loss", run.Fixed(run.Losses[^1].SmoothLoss), $"{Markup.Fixed(run.BitsPerCharacter(run.Losses[^1].SmoothLoss), 2)} bits a character");
            Figure("Time", Markup.Duration(run.Seconds), $"{Markup.Fixed(run.MicrosecondsPerUpdate, 1)} µs an update, all included");
            page.Add("</dl>\n");
        }

        Navigation(page,
        [
            ("loss", "Loss"),
            .. run.Samples.Count > 0 ? [("text1", "The text as it grows")] : None,
            .. run.BestPassage is { Length: > 0 } ? [("best1", "Written at the lowest loss")] : None,
            .. run.Words is not null ? [("words1", "Words")] : None,
            .. run.HiddenUnits is not null ? [("units1", "Hidden units")] : None,
            .. run.Explanation is not null ? [("explain1", "Why it went as it did")] : None,
            ("gradients1", "Gradients"),
            ("speed1", "Speed"),
            .. run.Bonus is not null ? [("bonus1", "Extra tasks")] : None,
            ("settings1", "What was trained, and on what"),
        ]);

        static string Bits(double loss) => Markup.Fixed(loss / Math.Log(2), 3);

        void Figure(string name, string value, string remark) => page.Add($"<div><dt>{name}</dt><dd>{value}<small>{remark}</small></dd></div>\n");
    }

    private static (string Id, string Name)[] None => [];

    private static string Text(ReportRun run) => $"{Markup.Whole(run.TextLength)} characters, {Markup.Whole(run.VocabularySize)} distinct";

    private static void Navigation(PageWriter page, IEnumerable<(string Id, string Name)> sections)
    {
        page.Add("<nav aria-label=\"Sections\"><ul>\n");
        foreach ((var id, var name) in sections)
        {
            page.Add($"<li><a href=\"#{id}\"><bdi>{Markup.Escape(name)}</bdi></a></li>\n");
        }

        page.Add("</ul></nav>\n");
    }
}
