using System.Text;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Runs;

namespace CharRnn.Rnn.Tests.Reports;

public sealed class ReportReaderTests : RunFixture
{
    private const string Text = "Anna went to the mill, and Otto to the well. \"Who waits there?\" 😀 No one.";

    [Fact]
    public void A_run_is_read_with_its_exact_best_and_end()
    {
        var folder = Run("run", steps: 100);   // a record every 3 updates: neither the best nor the last need have one
        var run = Read(folder, "Otto");
        Assert.Equal((100, 34), (run.Steps, run.Losses.Count));
        Assert.Equal((7, SmallText.Vocabulary.Size, 5, SmallText.Length), (run.HiddenSize, run.VocabularySize, run.SequenceLength, run.TextLength));
        Assert.True(run.BestSmoothLoss <= run.Losses.Min(point => point.SmoothLoss));
        Assert.Equal(ModelFile.Read(Path.Combine(folder, "best.safetensors")).Metadata["step"], run.BestStep.ToString());
        Assert.DoesNotContain(run.Losses, point => point.Step == run.BestStep);
        Assert.Equal("1000", run.BestPassage!.EnumerateRunes().Count().ToString());
        Assert.Equal([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 101], run.Samples.Select(sample => sample.Step));
        Assert.Equal((1, run.Losses[0].Loss), (run.Losses[0].Step, run.Samples[0].SmoothLoss));   // the untrained network's loss is the first update's
        Assert.Contains(run.Words!.Milestones, word => word is { Word: "Otto", IsWatched: true, CountInText: 1 });
        Assert.Equal(7, run.HiddenUnits!.Passage.HiddenSize);
        Assert.Empty(run.Notes);
        Assert.Equal((null, null, null, null), (run.Gradients, run.GradientProblem, run.Speed, run.SpeedProblem));
        Assert.EndsWith($"--hidden 7 --vocabulary {SmallText.Vocabulary.Size} --seq-length 5 --json > {Path.Combine(folder, "gradcheck.json")}", run.GradientCommand);
        Assert.StartsWith("charrnn gradcheck --hidden", run.GradientCommand);
        Assert.StartsWith("charrnn bench --hidden 7", run.SpeedCommand);
        HtmlReport.Write([run], "");
    }

    /// <summary>A check of another network than the run's would prove nothing.</summary>
    [Fact]
    public void The_check_of_gradients_is_that_of_the_runs_network()
    {
        var lstm = Read(Run("lstm", steps: 4, settings => settings with { Cell = "lstm", Layers = 2, MeanLoss = true }));
        Assert.StartsWith("charrnn gradcheck --cell lstm --layers 2 --loss mean --hidden 7 ", lstm.GradientCommand);
        var adam = Read(Run("adam", steps: 4, settings => Preset.Apply(Preset.Adam, settings)));
        Assert.StartsWith("charrnn gradcheck --preset adam --hidden 7 ", adam.GradientCommand);
        Assert.StartsWith("charrnn gradcheck --preset adam --loss sum --hidden 7 ", Read(Run("sum", steps: 4, settings => Preset.Apply(Preset.Adam, settings) with { MeanLoss = false })).GradientCommand);
    }

    [Fact]
    public void The_processor_stands_in_the_configuration_and_runs_without_it_still_load()
    {
        var folder = Run("run", steps: 9, settings => settings with { Processor = "Some Processor (family 1)" });
        Assert.Equal("Some Processor (family 1)", Read(folder).Processor);
        Assert.Contains(Read(folder).Machine, fact => fact == new ReportFact("processor", "Some Processor (family 1)"));
        string path = Path.Combine(folder, "config.json"), json = File.ReadAllText(path);
        var old = string.Join('\n', json.Split('\n').Where(line => !line.Contains("\"processor\"")));
        Assert.NotEqual(json, old);
        File.WriteAllText(path, old);
        Assert.Equal("", Read(folder).Processor);
        Assert.Contains("not recorded", HtmlReport.Write([Read(folder)], ""));
        var moved = RunFolder.Open(folder).Configuration;
        Assert.Equal(new SettingsChange(9, "processor", "", "Another"), Assert.Single(moved.WithChanges(moved with { Processor = "Another" }, 9).Changes));
    }

