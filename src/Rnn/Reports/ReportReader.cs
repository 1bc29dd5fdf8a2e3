using System.Globalization;
using System.Numerics;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Gradients;
using CharRnn.Rnn.Reports.HiddenUnits;
using CharRnn.Rnn.Reports.Html;
using CharRnn.Rnn.Reports.Speed;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Reports;

/// <summary>Gathers what the report shows from a run's folder and its text.</summary>
public static class ReportReader
{
    private const int CharactersRead = 20_000, PassageLength = 360;

    /// <summary>The characters of the text whose words count as real: enough for any novel.</summary>
    public const int CharactersOfWords = 20_000_000;

    /// <summary>Reads a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="name">What the report calls it.</param>
    /// <param name="watched">Words whose first appearance is asked for.</param>
    /// <param name="learned">The text that was learned, where the caller has it still; otherwise it is read from where it came.</param>
    /// <exception cref="InvalidRunException">A file of the run is damaged.</exception>
    public static ReportRun Read(RunFolder folder, string name, IReadOnlyList<string> watched, EncodedText? learned = null)
    {
        var settings = folder.Configuration;
        var notes = new List<string>();
        MetricsRecord[] metrics = [.. folder.ReadMetrics()];
        var losses = Losses(metrics);
        WrittenSample[] samples = [.. folder.ReadSamples().Select(record => new WrittenSample(record.Step, (int)record.Epoch, record.SmoothLoss ?? double.NaN, record.Text))];
        var text = learned ?? ReadText(settings, notes);
        var words = text is null ? null : new TextWords(Decode(text, 0, (int)Math.Min(text.Length, CharactersOfWords)));
        var bestModel = ReadModel(folder.BestWeights, "the hidden units are left out", notes);
        (var bestStep, var bestLoss) = Best(bestModel, losses);
        var vocabularySize = Vocabulary.FromText(settings.Vocabulary).Size;
        (var gradients, var gradientProblem) = ReadResult(folder, RunFolder.GradientCheckName, GradientReport.FromJson);
        (var bonus, var bonusProblem) = ReadResult(folder, RunFolder.BonusName, BonusReport.FromJson);
        if (bonusProblem is not null)
        {
            notes.Add(bonusProblem);
        }

        (var speed, var speedProblem) = ReadResult(folder, RunFolder.BenchmarkName, SpeedReport.FromJson);
        return new ReportRun
        {
            Name = name,
            Configuration = settings,
            HasMeanLoss = settings.MeanLoss,
            Folder = Path.GetFullPath(folder.Path),
            TextName = settings.Text switch { null => "the built-in tale", "-" => "a text from standard input", var path => Path.GetFileName(path) },
            TextLength = settings.TextLength,
            UpdatesPerEpoch = settings.StepsPerEpoch,
            IsReadInOrder = settings.Streams == 1 && settings.Order == TextOrder.Sequential,
            Validations = [.. metrics.Where(record => record.ValidationLoss is { } loss && double.IsFinite(loss)).Select(record => (record.Step, record.ValidationLoss!.Value))],
            HiddenSize = settings.HiddenSize,
            VocabularySize = vocabularySize,
            SequenceLength = settings.SequenceLength,
            Processor = settings.Processor,
            Settings = Settings(settings),
            Machine = Machine(settings),
            Losses = losses,
            Samples = samples,
            UpdatesDone = StepOf(ReadModel(folder.LastWeights, null, notes)),
            BestPassage = folder.ReadBestText(),
            BestStep = bestStep,
            BestSmoothLoss = bestLoss,
            TextWords = words,
            Words = words is null || samples.Length == 0 ? null : WordReport.Create(words, samples, watched),
            HiddenUnits = text is null || bestModel is null ? null : ReadHiddenUnits(bestModel, text, notes),
            Explanation = text is null || bestModel is null ? null : ReadExplanation(folder, bestModel, text),
            Gradients = gradients,
            GradientProblem = gradientProblem,
            GradientCommand = $"charrnn gradcheck{Network(settings)} --hidden {Math.Min(settings.HiddenSize, 512)} --vocabulary {Math.Min(vocabularySize, 4096)} --seq-length {Math.Min(settings.SequenceLength, 1000)} --json > {ResultPath(folder, RunFolder.GradientCheckName)}",
            Speed = speed,
            SpeedProblem = speedProblem,
            Bonus = bonus,
            SpeedCommand = $"charrnn bench --hidden {settings.HiddenSize} --vocabulary {vocabularySize} --seq-length {settings.SequenceLength}{(settings.Precision == Precision.Double ? " --precision double" : "")} --json > {ResultPath(folder, RunFolder.BenchmarkName)}",
            Notes = notes,
        };
    }

