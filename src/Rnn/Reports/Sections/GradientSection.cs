using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Reports.Gradients;
using CharRnn.Rnn.Reports.Html;

namespace CharRnn.Rnn.Reports.Sections;

/// <summary>Whether the gradients are right: a row for each parameter and batch.</summary>
internal static class GradientSection
{
    public static void Write(PageWriter page, ReportRun run, int number)
    {
        page.Begin("gradients", "Gradients", number);
        if (run.Gradients is { } report)
        {
            WriteTables(page, report);
        }
        else
        {
            page.Add($"<p>{(run.GradientProblem is { } problem ? Markup.Escape(problem) + " " : "Not checked yet. ")}This command checks them; write the report again after it:</p>\n<pre><code>{Markup.Escape(run.GradientCommand)}</code></pre>\n");
        }

        page.End();
    }

    private static void WriteTables(PageWriter page, GradientReport report)
    {
        var wrong = report.Parameters.Count(row => !row.Ok) + report.Properties.Count(property => !property.Ok);
        page.Add(report.Ok
            ? "<p><span class=\"pass\">✓ Right.</span> "
            : $"<p><span class=\"fail\">✗ Wrong in {(wrong == 1 ? "one place" : $"{wrong} places")}.</span> ");
        page.Add($"Every element of every gradient of a network of {report.HiddenSize} hidden units, {report.VocabularySize} characters and chunks of {report.SequenceLength} was compared with centred differences of step {Markup.Scientific(report.Step)}, with dual numbers, which have no step, and with a real update in single precision.</p>\n");
        var published = report is { HiddenSize: 100, SequenceLength: 25 };
        page.BeginTable(published ? $"In grey the same of {PublishedLosses.ClassicSource}: R1, R2 and R3, with the same network" : "The gradient check",
            ["parameter", $"sum of relative errors{Report("R1")}", $"largest relative error{Report("R2")}", $"norm ratio{Report("R3")}", "beyond allclose", "norm ratio against dual numbers", "single precision, of its bound", "verdict"], "wide gradients");
        foreach (var batch in report.Parameters.GroupBy(row => row.Batch))
        {
            page.Add($"</tbody><tbody><tr><th scope=\"rowgroup\" colspan=\"8\">{(batch.Key == 1 ? "First batch, h<sub>0</sub> = 0" : "Second batch, after an update, h<sub>0</sub> carried")}</th></tr>\n");
            foreach (var row in batch)
            {
                PublishedErrors? theirs = published && row.Name is "W" or "U" or "V" or "b" or "c" && row.Batch is 1 or 2 ? PublishedErrors.Of(row.Name, row.Batch) : null;
                page.Row(Markup.Escape(row.Name),
                [
                    Beside(row.SumOfRelativeErrors, theirs?.SumOfRelativeErrors),
                    Beside(row.LargestRelativeError, theirs?.LargestRelativeError),
                    Beside(row.NormRatio, theirs?.NormRatio),
                    $"{Markup.Whole(row.BeyondAllClose)} of {Markup.Whole(row.Elements)}",
                    Markup.Scientific(row.DualNormRatio),
                    $"{Markup.Fixed(row.SingleOverAllowed * 100, 1)} %",
                    row.Ok ? "<span class=\"pass\">✓ right</span>" : "<span class=\"fail\">✗ wrong</span>",
                ]);
            }
        }

        page.EndTable();
        page.Add("<p class=\"muted\">Sum of relative errors: Σ |g − n| / max(1, |g| + |n|). Largest relative error: the denominator is max(10<sup>−8</sup>, |g| + |n|); that of W’s tiniest elements, near 10<sup>−8</sup>, is made by the rounding of the loss alone, right gradients included. Norm ratio: ‖g − n‖ / (‖g‖ + ‖n‖). Allclose: |g − n| above 10<sup>−8</sup> + 10<sup>−5</sup> |n|.</p>\n");
        if (report.Properties.Count > 0)
        {
            page.Add($"<details><summary>{report.Properties.Count(property => property.Ok)} of {report.Properties.Count} properties held on {Markup.Whole(report.Cases)} random networks and chunks each</summary>\n<ul>\n");
            foreach ((var statement, var ok) in report.Properties)
            {
                page.Add($"<li>{(ok ? "<span class=\"pass\">✓ held</span>" : "<span class=\"fail\">✗ failed</span>")}: {Markup.Escape(statement)}</li>\n");
            }

            page.Add("</ul></details>\n");
        }

        if (report.Sweep.Count > 0)
        {
            page.Add("<details><summary>The step size of the differences</summary>\n");
            page.BeginTable("Norm ratio of W in the first batch: truncation falls with the square of the step, rounding rises as the step shrinks", ["step", "norm ratio"]);
            foreach ((var step, var ratio) in report.Sweep)
            {
                page.Row(Markup.Scientific(step), Markup.Scientific(ratio));
            }

            page.EndTable();
            page.Add("</details>\n");
        }

        string Report(string name) => published ? $" <span class=\"muted\">{name}</span>" : "";
    }

    private static string Beside(double ours, double? theirs) =>
        Markup.Scientific(ours) + (theirs is { } value ? $"<small>{Markup.Scientific(value)}</small>" : "");
}
