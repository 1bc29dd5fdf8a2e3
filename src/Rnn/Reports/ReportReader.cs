using System.Globalization;
using System.Numerics;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reports.HiddenUnits;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Reports;

/// <summary>Gathers what the report shows from a run's folder and its text.</summary>
public static class ReportReader
{
    private const int CharactersRead = 20_000, PassageLength = 360;

    /// <summary>Reads a run.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="name">What the report calls it.</param>
    /// <param name="watched">Words whose first appearance is asked for.</param>
    /// <exception cref="InvalidRunException">A file of the run is damaged.</exception>
    public static ReportRun Read(RunFolder folder, string name, IReadOnlyList<string> watched)
    {
        RunConfiguration settings = folder.Configuration;
        LossPoint[] losses = [.. folder.ReadMetrics().Select(record => new LossPoint(record.Step, (int)record.Epoch, record.Loss, record.SmoothLoss, record.ElapsedSeconds))];
        // Before the first update there is no smooth loss yet; the first one recorded is the nearest to it.
        double first = losses.Length > 0 ? losses[0].SmoothLoss : double.NaN;
        WrittenSample[] samples = [.. folder.ReadSamples().Select(record => new WrittenSample(record.Step, (int)record.Epoch, record.SmoothLoss ?? first, record.Text))];
        var notes = new List<string>();
        EncodedText? text = ReadText(settings, notes);
        TextWords? words = text is null ? null : new TextWords(Decode(text, 0, (int)Math.Min(text.Length, 20_000_000)));
        LossPoint best = losses.Length > 0 ? losses.MinBy(point => point.SmoothLoss) : default;
        return new ReportRun
        {
            Name = name,
            TextName = settings.Text switch { null => "the built-in tale", "-" => "a text from standard input", var path => Path.GetFileName(path) },
            TextLength = settings.TextLength,
            HiddenSize = settings.HiddenSize,
            VocabularySize = Vocabulary.FromText(settings.Vocabulary).Size,
            SequenceLength = settings.SequenceLength,
            Settings =
            [
                new("text", settings.Text ?? "built-in tale"),
                new("SHA-256 of the text", settings.TextSha256),
                new("hidden units", settings.HiddenSize.ToString(CultureInfo.InvariantCulture)),
                new("characters a chunk", settings.SequenceLength.ToString(CultureInfo.InvariantCulture)),
                new("eta", settings.Eta.ToString("R", CultureInfo.InvariantCulture)),
                new("clip", double.IsPositiveInfinity(settings.Clip) ? "off" : settings.Clip.ToString("R", CultureInfo.InvariantCulture)),
                new("seed", settings.Seed.ToString(CultureInfo.InvariantCulture)),
                new("precision", settings.Precision == Precision.Double ? "double" : "single"),
                new("updates asked for", settings.TotalSteps.ToString("#,0", CultureInfo.InvariantCulture)),
            ],
            Machine = [new("kernels", settings.Kernels), new("charrnn", settings.Version)],
            Losses = losses,
            Samples = samples,
            BestPassage = folder.ReadBestText(),
            BestStep = best.Step,
            BestSmoothLoss = best.SmoothLoss,
            TextWords = words,
            Words = words is null || samples.Length == 0 ? null : WordReport.Create(words, samples, watched),
            HiddenUnits = text is null ? null : ReadHiddenUnits(folder, text, notes),
            Notes = notes,
        };
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
            EncodedText text = settings.Text is null ? BuiltInText.Read() : TextFile.Read(settings.TextPath ?? settings.Text);
            if (text.Sha256 == settings.TextSha256) return text.WithVocabulary(Vocabulary.FromText(settings.Vocabulary));
            notes.Add("The text has changed since the training, so words and hidden units are left out.");
        }
        catch (InvalidTextException exception)
        {
            notes.Add($"The text cannot be read any more, so words and hidden units are left out: {exception.Message}.");
        }
        return null;
    }

    private static HiddenUnitReport? ReadHiddenUnits(RunFolder folder, EncodedText text, List<string> notes)
    {
        try
        {
            ModelFile model = ModelFile.Read(folder.BestWeights);
            return model.Type == TensorType.F64 ? ReadHiddenUnits<double>(model, text) : ReadHiddenUnits<float>(model, text);
        }
        catch (Exception exception) when (exception is SafetensorsException or IOException or InvalidTextException)
        {
            notes.Add($"The hidden units are left out, for {RunFolder.BestName} cannot be read: {exception.Message}.");
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
        using var network = new Network<T>(model.Shape, 1);
        network.Load(model.Weights<T>(), null);
        var logits = new T[model.Shape.VocabularySize];
        var hidden = new T[m];
        var activations = new float[length * m];
        for (int t = 0; t < length; t++)
        {
            network.Step(characters[t], logits);
            network.CopyHidden(hidden);
            for (int unit = 0; unit < m; unit++) activations[t * m + unit] = float.CreateTruncating(hidden[unit]);
        }
        string[] names = [.. characters.Select(index => text.Vocabulary[index].ToString())];
        var map = new ActivationMap(names, m, activations);
        // The passage starts a little before a quotation where there is one, past the first lines.
        int from = Math.Max(0, Math.Min(length - PassageLength, Array.FindIndex(names, Math.Min(500, length - 1), character => character is "\"" or "“" or "«") - 40));
        return new HiddenUnitReport(map.Slice(from, Math.Min(PassageLength, length - from)), map.Findings(), length);
    }

    private static string Decode(EncodedText text, long start, int length)
    {
        var indices = new int[length];
        text.CopyTo(start, indices);
        return text.Vocabulary.Decode(indices);
    }
}