    /// <summary>What a check of gradients must be told of a network, where that is not what it takes by itself.</summary>
    private static string Network(RunConfiguration settings) => string.Concat(
        settings.Preset == Preset.Adam ? " --preset adam" : "",
        settings.Cell == "vanilla" ? "" : $" --cell {settings.Cell}",
        settings.Layers == 1 ? "" : $" --layers {settings.Layers}",
        settings.MeanLoss == (settings.Preset == Preset.Adam) ? "" : $" --loss {(settings.MeanLoss ? "mean" : "sum")}");

    /// <summary>The metrics in the order of their updates, each update once.</summary>
    private static LossPoint[] Losses(IEnumerable<MetricsRecord> metrics)
    {
        LossPoint[] losses = [.. metrics.Where(record => record.Step > 0).Select(record => new LossPoint(record.Step, (int)record.Epoch, record.Loss, record.SmoothLoss, record.ElapsedSeconds))];
        var ordered = Enumerable.Range(1, Math.Max(0, losses.Length - 1)).All(i => losses[i].Step > losses[i - 1].Step);
        return ordered ? losses : [.. losses.OrderBy(point => point.Step).DistinctBy(point => point.Step)];
    }

    /// <summary>The lowest smooth loss: the metrics may not have a line for its update, the best weights know it.</summary>
    private static (long Step, double SmoothLoss) Best(ModelFile? model, LossPoint[] losses)
    {
        var logged = losses.Where(point => double.IsFinite(point.SmoothLoss)).MinBy(point => point.SmoothLoss) ?? new LossPoint(0, 0, double.NaN, double.NaN, 0);
        return StepOf(model) is > 0 and var step && model!.Metadata.TryGetValue("smooth_loss", out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var loss) && !(loss > logged.SmoothLoss)
            ? (step, loss) : (logged.Step, logged.SmoothLoss);
    }

