using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CharRnn.Browser.Tests;

/// <summary>The report in Chromium: what a reader sees, touches, prints and hears.</summary>
[Collection("pages")]
public sealed class ReportPageTests(ReportPages pages)
{
    private const string LossFigure = "#loss figure";

    /// <summary>The WCAG contrast of every visible text with what is painted behind it; those below 4.5.</summary>
    private const string LowContrast = """
        () => {
          const parse = text => { const n = (text.match(/[\d.]+/g) || []).map(Number); return n.length < 3 ? [0, 0, 0, 0] : [n[0], n[1], n[2], n.length > 3 ? n[3] : 1]; };
          const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const light = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const canvas = matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0, 1] : [255, 255, 255, 1];
          const behind = element => { const layers = []; for (let e = element; e; e = e.parentElement) layers.unshift(parse(getComputedStyle(e).backgroundColor)); return layers.reduce((below, top) => over(top, below), canvas); };
          const low = []; let texts = 0;
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node; node = walker.nextNode();) {
            const element = node.parentElement;
            if (!node.data.trim() || element.closest("script, style, title, desc") || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
            const style = getComputedStyle(element), back = behind(element);
            const fore = over(parse(element instanceof SVGElement ? style.fill : style.color), back);
            const [a, b] = [light(fore), light(back)], ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            texts++;
            if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${element.tagName}.${element.getAttribute("class")} '${node.data.trim().slice(0, 30)}' ${fore.map(Math.round)} on ${back.map(Math.round)}`);
          }
          return [`${texts}`, ...new Set(low)];
        }
        """;

    [BrowserFact]
    public async Task The_page_complains_of_nothing_and_asks_for_nothing_while_it_is_used()
    {
        foreach (var path in pages.All)
        {
            await using var open = await pages.Open(path);
            var chart = open.Page.Locator($"{LossFigure} svg:visible");
            await chart.HoverAsync();
            await open.Page.CheckAsync($"{LossFigure} .log-x");
            await open.Page.CheckAsync($"{LossFigure} .log-y");
            await chart.HoverAsync(new() { Position = new() { X = 300, Y = 100 } });
            await open.Page.CheckAsync("#scheme-dark");
            foreach (var summary in await open.Page.Locator("summary").AllAsync())
            {
                await summary.ClickAsync();
            }

            await open.Page.WaitForTimeoutAsync(100);
            Assert.Empty(open.Complaints);
            // The drawings are there: pictures have loaded, charts have a size.
            Assert.True(await open.Page.EvaluateAsync<bool>("[...document.querySelectorAll('svg.map image')].every(image => image.getBoundingClientRect().width > 100)"));
            Assert.True(await open.Page.EvaluateAsync<bool>("Promise.all([...document.querySelectorAll('svg.map image')].map(image => { const decoded = new Image(); decoded.src = image.getAttribute('href'); return decoded.decode(); })).then(() => true, () => false)"));
        }
    }

    [BrowserFact]
    public async Task Hovering_reads_the_values_of_the_nearest_update()
    {
        await using var open = await pages.Open(pages.Whole);
        ILocator chart = open.Page.Locator($"{LossFigure} svg:visible"), tip = open.Page.Locator($"{LossFigure} .tip");
        Assert.False(await tip.IsVisibleAsync());
        var before = double.MaxValue;
        var box = await chart.BoundingBoxAsync();
        foreach (var share in (double[])[0.1, 0.5, 0.9])
        {
            // The plot goes from 56 to 898 of 920.
            await open.Page.Mouse.MoveAsync((float)(box!.X + (56 + share * 842) / 920 * box.Width), box.Y + 150);
            await Assertions.Expect(tip).ToBeVisibleAsync();
            var read = Regex.Match(await tip.InnerTextAsync(), @"^update ([\d,]+)\nsmooth loss\s+([\d.]+)\s+loss [\d.]+\s+epoch (\d+)$");
            Assert.True(read.Success, await tip.InnerTextAsync());
            double step = double.Parse(read.Groups[1].Value, CultureInfo.InvariantCulture), smooth = double.Parse(read.Groups[2].Value, CultureInfo.InvariantCulture);
            Assert.InRange(step, share * 12_000 - 300, share * 12_000 + 300);
            Assert.InRange(smooth, 30, 115);
            Assert.True(smooth < before, "the loss of this run falls");
            before = smooth;
            // The dot stands on the line: at the height of its value.
            var y = await open.Page.EvaluateAsync<double>($"parseFloat(document.querySelector('{LossFigure} svg .reading circle').getAttribute('cy'))");
            double[] scale = (await chart.GetAttributeAsync("data-y"))!.Split(' ').Select(double.Parse).ToArray(), plot = (await chart.GetAttributeAsync("data-plot"))!.Split(' ').Select(double.Parse).ToArray();
            Assert.Equal(plot[3] - (smooth - scale[0]) / (scale[1] - scale[0]) * (plot[3] - plot[2]), y, 0.5);
        }

        await open.Page.Mouse.MoveAsync(box!.X + 100, box.Y - 60);
        Assert.False(await tip.IsVisibleAsync());
    }

