using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>A run that begins from trained weights: what they had learned is not lost, and gives way only to what is better.</summary>
public sealed class InitTests : RunFixture
{
    private static readonly RunConfiguration From = Settings(0) with { Init = "/base", InitSha256 = new('0', 64), Precision = Precision.Double, Eta = 0.1 };

    [Fact]
    public void The_optimisers_sums_are_taken_with_the_weights()
    {
        var last = Base();
        Start("run", 0, last);
        var begun = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName));
        Assert.Equal(Values(last.Weights<double>()), Values(begun.Weights<double>()));
        Assert.Equal(Values(last.Slots<double>("adagrad")![0]), Values(begun.Slots<double>("adagrad")![0]));
    }

    /// <summary>The smooth loss of the first candidate is what the weights have over the first 1,000 chunks, which the reference says too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(999)]
    public void The_weights_that_it_began_with_are_the_best_until_another_can_be_judged(int steps)
    {
        var last = Base();
        var result = Start("run", steps, last);
        var best = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.BestName));
        Assert.Equal(Values(last.Weights<double>()), Values(best.Weights<double>()));
        Assert.Equal(0, result.Progress.BestStep);

        var smooth = 0.0;
        var network = ReferenceNetwork<double>.From(last.Weights<double>());
        for (var chunk = 0; chunk < 1000; chunk++)
        {
            if (chunk % From.StepsPerEpoch == 0)
            {
                network.SetHidden(new double[From.HiddenSize]);
            }

            var characters = new int[From.SequenceLength + 1];
            SmallText.CopyTo(chunk % From.StepsPerEpoch * From.SequenceLength, characters);
            var loss = network.Forward(characters.AsSpan(..^1), characters.AsSpan(1..));
            network.SetHidden((double[])network.h[^1].Clone());
            smooth = chunk == 0 ? loss : (0.999 * smooth) + (0.001 * loss);
        }

        Assert.Equal(smooth, result.Progress.BestSmoothLoss, 1e-9);
    }

    [Fact]
    public void Better_weights_take_their_place_as_soon_as_they_can_be_judged()
    {
        var last = Base();
        var result = Start("run", 4000, last);
        Assert.InRange(result.Progress.BestStep, 1000, 4000);
        Assert.InRange(result.Progress.BestSmoothLoss, 0, Start("begun", 0, last).Progress.BestSmoothLoss);
    }

    [Fact]
    public void A_stop_before_and_after_the_first_judgement_changes_nothing()
    {
        var last = Base();
        Start("whole", 1500, last);
        foreach (var stop in (int[])[0, 1, 700, 999, 1000, 1200])
        {
            Start($"run{stop}", 1500, last, progress => progress.Step == stop);
            using var writer = RunWriter.Resume(new FaultyFileSystem(Fault.None, 0), Folder($"run{stop}"));
            using var run = TrainingRun<double>.Resume(writer, From with { Steps = 1500 }, SmallText, writer.ReadModel(RunFolder.LastName)!, null, null);
            run.Train(() => false);
            Assert.Equal(Content(Folder("whole")), Content(Folder($"run{stop}")));
        }
    }

    /// <summary>Without slots the first updates are held back: none moves a matrix by more than a hundredth of the root mean square of its elements.</summary>
    [Theory]
    [InlineData("adagrad", 0.1, 1)]
    [InlineData("adam", 0.05, 1)]
    [InlineData("sgd", 0.5, 1)]
    [InlineData("adagrad", 0.1, 3)]
    public void No_early_update_moves_a_matrix_far(string optimizer, double eta, int streams)
    {
        var last = Base();
        var settings = From with { Steps = 60, Optimizer = optimizer, Eta = eta, Streams = streams, WarmUp = 40, CheckpointEvery = new(1, 0), KeptCheckpoints = 1000, LogEvery = 10 };
        var strange = ModelFile.From(ModelFile.Create(last.Vocabulary, last.Weights<double>(), null, [], []));
        using (var run = TrainingRun<double>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder("run"), settings), settings, SmallText, strange, null, null))
        {
            run.Train(() => false);
        }

        var (before, far) = (last.Weights<double>(), 0);
        for (var step = 1; step <= 60; step++)
        {
            var after = ModelFile.Read(Path.Combine(Folder("run"), $"step-{step}.safetensors")).Weights<double>();
            foreach (var (one, other) in before.Tensors.Zip(after.Tensors).Where(pair => pair.First.Shape.Length == 2))
            {
                var share = Math.Sqrt(one.Values.Zip(other.Values).Sum(pair => Math.Pow(pair.Second - pair.First, 2)) / one.Values.Sum(value => value * value));
                far += share > 0.01 ? 1 : 0;
                Assert.InRange(share, 0, step <= 40 ? 0.01 * (1 + 1e-9) : double.MaxValue);
            }

            before = after;
        }

        Assert.True(far > 0, "nothing would have been held back");
    }

    private ModelFile Base()
    {
        Begin(Folder("base"), Settings(600) with { Precision = Precision.Double, Eta = 0.1 });
        return ModelFile.Read(Path.Combine(Folder("base"), RunFolder.LastName));
    }

    private TrainingResult Start(string folder, long steps, ModelFile init, Func<TrainingProgress, bool>? stop = null)
    {
        var settings = From with { Steps = steps };
        using var run = TrainingRun<double>.Begin(RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder(folder), settings), settings, SmallText, init, null, null);
        return run.Train(() => stop?.Invoke(run.Progress) ?? false);
    }

    private static double[] Values(NetworkWeights<double> weights) => [.. weights.Tensors.SelectMany(tensor => tensor.Values)];
}