    private static long StepOf(ModelFile? model) =>
        model is not null && model.Metadata.TryGetValue("step", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0;

    private static ReportFact[] Settings(RunConfiguration settings) =>
    [
        new("text", settings.Text ?? "the built-in tale"),
        new("SHA-256 of the text", settings.TextSha256),
        new("characters of the text", settings.TextLength.ToString("#,0", CultureInfo.InvariantCulture)),
        new("distinct characters (K)", Vocabulary.FromText(settings.Vocabulary).Size.ToString(CultureInfo.InvariantCulture)),
        new("hidden units (m)", settings.HiddenSize.ToString(CultureInfo.InvariantCulture)),
        new("characters a chunk (T)", settings.SequenceLength.ToString(CultureInfo.InvariantCulture)),
        new("updates an epoch", settings.StepsPerEpoch.ToString("#,0", CultureInfo.InvariantCulture)),
        new("preset", settings.Preset ?? "not recorded"),
        new("optimiser", settings.Optimizer),
        new("losses and gradients are", settings.MeanLoss ? "means over a chunk" : "sums over a chunk"),
        new("learning rate (eta)", settings.Eta.ToString("R", CultureInfo.InvariantCulture)),
        .. Order(settings),
        new("gradients clipped to", double.IsPositiveInfinity(settings.Clip) ? "off" : $"±{settings.Clip.ToString("R", CultureInfo.InvariantCulture)}"),
        new("seed", settings.Seed.ToString(CultureInfo.InvariantCulture)),
        new("weights began", settings.Init is not null ? $"from {settings.Init}" : settings.WeightStart == WeightStart.Scaled ? "drawn from N(0, 1/(2m)) for W, N(0, 1/(2K)) for U, N(0, 1/m) for V, biases 0" : "drawn from N(0, 0.01²), biases 0"),
        new("precision", settings.Precision == Precision.Double ? "double" : "single"),
        new("updates asked for", settings.TotalSteps.ToString("#,0", CultureInfo.InvariantCulture)),
        .. settings.Changes.Where(change => change.Setting != "processor").Select(change => new ReportFact($"changed after update {change.Step:#,0}", $"{change.Setting}: {Or(change.From)} → {Or(change.To)}")),
    ];

    /// <summary>What is not as the textbooks have it in how the text is read, what is held out of it and how the learning rate changes.</summary>
    private static IEnumerable<ReportFact> Order(RunConfiguration settings)
    {
        if (settings.WarmUp > 0)
        {
            yield return new("it rises over updates", settings.WarmUp.ToString("#,0", CultureInfo.InvariantCulture));
        }

        if (settings.Schedule != LearningRateSchedule.Constant)
        {
            yield return new("it falls", $"to {settings.LeastEta.ToString("R", CultureInfo.InvariantCulture)}, {(settings.Schedule == LearningRateSchedule.Linear ? "in a line" : "in half a cosine")}");
        }

        if (settings.Order != TextOrder.Sequential)
        {
            yield return new("the text is read", settings.Order == TextOrder.Pieces ? $"in {settings.Pieces} pieces, in an order drawn anew for each epoch" : "at random places");
        }

        if (settings.IsValidated)
        {
            yield return new("held out", settings.ValidationPath is { } path ? path : $"the last {settings.HeldOut.ToString("#,0", CultureInfo.InvariantCulture)} characters");
        }
    }

    private static ReportFact[] Machine(RunConfiguration settings) =>
    [
        new("processor", Or(settings.Processor, "not recorded by the version that trained")),
        .. settings.Changes.Where(change => change.Setting == "processor").Select(change => new ReportFact($"processor up to update {change.Step:#,0}", Or(change.From, "not recorded"))),
        new("kernels", settings.Kernels),
        new("charrnn", settings.Version),
    ];

    private static string Or(string text, string otherwise = "none") => text.Length > 0 ? text : otherwise;

    private static string ResultPath(RunFolder folder, string name) => Markup.ShellWord(Path.Combine(folder.Path, name));

    /// <summary>What another command has put into the run's folder: nothing where it has not, and why where that cannot be read.</summary>
    private static (TResult? Result, string? Problem) ReadResult<TResult>(RunFolder folder, string name, Func<byte[], TResult> parse)
        where TResult : class
    {
        try
        {
            return (parse(File.ReadAllBytes(Path.Combine(folder.Path, name))), null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            return (null, $"{name} in the run’s folder cannot be used: {exception.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>A model of the run; null, and a note where one is asked for, if there is none or it is damaged.</summary>
    private static ModelFile? ReadModel(string path, string? consequence, List<string> notes)
    {
        try
        {
            return ModelFile.Read(path);
        }
        catch (Exception exception) when (exception is SafetensorsException or IOException or UnauthorizedAccessException)
        {
            if (consequence is not null)
            {
                notes.Add($"{Path.GetFileName(path)} cannot be read, so {consequence}: {exception.Message.TrimEnd('.')}.");
            }

            return null;
        }
    }

    private static EncodedText? ReadText(RunConfiguration settings, List<string> notes)
    {
        if (settings.Text == "-")
        {
            notes.Add("The text came from standard input, so words and hidden units are left out.");
            return null;
        }

        try
        {
            var text = settings.TextNames is [] ? BuiltInText.Read() : TextFile.Read(settings.TextNames);
            if (text.Sha256 == settings.TextSha256)
            {
                return settings.Read(text, out _);
            }

            notes.Add("The text has changed since the training, so words and hidden units are left out.");
        }
        catch (InvalidTextException exception)
        {
            notes.Add($"The text cannot be read any more, so words and hidden units are left out: {exception.Message}.");
        }

        return null;
    }

    private static HiddenUnitReport? ReadHiddenUnits(ModelFile model, EncodedText text, List<string> notes)
    {
        try
        {
            return model.Type == TensorType.F64 ? ReadHiddenUnits<double>(model, text) : ReadHiddenUnits<float>(model, text);
        }
        catch (InvalidTextException exception)
        {
            notes.Add($"{RunFolder.BestName} is not a model of this text, so the hidden units are left out: {exception.Message}.");
            return null;
        }
    }

    /// <summary>Null where the model is not one of this text, which the notes have said then.</summary>
    private static RunExplanation? ReadExplanation(RunFolder folder, ModelFile model, EncodedText text)
    {
        try
        {
            return RunExplainer.Explain(folder, model, text);
        }
        catch (InvalidTextException)
        {
            return null;
        }
    }

    private static HiddenUnitReport ReadHiddenUnits<T>(ModelFile model, EncodedText text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        text = text.WithVocabulary(model.Vocabulary);
        int m = model.Shape.HiddenSize, length = (int)Math.Min(text.Length, Math.Min(CharactersRead, 40_000_000 / m));
        var characters = new int[length];
        text.CopyTo(0, characters);
        using var network = Network<T>.Create(model.Shape, 1);
        network.Load(model.Weights<T>(), null);
        // From h = 0 some networks fall into a rut that they never met in training.
        if (model.Hidden<T>() is { } carried)
        {
            network.SetHidden(carried);
        }

        // What V reads: the first state of the last layer.
        var hidden = new T[network.StateSize];
        var first = hidden.Length - (model.Shape.Cell.States.Count * m);
        var activations = new float[length * m];
        for (var t = 0; t < length; t++)
        {
            network.Step(characters[t], []);
            network.CopyHidden(hidden);
            for (var unit = 0; unit < m; unit++)
            {
                activations[t * m + unit] = float.CreateTruncating(hidden[first + unit]);
            }
        }

        string[] names = [.. characters.Select(index => text.Vocabulary[index].ToString())];
        var map = new ActivationMap(names, m, activations);
        return new HiddenUnitReport(map.Slice(map.LiveliestStretch(PassageLength), Math.Min(PassageLength, length)), map.Findings(), length);
    }

    private static string Decode(EncodedText text, long start, int length)
    {
        var indices = new int[length];
        text.CopyTo(start, indices);
        return text.Vocabulary.Decode(indices);
    }
}