    [BrowserFact]
    public async Task The_slider_reads_the_same_by_keyboard_and_says_it_aloud()
    {
        await using var open = await pages.Open(pages.Whole);
        var slider = open.Page.Locator($"{LossFigure} input[type=range]");
        await slider.FocusAsync();
        await slider.PressAsync("End");
        var end = await slider.GetAttributeAsync("aria-valuetext");
        Assert.StartsWith("update 12,000\nsmooth loss", end);
        Assert.Equal(end, await open.Page.Locator($"{LossFigure} .tip").InnerTextAsync());
        await slider.PressAsync("ArrowLeft");
        Assert.NotEqual(end, await slider.GetAttributeAsync("aria-valuetext"));
    }

    /// <summary>A run says nothing of updates that it has not done.</summary>
    [BrowserFact]
    public async Task Runs_laid_over_each_other_are_read_each_to_its_own_end()
    {
        await using var open = await pages.Open(pages.Compared);
        var slider = open.Page.Locator($"{LossFigure} input[type=range]");
        await slider.FocusAsync();
        Assert.Equal(4, (await slider.GetAttributeAsync("aria-valuetext"))!.Split('\n').Length);
        await slider.PressAsync("End");
        Assert.Equal(2, (await slider.GetAttributeAsync("aria-valuetext"))!.Split('\n').Length);
        Assert.Equal(1, await open.Page.Locator($"{LossFigure} svg:visible .reading circle").CountAsync());
        Assert.Equal(3, await open.Page.Locator($"{LossFigure} svg:visible > path.line").CountAsync());
    }

