using System.Text;
using System.Text.Json;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.AotCli.Tests.Runs;

public sealed class TrainTests : ProcessFixture
{
    private const string Small = "--hidden 8 --seq-length 10 --sample-every 100 --sample-length 20 --quiet";

    [Fact]
    public void A_run_leaves_its_folder_and_its_path()
    {
        var (exitCode, output, error) = Charrnn($"train text.txt --out run --steps 250 --json {Small}");
        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(output);
        Assert.Equal("run", json.RootElement.GetProperty("run_folder").GetString());
        Assert.Equal(250, json.RootElement.GetProperty("steps").GetInt64());
        Assert.True(json.RootElement.GetProperty("best_smooth_loss").GetDouble() <= json.RootElement.GetProperty("final_smooth_loss").GetDouble());
        Assert.Equal(
            [".lock", "best.safetensors", "best.txt", "config.json", "last.safetensors", "metrics.csv", "metrics.jsonl", "samples.jsonl", "samples.txt"],
            Directory.GetFiles(InFolder("run")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        (exitCode, output, _) = Charrnn($"train text.txt --steps 1 {Small}");
        Assert.Equal(0, exitCode);
        Assert.StartsWith("runs/text-", output);
        Assert.True(File.Exists(Path.Combine(Root, output.TrimEnd('\n'), "best.txt")));
    }

    /// <summary>A preset says all that the command line does not, and is what the end of any other run points to.</summary>
    [Fact]
    public void The_preset_for_quality_takes_what_else_is_given()
    {
        var (exitCode, _, error) = Charrnn("train text.txt --out run --preset quality --hidden 6 --streams 2 --seq-length 10 --steps 4");
        Assert.True(exitCode == 0, error);
        Assert.DoesNotContain("--preset quality", error);
        using var json = JsonDocument.Parse(File.ReadAllText(InFolder("run/config.json")));
        string[] names = ["preset", "cell", "hidden_size", "streams", "sequence_length", "steps", "schedule", "optimizer"];
        Assert.Equal(["quality", "lstm", "6", "2", "10", "4", "cosine", "adam"], names.Select(name => json.RootElement.GetProperty(name).ToString()));
        Assert.False(json.RootElement.TryGetProperty("held_out", out _));
        AssertOneLine(2, Charrnn("train --resume run --preset adam"), "the run has --preset quality");
        AssertOneLine(2, Charrnn("train text.txt --out all --preset quality --hidden 6 --streams 200"), "too few for 200 streams of 64");

        (exitCode, _, error) = Charrnn("train text.txt --out classic --hidden 6 --steps 4");
        Assert.Equal(0, exitCode);
        Assert.EndsWith($"better text, in some minutes: charrnn train {InFolder("text.txt")} --preset quality\n", error);
    }

    /// <summary>The folder's name is made of the text's and the time, and file systems take 255 bytes.</summary>
    [Fact]
    public void A_text_with_a_long_name_has_a_folder()
    {
        foreach (var name in (string[])[new string('n', 245), new string('é', 120)])
        {
            File.Copy(InFolder("text.txt"), InFolder(name));
            var (exitCode, output, error) = Charrnn($"train {name} --steps 1 {Small}");
            Assert.True(exitCode == 0, error);
            Assert.True(File.Exists(Path.Combine(Root, output.TrimEnd('\n'), "last.safetensors")));
        }

        // One that has no name but its ending.
        File.Copy(InFolder("text.txt"), InFolder(".txt"));
        Assert.StartsWith("runs/text-", Charrnn($"train .txt --steps 1 {Small}").Output);
    }

    /// <summary>What cannot be saved says so, and speaks of a checkpoint only where there is one.</summary>
    [Fact]
    public void A_checkpoint_is_promised_only_where_there_is_one()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 20 {Small}").ExitCode);
        File.Delete(InFolder("run/best.txt"));
        Directory.CreateDirectory(InFolder("run/best.txt"));
        AssertOneLine(1, Charrnn("train --resume run --steps 30 --quiet"), "the last checkpoint is intact, go on with: charrnn train --resume run");
        File.Delete(InFolder("run/last.safetensors"));
        Directory.CreateDirectory(InFolder("run/last.safetensors"));
        AssertOneLine(1, Charrnn("train --resume run --steps 30 --quiet"), "no checkpoint was saved, begin again with: charrnn train --resume run");
    }

    [Fact]
    public void Standard_input_is_a_text_and_is_given_again_to_go_on()
    {
        var text = Encoding.UTF8.GetBytes("añb😀 and so on, and so on; ok?");
        Assert.Equal(0, CharrnnProcess.Run(Root, [.. $"train - --out run --steps 3 {Small}".Split(' ')], null, text).ExitCode);
        AssertOneLine(2, Charrnn("train --resume run --steps 6 --quiet"), "came from standard input: give it again, as in charrnn train - --resume run < TEXT");
        Assert.Equal(0, CharrnnProcess.Run(Root, [.. "train - --resume run --steps 6 --quiet".Split(' ')], null, text).ExitCode);
        Assert.Equal(0, CharrnnProcess.Run(Root, [.. $"train - --out whole --steps 6 {Small}".Split(' ')], null, text).ExitCode);
        Assert.Equal(Last("whole"), Last("run"));
    }

    [Fact]
    public void Resume_refuses_what_would_change_the_meaning_and_records_what_may_change()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 20 {Small}").ExitCode);
        AssertOneLine(2, Charrnn("train --resume run --hidden 9"), "the run has --hidden 8, not 9");
        AssertOneLine(2, Charrnn("train --resume run --seq-length 9"), "--seq-length 10, not 9");
        AssertOneLine(2, Charrnn("train --resume run --seed 2"), "--seed 1, not 2");
        AssertOneLine(2, Charrnn("train --resume run --precision double"), "--precision single, not double");
        AssertOneLine(2, Charrnn("train --resume run --init run/best.safetensors"), "--init");
        AssertOneLine(2, Charrnn("train --resume run --out elsewhere"), "--out");
        File.AppendAllText(InFolder("text.txt"), "more");
        AssertOneLine(2, Charrnn("train --resume run --steps 30"), "is not the text of this run");
        AssertOneLine(2, Charrnn("train --resume none"), "no such folder");
        AssertOneLine(2, Charrnn("train --resume ."), "holds no run");
        var content = File.ReadAllText(InFolder("text.txt"));
        File.WriteAllText(InFolder("moved.txt"), content[..^4]);
        File.Delete(InFolder("text.txt"));
        AssertOneLine(2, Charrnn("train --resume run --steps 30"), "no such file");
        Assert.Equal(0, Charrnn("train moved.txt --resume run --steps 30 --eta 0.05 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("train --resume run --quiet").ExitCode);
        using var configuration = JsonDocument.Parse(File.ReadAllText(InFolder("run/config.json")));
        Assert.Equal(["steps", "eta", "text_path"], configuration.RootElement.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("setting").GetString()));
        Assert.Equal(20, configuration.RootElement.GetProperty("changes")[1].GetProperty("step").GetInt64());
        Assert.Equal(0.05, configuration.RootElement.GetProperty("eta").GetDouble());
    }

    [Fact]
    public void Epochs_are_a_total_as_steps_are()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run --epochs 1 {Small}").ExitCode);
        Assert.Equal(0, Charrnn("train --resume run --epochs 3 --quiet").ExitCode);
        var (exitCode, output, _) = Charrnn($"train text.txt --out whole --epochs 3 --json {Small}");
        Assert.Equal(0, exitCode);
        Assert.Equal(Last("whole"), Last("run"));
        // Chunks of 10 characters and the one after them.
        using var json = JsonDocument.Parse(output);
        Assert.Equal(3 * ((File.ReadAllText(InFolder("text.txt")).Length - 1) / 10), json.RootElement.GetProperty("steps").GetInt64());
        Assert.Equal(3, json.RootElement.GetProperty("epoch").GetInt64());
    }

