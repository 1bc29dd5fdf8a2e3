using System.Text.RegularExpressions;
using CharRnn.AotCli.Tests.CommandLine;
using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.Commands;

/// <summary>The commands that the pages tell a reader to type, one after the other as they stand there; trainings are cut short and have fewer seeds.</summary>
public sealed partial class PageCommandTests : ProcessFixture
{
    [Theory]
    [InlineData("questions.md", 10)]
    [InlineData("sweeps.md", 4)]
    [InlineData("training.md", 6)]
    public void Every_command_of_a_page_runs(string page, int least)
    {
        if (OperatingSystem.IsWindows())
        {
            return;   // they are written for a shell
        }

        File.Copy(InFolder("text.txt"), InFolder("book.txt"));
        File.WriteAllText(InFolder("more.txt"), File.ReadAllText(InFolder("text.txt")).Replace("Otto", "Zoë"));
        string[] commands = [.. File.ReadAllLines(Path.Combine(CharrnnProcess.Repository!, "docs", page)).Where(line => Command().IsMatch(line)).Select(line => line.Trim())];
        Assert.True(commands.Length >= least, $"{page} has {commands.Length} commands");
        foreach (var command in commands)
        {
            var shortened = Seeds().Replace(Training().Replace(command, "$0 --steps 60 --sample-every 0"), "--seed 1..3");
            var (exitCode, _, error) = Shell.Run(Root, "bash", "-c", shortened);
            Assert.True(exitCode == 0, $"{shortened}: {error}");
        }
    }

    [GeneratedRegex("^    (charrnn|xargs) ")]
    private static partial Regex Command();

    [GeneratedRegex(@"charrnn (train|sweep)(?! --collect)")]
    private static partial Regex Training();

    [GeneratedRegex(@"--seed 1\.\.\d")]
    private static partial Regex Seeds();
}