    [Fact]
    public void A_damaged_line_is_named_and_one_that_is_still_being_written_is_left_out()
    {
        string folder = Run("run", steps: 30), metrics = Path.Combine(folder, "metrics.jsonl");
        File.AppendAllText(metrics, "{\"step\":33,\"ep");
        Assert.Equal(11, Read(folder).Losses.Count);
        var lines = File.ReadAllLines(metrics);
        foreach (var damaged in (string[])["{\"step\":9}", "null", "[]", "{\"step\":\"x\",\"epoch\":1,\"loss\":1,\"smooth_loss\":1,\"elapsed_seconds\":1,\"characters_per_second\":1}", "{", "\0\0\0", ""])
        {
            File.WriteAllLines(metrics, [.. lines[..2], damaged, .. lines[3..11]]);
            var exception = Assert.Throws<InvalidRunException>(() => Read(folder));
            Assert.Contains($"line 3 of {metrics} is damaged", exception.Message);
        }

        File.WriteAllLines(metrics, [lines[4], .. lines[..11]]);   // out of order, one twice
        Assert.Equal([1L, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30], Read(folder).Losses.Select(point => point.Step));
    }

    [Fact]
    public void What_is_missing_or_damaged_beside_the_metrics_costs_only_its_section()
    {
        var folder = Run("run", steps: 30);
        File.WriteAllText(Path.Combine(folder, "gradcheck.json"), "{\"ok\":true}");
        File.WriteAllBytes(Path.Combine(folder, "bench.json"), [0xFF, 0xFE]);
        File.WriteAllText(Path.Combine(folder, "best.safetensors"), "damaged");
        File.Delete(Path.Combine(folder, "last.safetensors"));
        File.Delete(Path.Combine(folder, "samples.jsonl"));
        File.Delete(Path.Combine(folder, "best.txt"));
        var run = Read(folder);
        Assert.Equal((30, 11), (run.Steps, run.Losses.Count));
        Assert.Equal(run.Losses.Min(point => point.SmoothLoss), run.BestSmoothLoss);
        Assert.Null(run.HiddenUnits);
        Assert.Null(run.Words);
        Assert.Null(run.BestPassage);
        Assert.Contains("gradcheck.json in the run’s folder cannot be used", run.GradientProblem);
        Assert.Contains("bench.json in the run’s folder cannot be used", run.SpeedProblem);
        Assert.Contains("best.safetensors cannot be read, so the hidden units are left out", Assert.Single(run.Notes));
        var page = HtmlReport.Write([run], "");
        Assert.Contains("cannot be used", page);
        File.WriteAllText(Path.Combine(folder, "metrics.jsonl"), "");
        Assert.Contains("Nothing has been recorded", HtmlReport.Write([Read(folder)], ""));
    }

    [Fact]
    public void A_text_that_changed_or_is_gone_is_not_taken_for_the_one_that_was_learned()
    {
        var folder = Run("run", steps: 30);
        File.WriteAllText(Folder("text.txt"), Text + " More.");
        var run = Read(folder);
        Assert.Null(run.TextWords);
        Assert.Null(run.HiddenUnits);
        Assert.Contains("has changed since", Assert.Single(run.Notes));
        File.Delete(Folder("text.txt"));
        Assert.Contains("cannot be read any more", Assert.Single(Read(folder).Notes));
    }

    private string Run(string name, long steps, Func<RunConfiguration, RunConfiguration>? change = null)
    {
        File.WriteAllText(Folder("text.txt"), Text, new UTF8Encoding(false));
        var settings = Settings(steps) with { Text = "text.txt", TextPath = Folder("text.txt") };
        Begin(Folder(name), change?.Invoke(settings) ?? settings);
        return Folder(name);
    }

    private static ReportRun Read(string folder, params string[] watched) => ReportReader.Read(RunFolder.Open(folder), "run", watched);
}
