using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

public sealed class TrainerTests
{
    [Theory]
    [InlineData(26, 1)] // exactly one chunk and the character after it
    [InlineData(50, 1)]
    [InlineData(51, 2)]
    [InlineData(80, 3)]
    public void An_epoch_has_as_many_chunks_as_leave_a_character_to_predict(int characters, int chunks)
    {
        var trainer = NewTrainer(characters, out var network);
        using (network)
        {
            for (var update = 1; update <= (3 * chunks) + 1; update++)
            {
                Assert.True(trainer.Advance());
                Assert.Equal(((update - 1) / chunks) + 1, trainer.Progress.Epoch);
                Assert.Equal((((update - 1) % chunks) + 1) * 25, trainer.Progress.Position);
                Assert.Equal(update, trainer.Progress.Step);
            }
        }
    }

    [Fact]
    public void A_text_shorter_than_a_chunk_and_the_character_after_it_is_refused() =>
        Assert.Throws<ArgumentException>(() => NewTrainer(25, out _));

    [Fact]
    public void The_hidden_state_is_carried_within_an_epoch_and_zero_at_its_start()
    {
        var text = Encode(76);
        var shape = new NetworkShape(8, text.Vocabulary.Size);
        using var network = Network<double>.Create(shape, 25);
        var weights = NetworkWeights<double>.Random(shape, 3);
        network.Load(weights, null);
        // With eta 0 nothing is learnt: the losses of the second epoch are those of the first only if h starts at zero again.
        var trainer = new Trainer<double>(network, text, 0, 5, TrainingProgress.Start);
        var losses = new double[6];
        for (var update = 0; update < 6; update++)
        {
            Assert.True(trainer.Advance());
            losses[update] = trainer.Progress.Loss;
        }

        Assert.Equal(losses[..3], losses[3..]);
        using var fresh = Network<double>.Create(shape, 25);
        fresh.Load(weights, null);
        var chunk = new int[26];
        text.CopyTo(25, chunk);
        Assert.NotEqual(losses[1], fresh.Forward(chunk.AsSpan(0, 25), chunk.AsSpan(1)));
    }

    [Fact]
    public void Smooth_loss_starts_at_the_first_loss_and_the_best_weights_are_those_of_the_lowest()
    {
        var text = BuiltInText.Read();
        var shape = new NetworkShape(16, text.Vocabulary.Size);
        using var network = Network<double>.Create(shape, 25);
        network.Load(NetworkWeights<double>.Random(shape, 1), null);
        var trainer = new Trainer<double>(network, text, 0.1, 5, TrainingProgress.Start);
        var (smooth, best, bestStep) = (0.0, double.PositiveInfinity, 0L);
        NetworkWeights<double>? bestWeights = null;
        for (var update = 1; update <= 3000; update++)
        {
            Assert.True(trainer.Advance());
            smooth = update == 1 ? trainer.Progress.Loss : (0.999 * smooth) + (0.001 * trainer.Progress.Loss);
            Assert.Equal(smooth, trainer.Progress.SmoothLoss);
            if (smooth < best)
            {
                (best, bestStep, bestWeights) = (smooth, update, network.ExportWeights());
            }

            if (update % 97 == 0)
            {
                Assert.Equal((best, bestStep), (trainer.Progress.BestSmoothLoss, trainer.Progress.BestStep));
                Assert.Equal(bestWeights!["W"], trainer.BestWeights()["W"]);
                Assert.Equal(bestWeights["c"], trainer.BestWeights()["c"]);
            }
        }

        Assert.True(bestStep < 3000, "the loss never turned: this test has nothing to see");
    }

    /// <summary>The state goes with its weights, also where the next chunk starts an epoch, and so h = 0, before the loss turns.</summary>
    [Fact]
    public void The_state_that_the_best_weights_carried_is_kept()
    {
        var text = Encode(80);
        var shape = new NetworkShape(6, text.Vocabulary.Size);
        using var network = Network<double>.Create(shape, 25);
        var (before, turns, turnsAtEpochs) = (new double[6], 0, 0);
        for (ulong seed = 1; seed <= 60; seed++)
        {
            network.Load(NetworkWeights<double>.Random(shape, seed), null);
            network.ResetHidden();
            var trainer = new Trainer<double>(network, text, eta: 3, clip: 5, TrainingProgress.Start);
            for (var update = 1; update <= 100; update++)
            {
                var (epoch, bestStep) = (trainer.Progress.Epoch, trainer.Progress.BestStep);
                network.CopyHidden(before);
                Assert.True(trainer.Advance());
                if (bestStep != update - 1 || trainer.Progress.BestStep == update)
                {
                    continue;
                }

                Assert.Equal(before, trainer.BestHidden());
                turns++;
                turnsAtEpochs += trainer.Progress.Epoch == epoch ? 0 : 1;
            }
        }

        Assert.True(turns > turnsAtEpochs && turnsAtEpochs > 0, $"{turns} turns, {turnsAtEpochs} of them at epochs: this test needs both");
    }

    [Fact]
    public void A_loss_that_is_not_finite_updates_nothing()
    {
        var text = Encode(80);
        var shape = new NetworkShape(4, text.Vocabulary.Size);
        using var network = Network<float>.Create(shape, 25);
        var weights = NetworkWeights<float>.Random(shape, 1);
        weights["V"][0] = float.PositiveInfinity;
        network.Load(weights, null);
        var trainer = new Trainer<float>(network, text, 0.1, 5, TrainingProgress.Start);
        Assert.False(trainer.Advance());
        Assert.Equal(weights["W"], network.ExportWeights()["W"]);
        Assert.Equal(0, trainer.Progress.Step);
    }

    private static EncodedText Encode(int characters) =>
        TextFile.Read(new MemoryStream([.. Enumerable.Range(0, characters).Select(i => (byte)("abcdeafgb"[i % 9]))]), "test");

    private static Trainer<double> NewTrainer(int characters, out Network<double> network)
    {
        var text = Encode(characters);
        var shape = new NetworkShape(4, text.Vocabulary.Size);
        network = Network<double>.Create(shape, 25);
        network.Load(NetworkWeights<double>.Random(shape, 1), null);
        return new Trainer<double>(network, text, 0.1, 5, TrainingProgress.Start);
    }
}
