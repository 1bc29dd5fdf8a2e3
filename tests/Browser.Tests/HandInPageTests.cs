using System.Diagnostics;
using CharRnn.AotCli.Tests.Runs;
using Microsoft.Playwright;

namespace CharRnn.Browser.Tests;

/// <summary>What is printed: the hand-in of the default run, and the long report.</summary>
[Collection("pages")]
public sealed class HandInPageTests(ReportPages pages)
{
    [PrintFact]
    public async Task The_hand_in_of_the_default_run_takes_at_most_four_pages()
    {
        var folder = Directory.CreateTempSubdirectory("charrnn-hand-in-").FullName;
        try
        {
            Run(folder, "train", "--out", "run", "--quiet");
            File.Copy(Path.Combine(Path.GetDirectoryName(pages.Whole)!, "gradcheck.json"), Path.Combine(folder, "run", "gradcheck.json"));
            Assert.Equal("run/hand-in\n", Run(folder, "report", "run", "--hand-in", "--author", "Ada L."));
            await using var open = await pages.Open(Path.Combine(folder, "run", "hand-in", "hand-in.html"));
            var printed = await Print(open.Page);
            Assert.InRange(printed.Length, 2, 4);
            Assert.All(printed, AssertIsNoLeftover);
            // The room for the discussion takes text, which is printed with the rest.
            var text = string.Join(' ', printed);
            Assert.Contains("Ada L.", text);
            Assert.DoesNotContain("Write it here", text);
            await open.Page.Locator(".room").FillAsync("The state oscillates.");
            Assert.Contains("The state oscillates.", string.Join(' ', await Print(open.Page)));
            Assert.Empty(open.Complaints);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [PrintFact]
    public async Task No_page_of_the_printed_report_holds_one_line_and_no_sample_is_hidden()
    {
        foreach (var path in pages.All)
        {
            await using var open = await pages.Open(path);
            var samples = await open.Page.Locator(".samples li").CountAsync();
            Assert.True(samples > 0);
            Assert.All(await Print(open.Page), AssertIsNoLeftover);
            await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
            Assert.Equal(samples, await open.Page.Locator(".samples li:visible").CountAsync());
        }
    }

    [BrowserFact]
    public async Task Marks_of_other_reports_are_switched_off_and_on()
    {
        // The page's own rules, on a page that has marks: those of a text of the novel's size.
        await using var open = await pages.Open(pages.Novel);
        var marks = open.Page.Locator("#loss figure svg:visible g.published:visible");
        Assert.True(await marks.CountAsync() > 0);
        await open.Page.UncheckAsync(".show-published");
        Assert.Equal(0, await marks.CountAsync());
        Assert.Equal(0, await open.Page.Locator("#loss figure .published:visible").CountAsync());
        await open.Page.CheckAsync(".show-published");
        Assert.True(await marks.CountAsync() > 0);
    }

    /// <summary>What stands on each page of the A4 paper.</summary>
    private static async Task<string[]> Print(IPage page)
    {
        var file = Path.GetTempFileName();
        try
        {
            await page.PdfAsync(new() { Path = file, Format = "A4", PreferCSSPageSize = true });
            using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", file, "-"]) { RedirectStandardOutput = true })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return text.Split('\f', StringSplitOptions.None)[..^1];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void AssertIsNoLeftover(string page) =>
        Assert.True(page.Split('\n').Count(line => !string.IsNullOrWhiteSpace(line)) > 1, $"a page holds only '{page.Trim()}'");

    private static string Run(string folder, params string[] arguments)
    {
        (var exitCode, var output, var error) = CharrnnProcess.Run(folder, arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }
}
