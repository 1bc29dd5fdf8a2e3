using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>Text that is held out: nothing is learned from it, and the weights that predict it best are kept.</summary>
public sealed class ValidationTests : RunFixture
{
    private const int HeldOut = 24;

    private static RunConfiguration Validated(long steps) => Settings(steps) with { HeldOut = HeldOut, ValidationEvery = 7, Precision = Precision.Double, Eta = 0.1 };

    /// <summary>The reference network, which knows nothing of this code, reads on from the state saved with the best weights.</summary>
    [Fact]
    public void The_best_weights_have_the_loss_that_was_logged()
    {
        var result = Begin(Folder("run"), Validated(200));
        var best = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName));
        var losses = RunFolder.Open(Folder("run")).ReadMetrics().Where(record => record.ValidationLoss is not null).ToArray();
        Assert.Equal(Enumerable.Range(1, 28).Select(i => 7L * i), losses.Select(record => record.Step));
        var lowest = losses.MinBy(record => record.ValidationLoss)!;
        Assert.Equal(lowest.Step, result.Progress.BestStep);
        Assert.Equal(lowest.ValidationLoss, result.Progress.BestValidationLoss);
        Assert.NotEqual(losses.MinBy(record => record.SmoothLoss)!.Step, lowest.Step);   // or the test could not tell the two rules apart
        Assert.Equal("validation_loss", best.Metadata["chosen_by"]);
        Assert.Equal(lowest.Step.ToString(System.Globalization.CultureInfo.InvariantCulture), best.Metadata["step"]);

        var text = SmallText.Part(SmallText.Length - HeldOut, HeldOut);
        Assert.Equal(lowest.ValidationLoss, Evaluation.MeanLoss<double>(best.Weights<double>(), best.Hidden<double>(), text));
        var reference = ReferenceNetwork<double>.From(best.Weights<double>());
        reference.SetHidden(best.Hidden<double>()!);
        var characters = new int[HeldOut];
        SmallText.CopyTo(SmallText.Length - HeldOut, characters);
        Assert.Equal(reference.Forward(characters.AsSpan(..^1), characters.AsSpan(1..)) / (HeldOut - 1), lowest.ValidationLoss!.Value, 1e-12);
    }

    /// <summary>Longer than the pieces that it is read in.</summary>
    [Fact]
    public void The_state_is_carried_through_the_whole_text()
    {
        Begin(Folder("run"), Settings(300) with { Precision = Precision.Double });
        var last = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName));
        var text = EncodedText.FromString(string.Concat(Enumerable.Repeat("Otto to the well. Who waits there? Anna went to the mill. ", 5))).WithVocabulary(SmallText.Vocabulary);
        var characters = new int[text.Length];
        text.CopyTo(0, characters);
        var reference = ReferenceNetwork<double>.From(last.Weights<double>());
        reference.SetHidden(last.Hidden<double>()!);
        Assert.Equal(reference.Forward(characters.AsSpan(..^1), characters.AsSpan(1..)) / (text.Length - 1), Evaluation.MeanLoss<double>(last.Weights<double>(), last.Hidden<double>(), text), 1e-12);
    }

    [Fact]
    public void Nothing_is_learned_from_it_and_validating_changes_nothing()
    {
        Begin(Folder("run"), Validated(200));
        var part = SmallText.Part(0, SmallText.Length - HeldOut);
        var settings = Validated(200) with { TextLength = part.Length, HeldOut = 0, ValidationEvery = 0 };
        using var run = TrainingRun<double>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder("part"), settings), settings, part, null, null, null);
        run.Train(() => false);
        var (one, other) = (ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName)), ModelFile.Read(Path.Combine(Folder("part"), RunFolder.LastName)));
        Assert.Equal(other.Weights<double>().Tensors.SelectMany(tensor => tensor.Values), one.Weights<double>().Tensors.SelectMany(tensor => tensor.Values));
        Assert.Equal(other.Hidden<double>(), one.Hidden<double>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Patience_ends_after_so_many_validations_without_a_lower_loss(int patience)
    {
        var result = Begin(Folder("run"), Validated(100_000) with { Patience = patience, Eta = 0.3 });
        Assert.True(result.IsOutOfPatience && result.IsComplete);
        double[] losses = [.. RunFolder.Open(Folder("run")).ReadMetrics().Select(record => record.ValidationLoss).OfType<double>()];
        Assert.Equal(7 * losses.Length, result.Progress.Step);
        Assert.Equal(patience, losses.Length - 1 - Array.IndexOf(losses, losses.Min()));
        for (var n = 1; n < losses.Length; n++)
        {
            Assert.True(n - 1 - Array.IndexOf(losses, losses[..n].Min()) < patience);
        }
    }

    [Fact]
    public void A_stop_anywhere_between_two_validations_changes_nothing()
    {
        var settings = Validated(40) with { Precision = Precision.Single, Patience = 3 };
        Begin(Folder("whole"), settings);
        for (var stop = 0; stop < 40; stop++)
        {
            var folder = Folder($"run{stop}");
            Begin(folder, settings, stop: progress => progress.Step == stop);
            Resume(folder, settings);
            Assert.Equal(Content(Folder("whole")), Content(folder));
        }
    }

    [Fact]
    public void The_table_has_a_column_for_it()
    {
        Begin(Folder("run"), Validated(20));
        var lines = File.ReadAllLines(Path.Combine(Folder("run"), RunFolder.MetricsTableName));
        Assert.EndsWith(",validation_loss", lines[0]);
        Assert.Equal(RunFolder.Open(Folder("run")).ReadMetrics().Select(record => record.ValidationLoss is null ? 6 : 7), lines.Skip(1).Select(line => line.Split(',').Length));
    }

    /// <summary>A run that begins from weights: they are the first candidate.</summary>
    [Fact]
    public void Weights_that_it_began_with_are_validated_first()
    {
        Begin(Folder("base"), Settings(600) with { Precision = Precision.Double, Eta = 0.1 });
        var init = ModelFile.Read(Path.Combine(Folder("base"), RunFolder.LastName));
        var settings = Validated(0) with { Init = "/base", InitSha256 = new('0', 64) };
        using var run = TrainingRun<double>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder("run"), settings), settings, SmallText, init, null, null);
        var text = SmallText.Part(SmallText.Length - HeldOut, HeldOut);
        var expected = Evaluation.MeanLoss<double>(init.Weights<double>(), [], text);
        Assert.Equal(expected, run.Train(() => false).Progress.BestValidationLoss);
        var first = RunFolder.Open(Folder("run")).ReadMetrics().First();
        Assert.Equal((0, expected), (first.Step, first.ValidationLoss));
    }

    /// <summary>A loss that is not finite takes the run back to its last copy, and over validations done before: they count once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1024)]
    public void What_is_done_again_after_a_loss_that_is_not_finite_is_validated_the_same(int snapshotInterval)
    {
        var settings = Validated(100_000) with { Precision = Precision.Single, Eta = 1e36, Clip = double.PositiveInfinity, ValidationEvery = 1 };
        var result = Begin(Folder("run"), settings, snapshotInterval: snapshotInterval);
        Assert.NotNull(result.DivergedAt);
        Assert.True(result.Progress.Step > 0, "nothing was done again");
        double[] losses = [.. RunFolder.Open(Folder("run")).ReadMetrics().Where(record => record.Step <= result.Progress.Step).Select(record => record.ValidationLoss!.Value)];
        Assert.Equal(result.Progress.Step, losses.Length);
        Assert.Equal(losses[^1], result.Progress.ValidationLoss);
        Assert.Equal((losses.Min(), 1 + Array.IndexOf(losses, losses.Min())), (result.Progress.BestValidationLoss, (int)result.Progress.BestStep));
        Assert.Equal(result.Progress.Step - result.Progress.BestStep, result.Progress.ValidationsSinceBest);
        var best = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName));
        Assert.Equal(losses.Min(), Evaluation.MeanLoss<float>(best.Weights<float>(), best.Hidden<float>(), SmallText.Part(SmallText.Length - HeldOut, HeldOut)));
    }

    /// <summary>Beside the training or in its pauses, slower than the updates between two validations or faster: the run is the same.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(7, 0)]
    [InlineData(7, 2)]
    [InlineData(100, 3)]
    public void It_makes_no_difference_on_which_core_validations_run(int every, int patience)
    {
        var text = EncodedText.FromString(string.Concat(Enumerable.Repeat("Anna went to the mill, and Otto to the well. \"Who waits there?\" No one. ", 60)));
        var settings = Validated(1500) with { TextSha256 = text.Sha256, TextLength = text.Length, Vocabulary = text.Vocabulary.ToString(), HeldOut = 3000, ValidationEvery = every, Patience = patience, CheckpointEvery = new(50, 0) };
        foreach (var (folder, threads, snapshots) in new[] { ("beside", 1, 16), ("between", 4096, 1024) })
        {
            using var run = TrainingRun<double>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder(folder), settings), settings, text, null, new(null, threads), null);
            run.SnapshotInterval = snapshots;
            run.Train(() => false);
        }

        Assert.Equal(Content(Folder("between")), Content(Folder("beside")));
        Assert.All(RunFolder.Open(Folder("beside")).ReadMetrics(), record => Assert.Equal(record.Step % every == 0, record.ValidationLoss is not null));
    }
}
