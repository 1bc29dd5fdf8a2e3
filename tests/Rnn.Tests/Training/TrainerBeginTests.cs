using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

public class TrainerBeginTests
{
    private static readonly EncodedText Text = EncodedText.FromString(string.Concat(Enumerable.Repeat("the mill and the well. ", 20)));

    /// <summary>Beginning in one call and so many updates in one call are the long way round, to the bit.</summary>
    [Fact]
    public void It_begins_as_a_network_that_is_made_and_loaded_by_hand()
    {
        var brief = Trainer<float>.Begin(Text, Gru.Description, hiddenSize: 9, sequenceLength: 5, eta: 0.05, clip: 1, seed: 4);
        using var network = brief.Network;
        Assert.True(brief.Advance(7));

        var shape = new NetworkShape(9, Text.Vocabulary.Size) { Cell = Gru.Description };
        using var other = Network<float>.Create(shape, 5);
        other.Load(NetworkWeights<float>.Random(shape, 4));
        var full = new Trainer<float>(other, Text, 0.05, 1, TrainingProgress.Start);
        for (var i = 0; i < 7; i++)
        {
            Assert.True(full.Advance());
        }

        Assert.Equal(full.Progress, brief.Progress);
        Assert.Equal(7, brief.Progress.Step);
        foreach (var (expected, actual) in other.ExportWeights().Tensors.Zip(network.ExportWeights().Tensors))
        {
            Assert.Equal(expected.Values, actual.Values);
        }
    }

    [Fact]
    public void A_loss_that_is_not_finite_ends_the_updates()
    {
        var trainer = Trainer<float>.Begin(Text, Vanilla.Description, hiddenSize: 4);
        using var network = trainer.Network;
        var weights = network.ExportWeights();
        weights["c"][0] = float.NaN;
        network.Load(weights);
        Assert.False(trainer.Advance(3));
        Assert.Equal(0, trainer.Progress.Step);
    }

    [Fact]
    public void A_text_that_is_too_briefis_refused() =>
        Assert.Throws<ArgumentException>(() => Trainer<float>.Begin(EncodedText.FromString("short"), Vanilla.Description, hiddenSize: 4));
}
