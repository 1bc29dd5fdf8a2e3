using System.Text;
using CharRnn.AotCli.Tests.Runs;
using Microsoft.Playwright;

namespace CharRnn.Browser.Tests;

/// <summary>One browser and one set of runs for all tests.</summary>
[CollectionDefinition("pages")]
public sealed class PagesCollection : ICollectionFixture<ReportPages>;

/// <summary>Reports as the program writes them, and a browser to look at them with.</summary>
public sealed class ReportPages : IAsyncLifetime
{
    /// <summary>A text in several scripts, from the right and from the left, with characters that show nothing of themselves.</summary>
    private const string StrangeText = "שלום לכולם, אמר \"הטוחן\" ושתק.\nВсё смешалось в доме, сказала Анна.\nمرحبا بالعالم\u200C كتاب\u202E!\u0007\u001b[31m\0 e\u0301 😀👩\u200D🔬\t</script><b>&amp;\r\n";

    /// <summary>What the extra tasks of a lab leave, of numbers that nobody measured.</summary>
    private const string Bonus = """
        {"sampling":[{"method":"temperature","value":0.4,"words":20,"real_words":19,"text":"the mill stood"},{"method":"nucleus","value":0.5,"words":20,"real_words":9,"text":"the moll stid"}],
        "trainings":[{"order":"sequential","streams":1,"points":[{"updates":1000,"seconds":0.1,"held_out_loss":2.5},{"updates":2000,"seconds":0.2,"held_out_loss":2.25}]},
        {"order":"random","streams":1,"points":[{"updates":1000,"seconds":0.1,"held_out_loss":2.4},{"updates":2000,"seconds":0.2,"held_out_loss":2.2}]},
        {"order":"sequential","streams":16,"points":[{"updates":1000,"seconds":1.1,"held_out_loss":2.1},{"updates":2000,"seconds":2.2,"held_out_loss":2}]}]}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("charrnn-pages-").FullName;
    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>The page of one run that has everything.</summary>
    public string Whole => Path.Combine(folder, "tale", "report.html");

    /// <summary>The page of a run that has only been trained, on a strange text; its folder's name is strange too.</summary>
    public string Strange => Path.Combine(folder, "עוד <run> & ‮more", "report.html");

    /// <summary>The page of three runs of different lengths.</summary>
    public string Compared => Path.Combine(folder, "compared.html");

    /// <summary>The page of a run on a text of a novel's size, beside which others published their losses.</summary>
    public string Novel => Path.Combine(folder, "novel", "report.html");

    /// <summary>The page of a sweep of two learning rates with two seeds each.</summary>
    public string Sweep => Path.Combine(folder, "sweep", "sweep.html");

    /// <summary>The page beside it in which the network of that run writes.</summary>
    public string Writing => Path.Combine(folder, "tale", "write.html");

    /// <summary>A folder for further pages.</summary>
    public string Folder => folder;

    /// <summary>The names of the pages, for messages.</summary>
    public IEnumerable<string> All => [Whole, Strange, Compared];

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Chromium is not { } chromium)
        {
            return;
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "strange.txt"), string.Concat(Enumerable.Repeat(StrangeText, 40)), new UTF8Encoding(false));
        var strange = Path.GetDirectoryName(Strange)!;
        Run("train", "--out", "tale", "--hidden", "24", "--steps", "12000", "--sample-every", "1000", "--quiet");
        Run("train", "--out", "short", "--hidden", "12", "--steps", "6000", "--eta", "0.05", "--sample-every", "2000", "--quiet");
        Run("train", "strange.txt", "--out", strange, "--hidden", "10", "--steps", "900", "--log-every", "10", "--sample-every", "100", "--quiet");
        await File.WriteAllTextAsync(Path.Combine(folder, "tale", "gradcheck.json"), Run("gradcheck", "--hidden", "6", "--vocabulary", "9", "--seq-length", "5", "--cases", "2", "--json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "tale", "bench.json"), Run("bench", "--hidden", "24", "--vocabulary", "75", "--json"));
        await File.WriteAllTextAsync(Path.Combine(folder, "tale", "bonus.json"), Bonus);
        Run("report", "tale", "--watch-word", "Tib", "--watch-word", "Nobody");
        Run("sweep", "--eta", "0.1,0.05", "--seed", "1..2", "--hidden", "8", "--steps", "2000", "--out", "sweep");
        Run("report", strange);
        await File.WriteAllTextAsync(Path.Combine(folder, "novel.txt"), string.Concat(Enumerable.Repeat("The mill stood by the river, and nobody came. ", 23_000)));
        Run("train", "novel.txt", "--out", "novel", "--hidden", "6", "--steps", "10000", "--quiet");
        Run("report", "novel");
        Run("report", "tale", "short", strange, "--out", "compared.html");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox"] });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Opens a file in a browser of its own that has seen nothing before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dark">Whether the system prefers dark colours.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="script">Whether scripts run.</param>
    internal async Task<OpenPage> Open(string path, bool dark = false, int width = 1280, bool script = true)
    {
        var context = await browser!.NewContextAsync(new()
        {
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = width, Height = 800 },
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = new OpenPage(await context.NewPageAsync());
        await page.Page.GotoAsync(new Uri(path).AbsoluteUri);
        return page;
    }

    /// <summary>Runs the program in the folder of the pages; it must succeed.</summary>
    /// <returns>What it wrote.</returns>
    internal string Run(params string[] arguments)
    {
        (var exitCode, var output, var error) = CharrnnProcess.Run(folder, arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }
}
