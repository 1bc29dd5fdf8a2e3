using System.Numerics;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;
using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Explain;

/// <summary>Finds out from a run's best weights, its records and its text why it went as it did. It takes a second or two: what is read shrinks as the network grows.</summary>
public static class RunExplainer
{
    /// <summary>The state settles over so many characters before it is watched.</summary>
    internal const int WarmUp = 100;

    /// <summary>Characters over which units are watched.</summary>
    internal const int Watched = 2000;

    private const int Stretch = 512, MostEpochs = 4, PointsAnEpoch = 500, LargestEigenproblem = 1024;

    // Multiplications of each part: some seconds together on one core.
    private const double WorkOfMemory = 6e9, WorkOfGradient = 2e9, WorkOfPositions = 3e10;

    /// <summary>Explains a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="model">Its best weights.</param>
    /// <param name="text">Its text, with what was held out of it.</param>
    /// <param name="progress">Told of each stage; null where nobody watches.</param>
    /// <exception cref="InvalidTextException">The text has characters that the model lacks.</exception>
    /// <exception cref="InvalidRunException">A line of the run's metrics is damaged.</exception>
    /// <exception cref="OperationCanceledException">The work was asked to stop.</exception>
    public static RunExplanation Explain(RunFolder folder, ModelFile model, EncodedText text, WorkProgress? progress = null)
    {
        progress ??= new WorkProgress((_, _) => { });
        var configuration = folder.Configuration;
        text = text.WithVocabulary(model.Vocabulary).Part(0, configuration.TrainingLength);
        int sequenceLength = configuration.SequenceLength, block = Math.Min(sequenceLength, 25);
        using var reader = new NetworkReader(model, Math.Max(sequenceLength, block));
        // From h = 0 some networks fall into a rut that they never met in training.
        var hidden = model.Hidden<double>();
        var carried = hidden?.Length >= reader.StateSize ? hidden[..reader.StateSize] : new double[reader.StateSize];   // the first stream's

        progress.Begin("units", 0.2, 1);
        var (layers, gates) = Watch(reader, model, text, carried);
        progress.Begin("memory", 0.25, 1);
        var memory = MemoryCurve.Measure(reader, text, carried, (int)Math.Clamp(WorkOfMemory / reader.Cost / ((2 * MemoryCurve.Reaches.Sum()) + MemoryCurve.WarmUp), 50, 800));
        progress.Begin("gradient", 0.1, 1);
        var gradient = GradientReach.Measure(reader, text, carried, (int)Math.Clamp(WorkOfGradient / reader.Cost / GradientReach.CharactersAPlace, 5, 50));
        progress.Begin("text", 0.4, 100);
        var tenth = 0;
        var positions = LossByPosition.Measure(reader, text, block, sequenceLength, (long)Math.Max(10_000, WorkOfPositions / reader.Cost), share =>
        {
            for (; tenth < (int)(100 * share); tenth++)
            {
                progress.Advance();
            }
        });
        var epochs = Epochs(folder);
        var whole = epochs.Where(epoch => epoch.IsWhole).Select(epoch => epoch.Curve).ToList();
        return new RunExplanation
        {
            Step = model.Metadata.TryGetValue("step", out var step) && long.TryParse(step, out var number) ? number : 0,
            HiddenSize = model.Shape.HiddenSize,
            SequenceLength = sequenceLength,
            TextLength = text.Length,
            CharactersWatched = Watched,
            Layers = layers,
            Gates = gates,
            Memory = memory,
            Gradient = gradient,
            ByPosition = positions,
            EpochStart = EpochStart.Measure(reader, text.Part(0, configuration.StreamLength), sequenceLength),
            Epochs = [.. epochs.Select(epoch => epoch.Curve)],
            EpochsAlike = whole.Count > 1 ? Finite(whole[^1].Correlation(whole[^2].At)) : null,
            TextAlike = whole.Count > 0 && positions.CharactersRead + (2 * block) >= text.Length ? Finite(whole[^1].Correlation(position => At(positions, position))) : null,
            RiseAfterEpochStart = Rise(whole),
            FirstUpdate = FirstUpdate.Replay(configuration, text),
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double At(LossByPosition positions, double position) => positions.Smooth[Math.Clamp((int)(position / positions.BlockLength), 0, positions.Smooth.Count - 1)];

    private static (IReadOnlyList<LayerHealth> Layers, IReadOnlyList<GateTrace> Gates) Watch(NetworkReader reader, ModelFile model, EncodedText text, double[] carried)
    {
        var characters = StateTrace.Characters(text, 0, WarmUp + Watched);
        reader.SetState(carried);
        var trace = StateTrace.Read(reader, characters, WarmUp);
        var weights = model.Weights<double>();
        var gates = GateTrace.Measure(ReferenceNetwork<double>.From(weights), trace, characters.AsSpan(WarmUp));
        new Random(1).Shuffle(characters);
        reader.SetState(carried);
        var shuffled = StateTrace.Read(reader, characters, WarmUp);
        return ([.. reader.Layers.Select(Health)], gates);

        LayerHealth Health(StateLayer layer, int number)
        {
            var activations = trace.Of(layer);
            return new(layer.Name, UnitCensus.Of(activations, layer.Units), UnitCensus.Of(shuffled.Of(layer), layer.Units), Eigenvalues(number), Spectra.Power(activations, layer.Units, Stretch));
        }

        Complex[] Eigenvalues(int layer) => model.Shape.Cell == Vanilla.Description && model.Shape.HiddenSize <= LargestEigenproblem
            ? Spectra.Eigenvalues(weights[NetworkParameter.NameOf(model.Shape, layer, "W")], model.Shape.HiddenSize) : [];
    }

    /// <summary>The smooth loss of the last epochs by position; whole ones have records from beginning to end.</summary>
    private static List<(EpochCurve Curve, bool IsWhole)> Epochs(RunFolder folder)
    {
        var configuration = folder.Configuration;
        var perEpoch = configuration.StepsPerEpoch;
        // Several streams are at several places at once, and pieces at any: their loss has no position.
        var records = configuration.Streams == 1 && configuration.Order == TextOrder.Sequential ? folder.ReadMetrics().Where(record => record.Step > 0) : [];
        var scale = configuration.MeanLoss ? configuration.SequenceLength : 1.0;
        var curves = new List<(EpochCurve, bool)>();
        foreach (var epoch in records.GroupBy(record => record.Epoch).OrderBy(group => group.Key).TakeLast(MostEpochs))
        {
            MetricsRecord[] lines = [.. epoch.DistinctBy(record => record.Step).OrderBy(record => record.Step)];
            var every = 1 + (lines.Length / PointsAnEpoch);
            (double, double)[] points = [.. lines.Where((_, i) => i % every == 0).Select(record => (((double)((record.Step - 1) % perEpoch) + 1) * configuration.SequenceLength, record.SmoothLoss * scale))];
            curves.Add((new EpochCurve(epoch.Key, points), lines.Length >= 20 && lines[^1].Step - lines[0].Step > 0.9 * perEpoch));
        }

        return curves;
    }

    /// <summary>From where each epoch after the first begins to its highest point in the first fifth, on average.</summary>
    private static double? Rise(List<EpochCurve> epochs)
    {
        double[] rises = [.. epochs.Where(epoch => epoch.Epoch > 1).Select(epoch => epoch.Points.Take(1 + (epoch.Points.Count / 5)).Max(point => point.SmoothLoss) - epoch.Points[0].SmoothLoss)];
        return rises.Length > 0 ? rises.Average() : null;
    }
}
