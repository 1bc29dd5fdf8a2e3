using System.Text;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>What differs from one system to another: names, line ends, locks. The tests are the same on all of them.</summary>
public sealed class PlatformTests : ProcessFixture
{
    /// <summary>Longer than the 260 letters that old programs of Windows know, with spaces and letters beyond ASCII.</summary>
    [Fact]
    public void A_run_may_lie_deep_and_under_any_letters()
    {
        var run = Path.Combine([.. Enumerable.Range(0, 8).Select(i => $"a folder of a long näme, 日本 {i}"), "rün"]);
        Assert.True(InFolder(run).Length > 260);
        foreach (var command in (string[][])[["train", "text.txt", "--out", run, "--hidden", "5", "--steps", "60", "--quiet"], ["report", run], ["export", run], ["sample", run, "--length", "9"], ["train", "--resume", run, "--steps", "80", "--quiet"]])
        {
            var (exitCode, _, error) = CharrnnProcess.Run(Root, command);
            Assert.True(exitCode == 0, error);
        }

        Assert.Empty(Directory.GetFiles(InFolder(run), "*.tmp"));
    }

    /// <summary>Files and output are the same bytes everywhere: UTF-8 without a mark, lines that end in a line feed.</summary>
    [Fact]
    public void Every_file_and_every_line_of_output_is_UTF_8_with_line_feeds()
    {
        File.WriteAllText(InFolder("text.txt"), string.Concat(Enumerable.Repeat("Ein Fluß, ein Öl, 日本.\n", 40)));
        var output = new StringBuilder();
        foreach (var command in (string[])["train text.txt --out run --hidden 5 --steps 60 --sample-every 30", "report run", "export run", "sample run --length 50", "info run --json", "eval run text.txt", "--help", "train --no-such-option"])
        {
            var (_, text, error) = Charrnn(command);
            output.Append(text).Append(error.Replace("\r\u001b[K", "", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("\r\n", output.ToString());
        Assert.DoesNotContain('\uFFFD', output.ToString());
        foreach (var file in Directory.GetFiles(InFolder("run")).Where(file => Path.GetExtension(file) is not ".safetensors" && Path.GetFileName(file) != ".lock"))
        {
            var bytes = File.ReadAllBytes(file);
            Assert.True(!bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) && !bytes.Contains((byte)'\r'), file);
            Assert.DoesNotContain('\uFFFD', new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
        }
    }

    /// <summary>A file that another program holds open without sharing it costs one line, and nothing of the run.</summary>
    [Theory]
    [InlineData("last.safetensors")]
    [InlineData("metrics.jsonl")]
    [InlineData("config.json")]
    public void A_file_that_another_program_holds_costs_one_line_and_nothing_else(string name)
    {
        const string train = "train text.txt --hidden 5 --quiet --out";
        Assert.Equal(0, Charrnn($"{train} whole --steps 120").ExitCode);
        Assert.Equal(0, Charrnn($"{train} run --steps 60").ExitCode);
        using (new FileStream(InFolder($"run/{name}"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var held = Charrnn("train --resume run --steps 120 --quiet");
            AssertOneLine(held.ExitCode, held, name);
            Assert.InRange(held.ExitCode, 1, 2);
        }

        Assert.Equal(0, Charrnn("train --resume run --steps 120 --quiet").ExitCode);
        Assert.Equal(Last("whole"), Last("run"));
    }
}
