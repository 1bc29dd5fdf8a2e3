using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

public sealed class ResumeTests : RunFixture
{
    private const int Total = 33;   // two epochs and a part of the third

    /// <summary>Stopped after any update and gone on with, a run leaves what an undisturbed one leaves.</summary>
    [Fact]
    public void A_stop_after_any_update_changes_nothing()
    {
        Begin(Folder("whole"), Settings(Total));
        var whole = Content(Folder("whole"));
        for (var stop = 0; stop <= Total; stop++)
        {
            var folder = Folder($"stop{stop}");
            Assert.Equal(stop, Begin(folder, Settings(Total), stop: progress => progress.Step == stop).Progress.Step);
            Assert.Equal(Total, Resume(folder, Settings(Total)).Progress.Step);
            Assert.Equal(whole, Content(folder));
        }
    }

    /// <summary>A longer total leaves what a run of that total leaves; and an update at a time as well.</summary>
    [Fact]
    public void Totals_count_from_the_first_update()
    {
        Begin(Folder("whole"), Settings(Total));
        Begin(Folder("grown"), Settings(1));
        for (var total = 2; total <= Total; total++)
        {
            Resume(Folder("grown"), Settings(total));
        }

        Assert.Equal(Content(Folder("whole")), Content(Folder("grown")));
    }

    [Fact]
    public void A_finished_run_stays_as_it_is()
    {
        Begin(Folder("run"), Settings(Total));
        var before = Content(Folder("run"));
        var result = Resume(Folder("run"), Settings(Total));
        Assert.True(result.IsComplete);
        Assert.Equal(0, result.Updates);
        Assert.Equal(before, Content(Folder("run")));
        Assert.Equal(Total, Resume(Folder("run"), Settings(5)).Progress.Step);
        Assert.Equal(before, Content(Folder("run")));
    }

    /// <summary>Killed with the logs ahead of the checkpoint and a line half written: the run goes back to the checkpoint.</summary>
    [Fact]
    public void Logs_are_cut_back_to_the_checkpoint()
    {
        Begin(Folder("whole"), Settings(Total));
        Begin(Folder("run"), Settings(Total), stop: progress => progress.Step == 14);
        File.AppendAllText(Path.Combine(Folder("run"), RunFolder.MetricsName), "{\"step\":15,\"epoch\":2,\"loss\":1,\"smooth_loss\":1,\"elapsed_seconds\":1,\"characters_per_second\":1}\n{\"step\":18,\"ep");
        File.AppendAllText(Path.Combine(Folder("run"), RunFolder.MetricsTableName), "15,2,1,1,1,1\n18,2");
        File.AppendAllText(Path.Combine(Folder("run"), RunFolder.SamplesName), "{\"step\":20,\"epoch\":2,\"smooth_loss\":1,\"text\":\"no\"}\n");
        Resume(Folder("run"), Settings(Total));
        Assert.Equal(Content(Folder("whole")), Content(Folder("run")));
    }

    /// <summary>Killed while a file was written, by the training or by a report: what is left of it goes.</summary>
    [Fact]
    public void What_a_killed_save_left_is_deleted()
    {
        Begin(Folder("run"), Settings(Total));
        var before = Content(Folder("run"));
        File.WriteAllText(Path.Combine(Folder("run"), "last.safetensors.tmp"), "the user's own");
        string[] names = [.. Directory.GetFiles(Folder("run")).Order()];
        for (var i = 0; i < 3; i++)
        {
            File.WriteAllText(Path.Combine(Folder("run"), $".charrnn-{Guid.NewGuid():N}.tmp"), "half");
        }

        Resume(Folder("run"), Settings(Total));
        Assert.Equal(names, Directory.GetFiles(Folder("run")).Order());
        Assert.Equal(before, Content(Folder("run")));
    }

