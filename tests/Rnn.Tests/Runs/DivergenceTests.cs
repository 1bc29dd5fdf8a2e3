using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

public sealed class DivergenceTests : RunFixture
{
    /// <summary>An update by hand, up to where the run broke: the weights kept are those of the last finite update, to the bit.</summary>
    [Theory]
    [InlineData(1e38, 1024)]
    [InlineData(3e37, 1024)]
    [InlineData(1e36, 1024)]
    [InlineData(1e38, 1)]
    [InlineData(3e37, 1)]
    [InlineData(1e36, 1)]
    [InlineData(1e36, 3)]
    public void The_last_finite_weights_are_kept(double eta, int snapshotInterval)
    {
        var settings = Settings(100_000) with { Eta = eta, Clip = double.PositiveInfinity, SampleEvery = 7, CheckpointEvery = new(3, 0) };
        var result = Begin(Folder("run"), settings, snapshotInterval: snapshotInterval);
        Assert.NotNull(result.DivergedAt);
        Assert.True(result.Progress.Step < result.DivergedAt);

        using var network = Network<float>.Create(new NetworkShape(settings.HiddenSize, SmallText.Vocabulary.Size), settings.SequenceLength);
        network.Load(NetworkWeights<float>.Random(network.Shape, settings.Seed), null);
        var trainer = new Trainer<float>(network, SmallText, settings.Eta, settings.Clip, TrainingProgress.Start);
        while (trainer.Progress.Step < result.Progress.Step)
        {
            Assert.True(trainer.Advance());
        }

        var last = ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName));
        Assert.Equal(network.ExportWeights().Tensors.SelectMany(tensor => tensor.Values), last.Weights<float>().Tensors.SelectMany(tensor => tensor.Values));
        Assert.Equal(result.Progress.Step.ToString(), last.Metadata["step"]);
        // The next update is the one that breaks.
        var advanced = trainer.Advance();
        Assert.True(!advanced || !network.ExportWeights().AllFinite || !network.ExportSlots()[0].AllFinite);
        // And the run goes on to break again, at the same update.
        Assert.Equal(result.DivergedAt, Resume(Folder("run"), settings).DivergedAt);
    }

    /// <summary>Stopped after the update that broke the weights and before the loss that shows it: what is saved still loads.</summary>
    [Theory]
    [InlineData(3e37)]
    [InlineData(1e36)]
    public void A_state_that_is_not_finite_is_never_saved(double eta)
    {
        var settings = Settings(100_000) with { Eta = eta, Clip = double.PositiveInfinity, CheckpointEvery = new(1, 0) };
        var whole = Begin(Folder("whole"), settings);
        Assert.True(whole.Progress.Step < whole.DivergedAt - 1, "the weights broke in no update");
        var stopped = Begin(Folder("run"), settings, stop: progress => progress.Step == whole.DivergedAt - 1);
        Assert.Null(stopped.DivergedAt);
        if (File.Exists(Path.Combine(Folder("run"), RunFolder.LastName)))
        {
            ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName));
        }

        Assert.Equal(whole.DivergedAt, Resume(Folder("run"), settings).DivergedAt);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Folder("whole"), RunFolder.LastName)), File.ReadAllBytes(Path.Combine(Folder("run"), RunFolder.LastName)));
    }

    [Fact]
    public void Large_steps_without_clipping_end_in_order()
    {
        var result = Begin(Folder("run"), Settings(3000) with { Eta = 100, Clip = double.PositiveInfinity });
        ModelFile.Read(Path.Combine(Folder("run"), RunFolder.LastName));
        Assert.True(result.DivergedAt is not null || result.IsComplete);
    }
}
