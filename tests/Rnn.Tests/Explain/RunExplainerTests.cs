using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Tests.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Tests.Explain;

/// <summary>Whole runs explained.</summary>
public sealed class RunExplainerTests : RunFixture
{
    [Fact]
    public void A_trained_run_is_explained_whatever_its_precision()
    {
        foreach (var precision in (Precision[])[Precision.Single, Precision.Double])
        {
            var folder = Folder($"run-{precision}");
            Begin(folder, Settings(200) with { Precision = precision, LogEvery = 1 });
            var explanation = Explain(folder, SmallText);
            var layer = Assert.Single(explanation.Layers);
            Assert.Equal((7, 7, 7), (layer.Census.Units.Count, layer.Eigenvalues.Count, explanation.HiddenSize));
            Assert.Equal(1, layer.Power.Sum(), 9);
            Assert.Empty(explanation.Gates);
            Assert.Null(explanation.Gradient);   // 73 characters are too few for it
            Assert.NotNull(explanation.Memory);
            Assert.NotNull(explanation.EpochStart);
            // The last epochs, each from its beginning, by position.
            Assert.Equal([12L, 13, 14, 15], explanation.Epochs.Select(epoch => epoch.Epoch));
            Assert.Equal([5.0, 10, 15], explanation.Epochs[1].Points.Take(3).Select(point => point.Position));
            AssertSaid(explanation);
        }
    }

    [Fact]
    public void A_run_of_layers_with_gates_is_explained_with_them_and_without_what_was_held_out()
    {
        var text = HandMade.EchoText(3000, 2);
        var folder = Folder("gates");
        var settings = SettingsOf(text, 0.1, 200) with { Cell = "gru", Layers = 2, HeldOut = 500, ValidationEvery = 50 };
        using (var writer = RunWriter.Create(new FaultyFileSystem(Fault.None, 0), folder, settings))
        {
            using var run = TrainingRun<float>.Begin(writer, settings, text, null, null, null);
            run.Train(() => false);
        }

        var explanation = Explain(folder, text);
        Assert.Equal(["r of layer 1", "z of layer 1", "r of layer 2", "z of layer 2"], explanation.Gates.Select(gate => gate.Name));
        Assert.Equal(["h of layer 1", "h of layer 2"], explanation.Layers.Select(layer => layer.Name));
        Assert.All(explanation.Layers, layer => Assert.Empty(layer.Eigenvalues));
        Assert.Equal((2500L, 2475L), (explanation.TextLength, explanation.ByPosition!.CharactersRead));
        Assert.Null(explanation.FirstUpdate);
        AssertSaid(explanation);
        Assert.Equal(["units", "gates", "alone", "memory", "gradient", "spikes", "passages"], ExplanationFindings.Of(explanation).Select(finding => finding.Id));
        Assert.DoesNotContain("a cell with gates", ExplanationFindings.Of(explanation).Single(finding => finding.Id == "memory").Advice);
    }

    [Fact]
    public void A_gate_that_hardly_changes_is_named_and_others_are_not()
    {
        var folder = Folder("stuck");
        Begin(folder, Settings(200));
        var explanation = Explain(folder, SmallText);
        Assert.Equal("", Advice());
        Assert.Equal("Nothing to do: each gate opens and closes.", Advice(new("r", 0.89, 0.02, 0.8, 5, 0), new("z", 0.1, 0.89, 0.2, 0, 5)));
        Assert.StartsWith("z hardly ever changes: compare a --cell without it", Advice(new("r", 0.89, 0.02, 0.8, 5, 0), new("z", 0.02, 0.92, 0.1, 0, 6)));
        Assert.StartsWith("r, z hardly ever change: compare a --cell without them", Advice(new("r", 0.91, 0.02, 0.9, 5, 0), new("z", 0.02, 0.92, 0.1, 0, 6)));

        string Advice(params GateTrace[] gates) => ExplanationFindings.Of(explanation with { Gates = gates }).FirstOrDefault(finding => finding.Id == "gates")?.Advice ?? "";
    }