    /// <summary>Each line of what is read belongs to the run that it names, and each dot stands on that run's line.</summary>
    [BrowserFact]
    public async Task What_is_read_of_several_runs_is_each_ones_own()
    {
        await using var open = await pages.Open(pages.Compared);
        var chart = open.Page.Locator($"{LossFigure} svg:visible");
        using var data = JsonDocument.Parse(await open.Page.Locator("#chart1-data").TextContentAsync() ?? "");
        JsonElement[] series = [.. data.RootElement.GetProperty("series").EnumerateArray()];
        Assert.Equal(3, series.Length);
        double[] plot = (await chart.GetAttributeAsync("data-plot"))!.Split(' ').Select(double.Parse).ToArray(), scale = (await chart.GetAttributeAsync("data-y"))!.Split(' ').Select(double.Parse).ToArray();
        var box = await chart.BoundingBoxAsync();
        foreach (var share in (double[])[0.02, 0.05, 0.3, 0.45])
        {
            await open.Page.Mouse.MoveAsync((float)(box!.X + (plot[0] + share * (plot[1] - plot[0])) / 920 * box.Width), box.Y + 150);
            var lines = (await open.Page.Locator($"{LossFigure} .tip").InnerTextAsync()).Split('\n');
            var step = double.Parse(lines[0]["update ".Length..], CultureInfo.InvariantCulture);
            var dots = await open.Page.EvaluateAsync<double[]>($"[...document.querySelectorAll('{LossFigure} svg .reading circle')].map(dot => parseFloat(dot.getAttribute('cy')))");
            JsonElement[] shown = [.. series.Where(one => Numbers(one, "x")[^1] >= step)];
            Assert.Equal((shown.Length + 1, shown.Length), (lines.Length, dots.Length));
            for (var i = 0; i < shown.Length; i++)
            {
                double[] x = Numbers(shown[i], "x"), y = Numbers(shown[i], "y");
                var nearest = Enumerable.Range(0, x.Length).MinBy(k => Math.Abs(x[k] - step));
                Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{shown[i].GetProperty("name").GetString()}  {y[nearest]:0.00}"), lines[i + 1]);
                Assert.Equal(plot[3] - (y[nearest] - scale[0]) / (scale[1] - scale[0]) * (plot[3] - plot[2]), dots[i], 0.5);
            }
        }

        static double[] Numbers(JsonElement series, string name) => [.. series.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
    }

    [BrowserFact]
    public async Task The_switches_of_the_axes_work_without_a_script_too()
    {
        foreach (var script in (bool[])[true, false])
        {
            await using var open = await pages.Open(pages.Whole, script: script);
            var chart = open.Page.Locator($"{LossFigure} svg:visible");
            Assert.Contains("xlin ylin", await chart.GetAttributeAsync("class"));
            await open.Page.CheckAsync($"{LossFigure} .log-x");
            Assert.Contains("xlog ylin", await chart.GetAttributeAsync("class"));
            Assert.Contains("1,000", await chart.InnerHTMLAsync());
            await open.Page.CheckAsync($"{LossFigure} .log-y");
            Assert.Contains("xlog ylog", await chart.GetAttributeAsync("class"));
            Assert.Equal(1, await chart.CountAsync());
            await open.Page.UncheckAsync($"{LossFigure} .log-x");
            Assert.Contains("xlin ylog", await chart.GetAttributeAsync("class"));
        }
    }

    [BrowserFact]
    public async Task Every_text_stands_out_in_light_and_dark_and_on_paper()
    {
        foreach (var path in pages.All)
        {
            foreach (var dark in (bool[])[false, true])
            {
                await using var open = await pages.Open(path, dark);
                await Opened(open.Page);
                await open.Page.Locator($"{LossFigure} svg:visible").HoverAsync();
                Assert.Equal(dark, await Brightness(open.Page) < 0.2);
                await AssertContrast(open.Page, $"{path}, {(dark ? "dark" : "light")}");
                await open.Page.CheckAsync(dark ? "#scheme-light" : "#scheme-dark");
                Assert.Equal(!dark, await Brightness(open.Page) < 0.2);
                await AssertContrast(open.Page, $"{path}, {(dark ? "dark" : "light")}, switched");
                await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
                Assert.True(await Brightness(open.Page) > 0.99, "paper is white");
                await AssertContrast(open.Page, $"{path}, printed");
            }
        }
    }

    [BrowserFact]
    public async Task Nothing_scrolls_sideways_on_a_phone()
    {
        foreach (var path in pages.All)
        {
            foreach (var width in (int[])[360, 320])
            {
                await using var open = await pages.Open(path, width: width);
                await Opened(open.Page);
                var wide = await open.Page.EvaluateAsync<string[]>("""
                    () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")]
                      .filter(element => element.getBoundingClientRect().right > innerWidth + 1 && !element.parentElement.closest(".scroll, svg"))
                      .map(element => `${element.tagName}.${element.className}`).concat(`page ${document.documentElement.scrollWidth}`)
                    """);
                Assert.True(wide.Length == 0, $"{path} at {width}: {string.Join(", ", wide)}");
                Assert.Equal("narrow", await open.Page.EvaluateAsync<string>($"[...document.querySelectorAll('{LossFigure} svg')].filter(svg => svg.checkVisibility()).map(svg => svg.classList[1]).join()"));
            }
        }
    }

    /// <summary>axe takes a quarter of a minute for a page of three runs: not every page is looked at in both widths.</summary>
    [BrowserFact]
    public async Task Axe_finds_no_obstacle_for_readers_of_any_kind()
    {
        foreach (var (path, width) in ((string, int)[])[(pages.Whole, 360), (pages.Strange, 1280), (pages.Compared, 1280)])
        {
            await using var open = await pages.Open(path, width: width);
            await Opened(open.Page);
            await AssertNoObstacle(open.Page);
        }
    }

    [BrowserFact]
    public async Task The_page_of_a_sweep_is_read_by_everybody_on_a_phone_too()
    {
        foreach (var (dark, width) in ((bool, int)[])[(false, 1280), (true, 360)])
        {
            await using var open = await pages.Open(pages.Sweep, dark, width);
            Assert.Contains("Best: eta 0.", await open.Page.Locator(".lede").InnerTextAsync());
            Assert.Equal(2, await open.Page.Locator("figure svg:visible").CountAsync());
            Assert.Equal(dark, await Brightness(open.Page) < 0.2);
            await AssertContrast(open.Page, "a sweep", atLeast: 40);
            await AssertNoObstacle(open.Page);
            Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
            Assert.Empty(open.Complaints);
        }
    }

    [BrowserFact]
    public async Task It_prints_without_controls_and_with_everything_within_the_paper()
    {
        await using var open = await pages.Open(pages.Whole, dark: true);
        var pdf = await open.Page.PdfAsync(new() { Format = "A4" });
        Assert.True(pdf.AsSpan().StartsWith("%PDF"u8));
        Assert.InRange(Regex.Count(System.Text.Encoding.Latin1.GetString(pdf), @"/Type\s*/Page\b"), 4, 20);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });
        // A4 less the margins is about 688 pixels wide.
        await open.Page.SetViewportSizeAsync(688, 900);
        foreach (var control in (string[])["nav", ".controls", ".scheme", ".tip"])
        {
            Assert.Equal(0, await open.Page.Locator($"{control}:visible").CountAsync());
        }

