using System.Text;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Tests.Export;
using Microsoft.Playwright;

namespace CharRnn.Browser.Tests;

/// <summary>The page that writes by itself, in a browser, against <c>charrnn sample</c> and against the cells' equations.</summary>
[Collection("pages")]
public sealed class WritingPageTests(ReportPages pages)
{
    [BrowserFact]
    public async Task It_writes_what_sample_writes()
    {
        await using var open = await pages.Open(pages.Writing);
        foreach (var (prime, temperature, seed) in new[] { ("", "0", "1"), ("The river", "0", "1"), ("", "0.8", "1"), ("One\nstill", "1.3", "18446744073709551615") })
        {
            var expected = pages.Run(["sample", "tale", "--length", "300", "--temperature", temperature, "--seed", seed, .. prime.Length > 0 ? ["--prime", prime] : (string[])[]]);
            Assert.Equal(expected[..^1], await Write(open.Page, prime, temperature, seed, "300"));
        }

        Assert.Empty(open.Complaints);
    }

    [BrowserFact]
    public async Task Every_cell_writes_what_its_equations_say()
    {
        foreach (var (cell, layers) in PlainCells.Kinds)
        {
            // The vocabulary and the name would break out of a page that does not escape them.
            const string prime = "</script>😀→";
            var network = Enumerable.Range(11, 40)
                .Select(seed => PlainCells.Random(cell, layers, 9, "\n /<>&'\"script→😀\u2028", (ulong)seed, 1.5))
                .First(candidate => PlainCells.Write(candidate, prime, 60).Distinct().Count() > 1);   // some write one character for ever
            var path = Path.Combine(pages.Folder, $"{cell}{layers}.html");
            await File.WriteAllTextAsync(path, WritingPage.Write(network, "</script><b>{model} & {name}"), new UTF8Encoding(false));
            await using var open = await pages.Open(path);
            Assert.Equal("</script><b>{model} & {name}", await open.Page.InnerTextAsync("h1"));
            var expected = PlainCells.Write(network, prime, 60);
            Assert.Equal(prime + expected, await Write(open.Page, prime, "0", "1", "60"));
            Assert.Empty(open.Complaints);
        }
    }

    [BrowserFact]
    public async Task What_it_cannot_read_is_named_and_writing_can_be_stopped()
    {
        await using var open = await pages.Open(pages.Writing);
        await Write(open.Page, "été", "0", "1", "10", wait: false);
        Assert.Contains("‘é’", await open.Page.InnerTextAsync("#problem"));
        Assert.Equal("", await open.Page.TextContentAsync("#text"));
        await Write(open.Page, "", "1", "1", "1000000", wait: false);
        Assert.Equal("", await open.Page.InnerTextAsync("#problem"));
        await open.Page.ClickAsync("#stop");
        var text = await open.Page.TextContentAsync("#text");
        await open.Page.WaitForTimeoutAsync(100);
        Assert.Equal(text, await open.Page.TextContentAsync("#text"));
        Assert.True(await open.Page.IsEnabledAsync("#write"));
    }

    [BrowserFact]
    public async Task The_report_leads_to_it_and_axe_finds_no_obstacle()
    {
        foreach (var dark in (bool[])[false, true])
        {
            await using var open = await pages.Open(pages.Whole, dark, width: 360);
            await open.Page.ClickAsync("a[href='write.html']");
            await Write(open.Page, "The", "0.5", "3", "200");
            await ReportPageTests.AssertNoObstacle(open.Page);
            Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        }
    }

    private static async Task<string?> Write(IPage page, string prime, string temperature, string seed, string length, bool wait = true)
    {
        await page.FillAsync("#prime", prime);
        await page.EvalOnSelectorAsync("#temperature", "(input, value) => { input.value = value; input.dispatchEvent(new Event('input')); }", temperature);
        await page.FillAsync("#seed", seed);
        await page.FillAsync("#length", length);
        await page.ClickAsync("#write");
        if (wait)
        {
            // Without a script of the test's own, which the page's policy would refuse.
            await page.Locator("#write:enabled").WaitForAsync();
        }

        return await page.TextContentAsync("#text");
    }
}
