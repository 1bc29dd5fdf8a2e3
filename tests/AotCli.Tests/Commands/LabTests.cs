using System.Diagnostics;
using System.Text.Json;
using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Tests.Commands;

public sealed class LabTests : ProcessFixture
{
    private const string Small = "--hidden 8 --seq-length 10";

    [Fact]
    public void The_whole_exercise_leaves_its_results_in_the_runs_folder()
    {
        var (exitCode, output, error) = Charrnn($"lab text.txt --out run {Small} --bonus --watch-word Anna --watch-word Hermione --json --quiet --tensorboard");
        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(output);
        var root = json.RootElement;
        Assert.Equal("run", root.GetProperty("run_folder").GetString());
        Assert.Equal(1, output.Count(character => character == '\n'));

        // Both batches, five parameters, on the text's own characters and at the run's own size.
        using var gradients = JsonDocument.Parse(File.ReadAllText(InFolder("run/gradcheck.json")));
        Assert.True(gradients.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(8, gradients.RootElement.GetProperty("hidden").GetInt32());
        Assert.Equal("the text's first", gradients.RootElement.GetProperty("characters").GetString());
        Assert.Equal(["1W", "1U", "1V", "1b", "1c", "2W", "2U", "2V", "2b", "2c"],
            gradients.RootElement.GetProperty("parameters").EnumerateArray().Select(parameter => $"{parameter.GetProperty("batch").GetInt32()}{parameter.GetProperty("name").GetString()}"));
        Assert.Equal(gradients.RootElement.GetRawText(), root.GetProperty("gradients").GetRawText());

        // As gradcheck --json has it, the properties that it draws apart.
        using var printed = JsonDocument.Parse(Charrnn("gradcheck --hidden 4 --vocabulary 5 --seq-length 3 --cases 0 --json").Output);
        Assert.Equal(printed.RootElement.EnumerateObject().Select(member => member.Name), gradients.RootElement.EnumerateObject().Select(member => member.Name));

        // 100,000 updates are the least; two epochs of this text would be fewer.
        var run = RunFolder.Open(InFolder("run"));
        Assert.Equal(100_000, root.GetProperty("training").GetProperty("steps").GetInt64());
        Assert.Equal([1, .. Enumerable.Range(1, 10).Select(i => 10_000L * i), 100_001], run.ReadSamples().Select(sample => sample.Step));
        Assert.All(run.ReadSamples(), sample => Assert.Equal(200, sample.Text.Length));
        Assert.Equal(1000, run.ReadBestText()!.Length);
        Assert.Equal(run.ReadBestText(), root.GetProperty("best_text").GetString());

        // The words: one that the network has learned, one that the text does not have.
        JsonElement[] words = [.. root.GetProperty("words").EnumerateArray()];
        Assert.Equal(("Anna", 60), (words[0].GetProperty("word").GetString(), words[0].GetProperty("count_in_text").GetInt32()));
        var first = words[0].GetProperty("first_step").GetInt64();
        Assert.Contains("Anna", run.ReadSamples().Single(sample => sample.Step == first).Text);
        Assert.DoesNotContain(run.ReadSamples(), sample => sample.Step < first && sample.Text.Contains(" Anna "));
        Assert.Equal(("Hermione", JsonValueKind.Null), (words[1].GetProperty("word").GetString(), words[1].GetProperty("first_step").ValueKind));

        // The extra tasks: a low, a middle and a high value each; a colder network writes more real words.
        JsonElement[] sampling = [.. root.GetProperty("bonus").GetProperty("sampling").EnumerateArray()];
        Assert.Equal(["temperature 0.4", "temperature 0.7", "temperature 1.3", "nucleus 0.5", "nucleus 0.8", "nucleus 0.95"], sampling.Select(trial => $"{trial.GetProperty("method").GetString()} {trial.GetProperty("value").GetDouble()}"));
        Assert.True(Share(sampling[0]) > Share(sampling[2]) && Share(sampling[3]) >= Share(sampling[5]), string.Join(' ', sampling.Select(Share)));
        Assert.NotEqual(sampling[0].GetProperty("text").GetString(), sampling[2].GetProperty("text").GetString());
        Assert.Equal(["sequential 1", "pieces 1", "random 1", "sequential 4", "sequential 8", "sequential 16"], root.GetProperty("bonus").GetProperty("trainings").EnumerateArray().Select(trial => $"{trial.GetProperty("order").GetString()} {trial.GetProperty("streams").GetInt32()}"));
        Assert.Equal(root.GetProperty("bonus").GetRawText() + "\n", File.ReadAllText(InFolder("run/bonus.json")));
        Assert.Contains("<h2 id=\"bonus1-title\">Extra tasks</h2>", File.ReadAllText(InFolder("run/report.html")));

        using var bench = JsonDocument.Parse(File.ReadAllText(InFolder("run/bench.json")));
        Assert.Equal((8, 10), (bench.RootElement.GetProperty("hidden").GetInt32(), bench.RootElement.GetProperty("seq_length").GetInt32()));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(InFolder("run/report.html")));
        Assert.Contains("<svg", File.ReadAllText(InFolder("run/loss.svg")));
        Assert.Single(Directory.GetFiles(InFolder("run"), "events.out.tfevents.*"));
        AssertOneLine(2, Charrnn($"lab text.txt --out run {Small}"), "holds a run already");

        static double Share(JsonElement trial) => trial.GetProperty("real_words").GetInt32() / Math.Max(1.0, trial.GetProperty("words").GetInt32());
    }