    /// <summary>The first update done again is the one that the run did.</summary>
    [Fact]
    public void The_first_update_is_done_again_with_the_settings_of_the_beginning()
    {
        var folder = Folder("one");
        Begin(folder, Settings(1));
        var run = RunFolder.Open(folder);
        var norm = Math.Sqrt(ModelFile.Read(run.LastWeights).Weights<double>()["W"].Sum(value => value * value));
        var changed = run.Configuration.WithChanges(run.Configuration with { Eta = 0.001 }, 1);
        foreach (var configuration in (RunConfiguration[])[run.Configuration, changed, changed.WithChanges(changed with { Eta = 0.2 }, 2)])
        {
            var first = FirstUpdate.Replay(configuration, SmallText)!;
            Assert.Equal((0.3, norm), (first.Eta, first.Norm));
            Assert.InRange(first.NormBefore, 0.02, 0.12);
        }

        Assert.Null(FirstUpdate.Replay(run.Configuration with { Init = "weights" }, SmallText));
        Assert.Null(FirstUpdate.Replay(run.Configuration with { Optimizer = "adam" }, SmallText));
        Assert.Null(FirstUpdate.Replay(run.Configuration with { Cell = "gru" }, SmallText));

        var several = Folder("several");
        Begin(several, Settings(1) with { Streams = 2, Layers = 2 });
        run = RunFolder.Open(several);
        norm = Math.Sqrt(ModelFile.Read(run.LastWeights).Weights<double>()["layer0.W"].Sum(value => value * value));
        Assert.Equal(norm, FirstUpdate.Replay(run.Configuration, SmallText)!.Norm);
    }

    [Fact]
    public void A_rhythm_of_the_networks_own_is_advised_against_and_one_of_the_text_is_not()
    {
        // Units of W = -3: whatever is read, they change sign. The text's own run is only there for its settings.
        var folder = Folder("own");
        var text = HandMade.RandomText(3000);
        Begin(folder, text, eta: 0.1, steps: 40);
        var ticking = Ticking(10);
        var explanation = RunExplainer.Explain(RunFolder.Open(folder), HandMade.Model(text, ticking), text);
        Assert.Equal((10, 10), (explanation.Layers[0].Census.Count(UnitBehaviour.Ticking), explanation.Layers[0].OwnRhythm));
        Assert.Equal(-3, explanation.Layers[0].Eigenvalues[0].Real, 6);
        Assert.True(explanation.FirstUpdate!.MovedByEta > 0.5);
        Assert.Equal(0.05, explanation.SuggestedEta);
        var units = ExplanationFindings.Of(explanation).Single(finding => finding.Id == "units");
        Assert.Contains("10 of 10 units only tick", units.Seen);
        Assert.Contains("by eta = 0.1", units.Advice);
        Assert.EndsWith("try --eta 0.05.", units.Advice);
        // The same weights in a run that did not draw its own: then its first update is not what did it.
        Assert.Null((explanation with { FirstUpdate = null }).SuggestedEta);
        Assert.Null((explanation with { FirstUpdate = explanation.FirstUpdate with { MovedByEta = 0.4 } }).SuggestedEta);

        // A text that itself goes to and fro: every unit follows it, and that is right.
        var toAndFro = EncodedText.FromString(string.Concat(Enumerable.Repeat("ab", 1500)));
        var right = Folder("right");
        Begin(right, toAndFro, eta: 0.1, steps: 40);
        var follows = RunExplainer.Explain(RunFolder.Open(right), HandMade.Model(toAndFro, HandMade.ShiftRegister(6)), toAndFro);
        Assert.Equal((6, 0), (follows.Layers[0].Census.Count(UnitBehaviour.Ticking), follows.Layers[0].OwnRhythm));
        Assert.Null(follows.SuggestedEta);
        Assert.DoesNotContain("--eta", ExplanationFindings.Of(follows).Single(finding => finding.Id == "units").Advice);
    }