    [Fact]
    public void A_checkpoint_that_is_damaged_is_refused_and_kept()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 20 {Small}").ExitCode);
        var bytes = Last("run")[..^1];
        File.WriteAllBytes(InFolder("run/last.safetensors"), bytes);
        AssertOneLine(2, Charrnn("train --resume run --steps 30"), "is damaged");
        Assert.Equal(bytes, Last("run"));
    }

    [Fact]
    public void A_damaged_file_of_a_run_says_what_to_do()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 200 {Small}").ExitCode);
        var lines = File.ReadAllLines(InFolder("run/metrics.jsonl"));
        File.WriteAllLines(InFolder("run/metrics.jsonl"), [lines[0], "{\"step\":", .. lines[1..]]);
        AssertOneLine(2, Charrnn("report run"), "line 2 of run/metrics.jsonl is damaged: repair that line or delete it");
        var damaged = File.ReadAllBytes(InFolder("run/metrics.jsonl"));
        AssertOneLine(2, Charrnn("train --resume run --steps 220 --quiet"), "line 2 of run/metrics.jsonl is damaged: repair that line or delete it");
        Assert.Equal(damaged, File.ReadAllBytes(InFolder("run/metrics.jsonl")));
        File.WriteAllLines(InFolder("run/metrics.jsonl"), lines);   // as it was told
        Assert.Equal(0, Charrnn("report run").ExitCode);
        File.WriteAllText(InFolder("run/config.json"), "{");
        AssertOneLine(2, Charrnn("report run"), "put it back from a copy, or begin a new run from the weights beside it with --init");
        AssertOneLine(2, Charrnn("train --resume run"), "put it back from a copy, or begin a new run from the weights beside it with --init");
        Assert.Equal(0, Charrnn("train text.txt --init run --out new --steps 20 --quiet").ExitCode);
    }

    [Fact]
    public void A_run_that_ends_above_its_beginning_is_saved_and_fails()
    {
        var (exitCode, output, error) = Charrnn("train text.txt --out run --hidden 8 --eta 60 --steps 10000 --quiet");
        Assert.Equal((1, "run\n"), (exitCode, output));
        Assert.Matches(@"^charrnn: the smooth loss is [\d.]+ after 10000 updates, above the [\d.]+ that the run began with: nothing was learned; try a smaller --eta in a new run\n$", error);
        Assert.Equal(0, Charrnn("sample run/last.safetensors --length 5").ExitCode);
    }

    [Fact]
    public void Weights_to_start_from()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out single --steps 20 {Small}").ExitCode);
        Assert.Equal(0, Charrnn("train text.txt --init single/last.safetensors --out double --steps 5 --precision double --seq-length 10 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("train text.txt --init double/last.safetensors --out again --steps 0 --precision single --quiet").ExitCode);
        // With no update the weights are those that it started from, and no others.
        Assert.Equal(Weights("double/last.safetensors"), Weights("again/last.safetensors"));
        Assert.NotEqual(Weights("double/last.safetensors"), Weights("single/last.safetensors"));
        // So few updates cannot be judged: the best weights are those that it began with.
        Assert.Equal(Weights("single/last.safetensors"), Weights("double/best.safetensors"));
        // A run's folder stands for where the run stands, with AdaGrad's sums.
        Assert.Equal(0, Charrnn("train text.txt --init single --out folder --steps 5 --seq-length 10 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("train text.txt --init single/last.safetensors --out file --steps 5 --seq-length 10 --quiet").ExitCode);
        Assert.Equal(Last("file"), Last("folder"));
        Assert.Equal(File.ReadAllText(InFolder("file/config.json")), File.ReadAllText(InFolder("folder/config.json")));
        AssertOneLine(2, Charrnn("train text.txt --init . --out x"), "folder without last.safetensors");
        AssertOneLine(2, Charrnn("train text.txt --init single/last.safetensors --hidden 9 --out x"), "has 8 hidden units");
        AssertOneLine(2, Charrnn("train text.txt --init text.txt --out x"), "not a safetensors file");
        AssertOneLine(2, Charrnn("train text.txt --init none --out x"), "no such file");
        File.WriteAllText(InFolder("other.txt"), string.Concat(Enumerable.Repeat("ä to the mill\n", 9)));
        AssertOneLine(2, Charrnn("train other.txt --init single/last.safetensors --out x"), "'ä' (U+00E4) is in the text but not in the model's vocabulary");
        Assert.False(Path.Exists(InFolder("x")));

        float[] Weights(string file) => [.. ModelFile.Read(InFolder(file)).Weights<float>().Tensors.SelectMany(tensor => tensor.Values)];
    }

    [Fact]
    public void Input_that_is_wrong_is_one_line_and_leaves_nothing()
    {
        File.WriteAllText(InFolder("empty"), "");
        File.WriteAllText(InFolder("one"), "a");
        File.WriteAllText(InFolder("same"), new string('a', 100));
        File.WriteAllText(InFolder("short"), "abcdefghij");
        File.WriteAllBytes(InFolder("latin1"), Encoding.Latin1.GetBytes("caféteria and so on"));
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(InFolder("foreign")).FullName, "metrics.csv"), "mine");
        var before = Directory.GetFileSystemEntries(Root, "*", SearchOption.AllDirectories);
        foreach ((var arguments, var part) in new[]
        {
            ("train none", "no such file"), ("train .", "is not UTF-8"), ("train empty", "is empty"), ("train one", "only one distinct character"),
            ("train same", "only one distinct character"), ("train short", "needs at least 26"), ("train latin1", "0xE9 at offset 3"), ("train /dev/null", "is empty"),
            ("train --hidden 0", "at least 1"), ("train --hidden -5", "at least 1"), ("train --hidden 99999999999999999999", "at most"), ("train --hidden x", "whole number"),
            ("train --hidden 32768", "GB of memory"), ("train --steps 5 --epochs 2", "exclude each other"), ("train --steps -1", "at least 0"),
            ("train --eta 0", "greater than 0"), ("train --eta nan", "takes a number"), ("train --eta 1e-50", "nothing in single precision"), ("train --clip 1e-50", "nothing in single precision"),
            ("train --eta 1e-310 --precision double", "nothing in double precision"), ("train --clip 0", "--clip takes"), ("train --clip x", "--clip takes"),
            ("train --seed -1", "at least 0"), ("train --precision half", "single or double"), ("train --log-every 0", "at least 1"), ("train --sample-length 0", "at least 1"),
            ("train --checkpoint-every 0", "--checkpoint-every takes"), ("train --checkpoint-every 5m", "--checkpoint-every takes"), ("train --hiden 5", "did you mean --hidden?"),
            ("train a -", "a text of its own"), ("lab a b", "too many"), ("train text.txt --kernels fixed --hidden 9", "not compiled in"), ("train text.txt --out text.txt", "is a file"),
            ("train text.txt --out foreign", "holds a run already (metrics.csv)"), ("train --resume foreign", "holds no run"), ("lab none --out x", "no such file"),
            ("lab text.txt --out foreign", "holds a run already (metrics.csv)"), ("lab text.txt --out x --watch-word two,words", "takes one word"), ("report foreign", "holds no run"),
            ("report none --out x.html", "no such folder"), ("gradcheck --export foreign", "is a folder"), ("gradcheck --hidden 0 --export x", "at least 1"), ("eval none text.txt", "no such file"),
            ("sample none", "no such file"), ("diagnose none", "no such file"), ("info none", "no such file"),
            ("diagnose .", "it is a folder: name a file in it"), ("import . --out x", "it is a folder: name a file in it"),
            ("import text.txt --out x", "not a safetensors file"), ("export text.txt --to onnx --out x", "not a safetensors file"),
            ("export none --to tiff", "--to takes"), ("explain foreign", "holds no run"), ("report foreign --hand-in", "holds no run"), ("train text.txt --out x --init text.txt", "not a safetensors file"),
            ("train text.txt --out x --validation none", "no such file"), ("sweep none --out x --seed 1", "no such file"), ("sweep text.txt --out x --eta 0 --seed 1", "greater than 0"),
            ("sweep text.txt --out text.txt --seed 1", "is a file: choose another folder"), ("bench --hidden 0", "at least 1"), ("lab text.txt --out x --epochs 0", "at least 1"),
        })
        {
            AssertOneLine(2, Charrnn(arguments), part);
        }

        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order());
    }

    /// <summary>No update, no numbers that only updates have.</summary>
    [Fact]
    public void No_updates_are_said_without_numbers_that_are_none()
    {
        var (exitCode, output, error) = Charrnn("train text.txt --out run --steps 0");
        Assert.Equal((0, "run\n"), (exitCode, output));
        Assert.Contains("0 updates in ", error);
        Assert.Contains("the weights are those that it began with", error);
        Assert.DoesNotContain("NaN", error);
        Assert.DoesNotContain("( microseconds", error);
    }

    /// <summary>An interval that prints as 1E-05s is read back by the run that goes on.</summary>
    [Fact]
    public void A_tiny_interval_between_checkpoints_is_read_back()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 3 --checkpoint-every 0.00001s {Small}").ExitCode);
        Assert.Equal(0, Charrnn("train --resume run --steps 5 --quiet").ExitCode);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_one_line()
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists("/proc"))
        {
            return;
        }

        AssertOneLine(1, Charrnn("train text.txt --out /proc/charrnn"), "cannot be written");
        Assert.Equal(0, Charrnn($"train text.txt --out run --steps 20 {Small}").ExitCode);
        AssertOneLine(1, Charrnn("report run --out /proc/x.html"), "/proc/x.html cannot be written: no file can be created in that folder; charrnn report RUN --out FILE");
        AssertOneLine(2, Charrnn("report run --out none/x.html"), "none: no such folder; make it first");
        AssertOneLine(1, Charrnn("gradcheck --hidden 3 --vocabulary 4 --export none/x"), "none/x cannot be written: there is no such folder; give --export");
    }

    [Fact]
    public void A_loss_that_is_no_longer_finite_stops_the_run()
    {
        var result = Charrnn($"train text.txt --out run --steps 5000 --eta 1e38 --clip off {Small}");
        AssertOneLine(1, result, "is not finite");
        Assert.Contains("--eta", result.Error);
        Assert.Contains("--clip 5", result.Error);
        // What is kept can be gone on from, with another learning rate.
        var (exitCode, _, error) = Charrnn("train --resume run --eta 0.1 --clip 5 --steps 50 --quiet");
        Assert.True(exitCode is 0 or 1, error);
    }

    /// <summary>
    /// The program in places whose numbers, dates or letters i differ. It has no culture at all (InvariantGlobalization), which is what this
    /// test holds; that the library writes the same under every culture is held by the CultureTests in process.
    /// </summary>
    [Fact]
    public void The_locale_changes_no_file()
    {
        string[]? files = null;
        foreach (var locale in (string[])["C", "fi_FI.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8"])
        {
            var environment = new Dictionary<string, string> { ["LC_ALL"] = locale, ["LANG"] = locale, ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" };
            var run = InFolder("run");
            var result = CharrnnProcess.Run(Root, [.. $"train text.txt --out run --steps 250 --eta 0.05 {Small} --checkpoint-every 0.5s".Split(' ')], environment);
            Assert.Equal(0, result.ExitCode);
            string[] contents =
            [
                .. ((string[])["config.json", "samples.jsonl", "best.txt"]).Select(name => File.ReadAllText(Path.Combine(run, name))),
                .. ((string[])["last.safetensors", "best.safetensors"]).Select(name => Convert.ToHexString(File.ReadAllBytes(Path.Combine(run, name)))),
                string.Join('\n', File.ReadLines(Path.Combine(run, "metrics.csv")).Select(line => string.Join(',', line.Split(',')[..4]))),
            ];
            Assert.Equal(6, File.ReadLines(Path.Combine(run, "metrics.csv")).ElementAt(1).Split(',').Length);
            files ??= contents;
            Assert.Equal(files, contents);
            Directory.Delete(run, recursive: true);
        }
    }

    /// <summary>
    /// Every folder that programs like to litter is another one here, and stays empty; the working folder receives the run and nothing else.
    /// And then none of them exists: who writes there only for a moment, and moves or deletes the file, fails.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_written_outside_what_the_user_named(bool exists)
    {
        string[] places = ["TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"];
        // Without its diagnostics port: the run-time puts that in TMPDIR where the JIT compiles.
        var environment = new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" };
        foreach (var place in places)
        {
            environment[place] = exists ? Directory.CreateDirectory(InFolder(place)).FullName : InFolder(place);
        }

        var before = Directory.GetFileSystemEntries(Root);
        foreach (var arguments in (string[])[$"train text.txt --out run --steps 250 --checkpoint-every 10 {Small}", "train --resume run --steps 300 --quiet", "sample run --length 20", "eval run text.txt", "report run"])
        {
            if (CharrnnProcess.Run(Root, arguments.Split(' '), environment) is { ExitCode: not 0 } failed)
            {
                Assert.Fail($"{arguments}: {failed.Error}");
            }
        }

        if (exists)
        {
            Assert.All(places, place => Assert.Empty(Directory.GetFileSystemEntries(InFolder(place))));
        }

        Assert.Equal(before.Append(InFolder("run")).Order(), Directory.GetFileSystemEntries(Root).Order());
    }

    /// <summary>What a trained network writes are mostly words of its text, cut as the text cuts them; what an untrained one writes are not.</summary>
    [Fact]
    public void Best_txt_has_words_of_the_text()
    {
        var words = File.ReadAllText(InFolder("text.txt")).Split(Separators, StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(0, Charrnn("train text.txt --out untrained --hidden 32 --steps 0 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("train text.txt --out trained --hidden 32 --steps 4000 --sample-every 0 --quiet").ExitCode);
        Assert.InRange(Share("untrained"), 0, 0.2);
        Assert.InRange(Share("trained"), 0.8, 1);

        double Share(string run)
        {
            string[] written = [.. File.ReadAllText(InFolder($"{run}/best.txt")).Split(Separators, StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 2)];
            return written.Length == 0 ? 0 : (double)written.Count(words.Contains) / written.Length;
        }
    }

    private static readonly char[] Separators = [' ', '\n', ',', '.', ':'];
}