    [Fact]
    public void The_summary_is_for_people_and_names_the_report_last()
    {
        // From standard input: only the lab itself can know the text's words.
        var (exitCode, output, error) = CharrnnProcess.Run(Root, [.. $"lab - --out run {Small} --epochs 300 --watch-word Anna".Split(' ')], null, File.ReadAllBytes(InFolder("text.txt")));
        Assert.Equal(0, exitCode);
        Assert.Matches(@"\n +[\d,]+ +\d+\.\d\d +\d+ %, \d+ of \d+ .*\bAnna\b", output);
        Assert.Contains("What single units of the best network do", File.ReadAllText(InFolder("run/report.html")));
        Assert.StartsWith("gradients  right; m = 8, ", output);
        Assert.Matches(@"\n +1 +\d+\.\d\d +\d+ %, ", output);
        Assert.Matches(@"\nlowest     \d+\.\d\d at update [\d,]+: character [\d,]+ of the text, \d+ % of the way through it, in epoch \d+\n", output);
        Assert.Matches(@"\n +the end +\d+\.\d\d +\d+ %", output);
        Assert.EndsWith("report     run/report.html\n", output);
        Assert.EndsWith("next: charrnn sample run --interactive\n", error);
        Assert.DoesNotContain('\e', output + error);
        // 300 epochs of this text are more than 100,000 updates.
        var configuration = RunFolder.Open(InFolder("run")).Configuration;
        Assert.Equal(300, configuration.Epochs);
        Assert.True(configuration.TotalSteps > 100_000);
    }

    /// <summary>In the middle of the training, or of the check before it: the run goes on as any other.</summary>
    [Theory]
    [InlineData(Small, "metrics.jsonl", "stopped after update ")]
    [InlineData("--hidden 120", "config.json", "stopped before the first update")]
    public void An_interrupt_saves_and_says_how_to_go_on(string size, string when, string message)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var process = CharrnnProcess.Start(Root, [.. $"lab text.txt --out run --epochs 1000000000 {size} --quiet".Split(' ')]);
        var file = InFolder($"run/{when}");
        for (var i = 0; i < 600 && !(File.Exists(file) && new FileInfo(file).Length > 0); i++)
        {
            Thread.Sleep(50);
        }

        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
        {
            kill.WaitForExit();
        }

        var (exitCode, output, error) = process.Wait();
        Assert.Equal((130, "run\n"), (exitCode, output));
        Assert.Contains(message, error);
        Assert.Contains("go on with: charrnn train --resume run\n", error);
        Assert.False(File.Exists(InFolder("run/report.html")));
        var step = message.EndsWith(' ') ? long.Parse(error.Split(message)[1].Split(' ')[0]) : 0;
        Assert.Equal(0, Charrnn($"train --resume run --steps {step + 20} --quiet").ExitCode);
        Assert.Equal(0, Charrnn("report run").ExitCode);
    }

    [Fact]
    public void What_cannot_be_is_one_line_and_leaves_nothing()
    {
        Directory.CreateDirectory(InFolder("kept"));
        File.WriteAllText(InFolder("kept/loss.svg"), "<svg>a drawing of the user's own</svg>");
        var before = Directory.GetFileSystemEntries(Root, "*", SearchOption.AllDirectories);
        foreach ((var arguments, var part) in new[] { ("lab none", "no such file"), ("lab --epochs 0", "at least 1"), ("lab --steps 5", "has no option --steps"), ("lab text.txt --out text.txt", "is a file"), ("lab text.txt --out kept", "kept holds loss.svg already") })
        {
            AssertOneLine(2, Charrnn(arguments), part);
        }

        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order());
    }
}