    [Fact]
    public void A_training_says_once_that_its_units_tick_and_trains_the_same()
    {
        var text = HandMade.RandomText(3000);
        var init = HandMade.Model(text, Ticking(10));
        var notices = new List<UnitNotice>();
        var watched = Train("watched", new Listener(notices));
        var notice = Assert.Single(notices);
        Assert.Equal((5000L, 10, null), (notice.Step, notice.Units.Count(UnitBehaviour.Ticking), notice.SuggestedEta));   // the weights were not drawn
        Assert.Equal(watched, Train("alone", null));

        string Train(string name, ITrainingObserver? observer)
        {
            // So small a learning rate leaves the weights as they are made, and the restored state still decides every later bit.
            var settings = SettingsOf(text, 1e-6, 26_000) with { HiddenSize = 10, Precision = Precision.Double, Init = "made" };
            using var writer = RunWriter.Create(new FaultyFileSystem(Fault.None, 0), Folder(name), settings);
            using var run = TrainingRun<double>.Begin(writer, settings, text, init, null, observer);
            run.Train(() => false);
            return Convert.ToHexString(File.ReadAllBytes(Path.Combine(Folder(name), RunFolder.LastName)));
        }
    }

    [Fact]
    public void A_training_whose_units_follow_the_text_says_nothing()
    {
        foreach (var text in (EncodedText[])[HandMade.EchoText(3000, 2), EncodedText.FromString(string.Concat(Enumerable.Repeat("ab", 1500)))])
        {
            var notices = new List<UnitNotice>();
            var folder = Folder($"healthy-{text.Sha256[..6]}");
            var settings = SettingsOf(text, 1e-6, 5_500) with { HiddenSize = 6, Init = "made" };
            using var writer = RunWriter.Create(new FaultyFileSystem(Fault.None, 0), folder, settings);
            using var run = TrainingRun<float>.Begin(writer, settings, text, HandMade.Model(text, HandMade.ShiftRegister(6)), null, new Listener(notices));
            run.Train(() => false);
            Assert.Empty(notices);
        }
    }

    private static NetworkWeights<double> Ticking(int units)
    {
        var weights = new NetworkWeights<double>(new NetworkShape(units, 2));
        for (var i = 0; i < units; i++)
        {
            weights.Vanilla.W[(i * units) + i] = -3;
            (weights.Vanilla.U[2 * i], weights.Vanilla.U[(2 * i) + 1]) = (-0.2, 0.2);
        }

        return weights;
    }

    private static RunExplanation Explain(string folder, EncodedText text)
    {
        var run = RunFolder.Open(folder);
        return RunExplainer.Explain(run, ModelFile.Read(run.BestWeights), text);
    }

    /// <summary>Each finding says what is seen and what to do, in numbers that are there.</summary>
    private static void AssertSaid(RunExplanation explanation) => Assert.All(ExplanationFindings.Of(explanation), finding =>
        Assert.True(finding.Seen.Length > 20 && finding.Seen.EndsWith('.') && finding.Advice.EndsWith('.') && !finding.Seen.Contains("NaN", StringComparison.Ordinal), $"{finding.Seen} | {finding.Advice}"));

    private static RunConfiguration SettingsOf(EncodedText text, double eta, long steps) => Settings(steps) with
    {
        TextSha256 = text.Sha256,
        TextLength = text.Length,
        Vocabulary = text.Vocabulary.ToString(),
        SequenceLength = 25,
        Eta = eta,
        SampleEvery = 0,
        LogEvery = 20,
    };

    private static void Begin(string folder, EncodedText text, double eta, long steps)
    {
        var settings = SettingsOf(text, eta, steps);
        using var writer = RunWriter.Create(new FaultyFileSystem(Fault.None, 0), folder, settings);
        using var run = TrainingRun<float>.Begin(writer, settings, text, null, null, null);
        run.Train(() => false);
    }

    private sealed class Listener(List<UnitNotice> notices) : ITrainingObserver
    {
        public void Started(TrainingStart start)
        {
        }

        public void Advanced(in CharRnn.Rnn.Training.TrainingProgress progress)
        {
        }

        public void Logged(MetricsRecord record)
        {
        }

        public void Sampled(SampleRecord record)
        {
        }

        public void Noticed(UnitNotice notice) => notices.Add(notice);

        public void Finished(TrainingResult result)
        {
        }
    }
}