    /// <summary>Killed between the two files of a checkpoint: the best weights are newer than the state.</summary>
    [Fact]
    public void Best_weights_that_are_newer_than_the_state_come_round_again()
    {
        Begin(Folder("whole"), Settings(Total));
        Begin(Folder("run"), Settings(10));
        var last = File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.LastName));
        Resume(Folder("run"), Settings(20));
        File.WriteAllBytes(Path.Combine(Folder("run"), RunFolder.LastName), last);
        Resume(Folder("run"), Settings(Total));
        Assert.Equal(Content(Folder("whole")), Content(Folder("run")));
    }

    [Fact]
    public void Best_weights_that_are_newer_than_the_state_are_kept_where_they_do_not_come_round()
    {
        Begin(Folder("run"), Settings(10));
        var last = File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.LastName));
        Resume(Folder("run"), Settings(Total));
        var best = File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.BestName));
        File.WriteAllBytes(Path.Combine(Folder("run"), RunFolder.LastName), last);
        var result = Resume(Folder("run"), Settings(12));
        Assert.True(result.Progress.BestStep < 10, "the settings no longer put the lowest smooth loss before the checkpoint");
        Assert.Equal(best, File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.BestName)));
    }

    [Fact]
    public void Equal_trainings_give_equal_bytes_whatever_is_logged_sampled_or_saved()
    {
        Begin(Folder("one"), Settings(Total));
        Begin(Folder("two"), Settings(Total) with { SampleEvery = 1, SampleLength = 3, LogEvery = 1, CheckpointEvery = new(1, 0), TextPath = "/elsewhere" });
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("one"), RunFolder.LastName)), File.ReadAllBytes(Path.Combine(Folder("two"), RunFolder.LastName)));
        Resume(Folder("two"), Settings(Total + 1) with { SampleEvery = 0 });
        Resume(Folder("one"), Settings(Total + 1));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("one"), RunFolder.LastName)), File.ReadAllBytes(Path.Combine(Folder("two"), RunFolder.LastName)));
    }

    [Fact]
    public void Samples_are_of_step_one_every_tenth_and_the_end()
    {
        Begin(Folder("run"), Settings(Total));
        var samples = RunFolder.Open(Folder("run")).ReadSamples();
        Assert.Equal([1, 10, 20, 30, Total + 1], samples.Select(sample => sample.Step));
        Assert.All(samples, sample => Assert.Equal(20, sample.Text.EnumerateRunes().Count()));
        var metrics = RunFolder.Open(Folder("run")).ReadMetrics().ToArray();
        Assert.Equal([1, .. Enumerable.Range(1, 11).Select(i => 3L * i)], metrics.Select(record => record.Step));
        // The untrained network's loss is that of the first update: about 5 ln K, and where the smooth loss starts.
        Assert.Equal((metrics[0].Loss, metrics[0].Loss), (metrics[0].SmoothLoss, samples[0].SmoothLoss!.Value));
        Assert.InRange(metrics[0].Loss / (5 * Math.Log(SmallText.Vocabulary.Size)), 0.95, 1.05);
        var text = File.ReadAllText(Path.Combine(Folder("run"), RunFolder.SamplesTextName));
        Assert.All(samples, sample => Assert.Contains($"--- before update {sample.Step}, epoch {sample.Epoch}, smooth loss {sample.SmoothLoss:0.00##} ---\n{sample.Text}\n", text));
        Assert.Equal(1000, RunFolder.Open(Folder("run")).ReadBestText()!.EnumerateRunes().Count());
        // 74 characters: 14 chunks of 5 an epoch.
        Assert.Equal(14, Settings(1).StepsPerEpoch);
        Assert.Equal(metrics.Select(record => (record.Step - 1) / 14 + 1), metrics.Select(record => record.Epoch));
    }

    /// <summary>best.txt, written once more from best.safetensors alone: its weights, the state they carried, the character that came next in the text.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]      // the best weights are those of update 3
    [InlineData(Total)]   // the best weights are the last
    public void Best_txt_is_what_the_best_weights_write(int steps)
    {
        var settings = Settings(steps);
        var result = Begin(Folder("run"), settings);
        Assert.Equal(steps == 10, result.Progress.BestStep < steps);
        var best = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName));
        Assert.Equal(result.Progress.BestStep.ToString(), best.Metadata["step"]);
        using var network = Network<float>.Create(best.Shape, 1);
        network.Load(best.Weights<float>(), null);
        network.SetHidden(best.Hidden<float>()!);
        var sampler = new Sampler(new SamplingSettings { Seed = settings.Seed }, best.Shape.VocabularySize, 0);
        var logits = new float[best.Shape.VocabularySize];
        int[] written = new int[1000], next = new int[1];
        SmallText.CopyTo(result.Progress.BestStep % settings.StepsPerEpoch * settings.SequenceLength, next);
        for (var i = 0; i < written.Length; i++)
        {
            network.Step(i == 0 ? next[0] : written[i - 1], logits);
            written[i] = sampler.Next<float>(logits);
        }

        Assert.Equal(SmallText.Vocabulary.Decode(written), RunFolder.Open(Folder("run")).ReadBestText());
    }

    /// <summary>The lowest smooth loss lies before the stop: best.txt goes on from the state of then.</summary>
    [Fact]
    public void The_best_state_comes_back_with_the_best_weights()
    {
        var result = Begin(Folder("whole"), Settings(10));
        Assert.True(result.Progress.BestStep < 9, "the settings no longer put the lowest smooth loss before the stop");
        Begin(Folder("run"), Settings(9));
        Resume(Folder("run"), Settings(10));
        Assert.Equal(Content(Folder("whole")).BestText, Content(Folder("run")).BestText);
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        Begin(Folder("run"), Settings(3));
        Begin(Folder("other"), Settings(3) with { Seed = 2 });
        File.Copy(Path.Combine(Folder("other"), RunFolder.LastName), Path.Combine(Folder("run"), RunFolder.LastName), overwrite: true);
        var before = File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.LastName));
        var exception = Assert.Throws<SafetensorsException>(() => Resume(Folder("run"), Settings(5)));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.LastName)));
        Assert.Equal(SafetensorsRule.StateInvalid, exception.Rule);
        Assert.Contains("seed is 2", exception.Message);
    }

    [Fact]
    public void Only_one_writer_at_a_time_and_no_run_over_another()
    {
        var settings = Settings(3);
        using (var first = RunWriter.Create(PhysicalFileSystem.Instance, Folder("run"), settings))
        {
            Assert.Contains("another process", Assert.Throws<InvalidRunException>(() => RunWriter.Resume(PhysicalFileSystem.Instance, Folder("run"))).Message);
            Assert.Contains("another process", Assert.Throws<InvalidRunException>(() => RunWriter.Create(PhysicalFileSystem.Instance, Folder("run"), settings)).Message);
        }

        Assert.Contains("holds a run already", Assert.Throws<InvalidRunException>(() => RunWriter.Create(PhysicalFileSystem.Instance, Folder("run"), settings)).Message);
        RunWriter.Resume(PhysicalFileSystem.Instance, Folder("run")).Dispose();
    }

    [Fact]
    public void What_is_no_folder_of_a_run_is_said_so()
    {
        Directory.CreateDirectory(Folder("empty"));
        File.WriteAllText(Folder("file"), "");
        Assert.Equal($"{Folder("empty")} holds no run: it has no config.json", Assert.Throws<InvalidRunException>(() => RunFolder.Open(Folder("empty"))).Message);
        Assert.Equal($"{Folder("missing")}: no such folder; give the folder of a run", Assert.Throws<InvalidRunException>(() => RunFolder.Open(Folder("missing"))).Message);
        Assert.Equal($"{Folder("file")} is a file: choose another folder for the run", Assert.Throws<InvalidRunException>(() => RunWriter.Create(PhysicalFileSystem.Instance, Folder("file"), Settings(3))).Message);
        foreach (var name in (string[])["config.json", "last.safetensors", "best.safetensors", "metrics.jsonl", "metrics.csv", "samples.jsonl", "samples.txt", "best.txt"])
        {
            Directory.CreateDirectory(Folder("other"));
            File.WriteAllText(Path.Combine(Folder("other"), name), "");
            Assert.Equal($"{Folder("other")} holds a run already ({name}): go on with charrnn train --resume {Folder("other")}, or choose another --out", Assert.Throws<InvalidRunException>(() => RunWriter.Create(PhysicalFileSystem.Instance, Folder("other"), Settings(3))).Message);
            Directory.Delete(Folder("other"), recursive: true);
        }
    }

    /// <summary>Who deletes the lock's file does not let a second process in.</summary>
    [Fact]
    public void The_lock_is_not_its_file()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var first = RunWriter.Create(PhysicalFileSystem.Instance, Folder("run"), Settings(3));
        Assert.True(first.IsLocked);
        File.Delete(Path.Combine(Folder("run"), RunFolder.LockName));
        Assert.Contains("another process", Assert.Throws<InvalidRunException>(() => RunWriter.Resume(PhysicalFileSystem.Instance, Folder("run"))).Message);
        Assert.False(File.Exists(Path.Combine(Folder("run"), RunFolder.LockName)));
    }

    [Fact]
    public void A_file_system_without_locks_is_known()
    {
        using var first = RunWriter.Create(new FaultyFileSystem(Fault.None, 0) { HasLocks = false }, Folder("run"), Settings(3));
        Assert.False(first.IsLocked);
    }

    /// <summary>What cannot be locked for another reason than another process is not said to be in use.</summary>
    [Fact]
    public void A_lock_that_cannot_be_opened_says_why()
    {
        Begin(Folder("run"), Settings(3));
        File.Delete(Path.Combine(Folder("run"), RunFolder.LockName));
        Directory.CreateDirectory(Path.Combine(Folder("run"), RunFolder.LockName));
        var exception = Record.Exception(() => RunWriter.Resume(PhysicalFileSystem.Instance, Folder("run")));
        Assert.True(exception is IOException or UnauthorizedAccessException, $"{exception}");
        Assert.Contains(RunFolder.LockName, exception.Message);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // A link that leads round in a circle: what .NET throws is of the same kind as where somebody has the lock.
        Directory.Delete(Path.Combine(Folder("run"), RunFolder.LockName));
        File.CreateSymbolicLink(Path.Combine(Folder("run"), RunFolder.LockName), RunFolder.LockName);
        Assert.Contains(RunFolder.LockName, Assert.Throws<IOException>(() => RunWriter.Resume(PhysicalFileSystem.Instance, Folder("run"))).Message);
    }

    /// <summary>Neither a folder nor a lock nor a half of anything.</summary>
    [Fact]
    public void What_is_refused_leaves_nothing()
    {
        var settings = Settings(3);
        Directory.CreateDirectory(Folder("run"));
        File.WriteAllText(Path.Combine(Folder("run"), RunFolder.MetricsTableName), "mine");
        Assert.Throws<InvalidRunException>(() => RunWriter.Create(PhysicalFileSystem.Instance, Folder("run"), settings));
        Assert.Throws<InvalidRunException>(() => RunWriter.Resume(PhysicalFileSystem.Instance, Folder("run")));
        Assert.Equal([RunFolder.MetricsTableName], Directory.GetFiles(Folder("run")).Select(Path.GetFileName));

        // The disk becomes full with the first file.
        var files = new FaultyFileSystem(Fault.None, 0);
        RunWriter.Create(files, Folder("probe"), settings).Dispose();
        var write = files.Log.IndexOf("write temporary") + 1;
        Assert.Throws<IOException>(() => RunWriter.Create(new FaultyFileSystem(Fault.NoSpace, write), Folder(Path.Combine("new", "inner")), settings));
        Assert.False(Directory.Exists(Folder("new")));

        // A run that is opened and not gone on with is as it was.
        Begin(Folder("copy"), settings);
        File.Delete(Path.Combine(Folder("copy"), RunFolder.LockName));
        RunWriter.Resume(PhysicalFileSystem.Instance, Folder("copy")).Dispose();
        Assert.False(File.Exists(Path.Combine(Folder("copy"), RunFolder.LockName)));
    }
}