        Assert.True(await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 688);
        Assert.Equal(0, await open.Page.EvaluateAsync<int>("[...document.querySelectorAll('.scroll')].filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1).length"));
    }

    [BrowserFact]
    public async Task Writing_from_the_right_and_hidden_characters_are_shown_as_they_are()
    {
        await using var open = await pages.Open(pages.Strange);
        var directions = await open.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('#text1 .prose')].map(text => getComputedStyle(text).direction)");
        Assert.Contains("rtl", directions);
        Assert.Contains("ltr", directions);
        var text = await open.Page.Locator("main").InnerTextAsync();
        Assert.Contains("BEL", text);
        Assert.Contains("ESC", text);
        Assert.Contains("U+202E", text);
        Assert.DoesNotContain("\u202E", await open.Page.Locator("#text1").InnerTextAsync());
        Assert.Equal("עוד <run> & ‮more", await open.Page.Locator("h1").InnerTextAsync());
        // A name that turns the writing turns only itself: the words after it stand on its right.
        Assert.True(await open.Page.EvaluateAsync<bool>("getComputedStyle(document.querySelector('h1 bdi')).unicodeBidi === 'isolate'"));
    }

    [BrowserFact]
    public async Task The_loss_curve_is_a_picture_of_its_own()
    {
        foreach (var path in pages.All)
        {
            await using var open = await pages.Open(Path.Combine(Path.GetDirectoryName(path)!, "loss.svg"));
            Assert.Equal("svg", await open.Page.EvaluateAsync<string>("document.documentElement.localName"));
            Assert.True(await open.Page.EvaluateAsync<bool>("[...document.querySelectorAll('path.line')].every(line => getComputedStyle(line).stroke.startsWith('rgb'))"));
            Assert.True(await open.Page.EvaluateAsync<double>("document.querySelector('g path.line').getBBox().width") > 100);
            Assert.Empty(open.Complaints);
        }
    }

    private static async Task Opened(IPage page) => await page.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");

    private static async Task<double> Brightness(IPage page) =>
        await page.EvaluateAsync<double>("(() => { const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number); return (r + g + b) / 765; })()");

    internal static async Task AssertNoObstacle(IPage page)
    {
        var result = await page.RunAxe();
        Assert.True(result.Violations.Length == 0, string.Join("\n", result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}")));
        Assert.True(result.Passes.Length > 15, "axe saw next to nothing");
    }

    private static async Task AssertContrast(IPage page, string what, int atLeast = 100)
    {
        var low = await page.EvaluateAsync<string[]>(LowContrast);
        Assert.True(int.Parse(low[0], CultureInfo.InvariantCulture) > atLeast, "next to no text was seen");
        Assert.True(low.Length == 1, $"{what}: {string.Join("\n", low[1..].Take(10))}");
    }
}
