using System.Numerics;
using System.Text.Json;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>The extra tasks of a lab, as <c>charrnn lab --bonus</c> leaves them in bonus.json of the run's folder.</summary>
/// <param name="Sampling">Temperature and nucleus sampling, each at a low, a middle and a high value.</param>
/// <param name="Trainings">Short trainings that read the text in other orders, and in several places at once; none where the text is too short.</param>
public sealed record BonusReport(IReadOnlyList<SamplingTrial> Sampling, IReadOnlyList<TrainingTrial> Trainings)
{
    /// <summary>The characters that each trial's share of real words is taken over, and those of them that are kept to be read.</summary>
    public const int CharactersWritten = 10_000, CharactersKept = 300;

    private static readonly (string Method, double Value)[] Trials =
    [
        (SamplingTrial.Temperature, 0.4), (SamplingTrial.Temperature, 0.7), (SamplingTrial.Temperature, 1.3),
        (SamplingTrial.Nucleus, 0.5), (SamplingTrial.Nucleus, 0.8), (SamplingTrial.Nucleus, 0.95),
    ];

    /// <summary>Those of <see cref="Trainings"/> that differ in the order only.</summary>
    public IEnumerable<TrainingTrial> Orders => Trainings.Where(trial => trial.Streams == 1);

    /// <summary>Those of <see cref="Trainings"/> that differ in the number of streams only.</summary>
    public IEnumerable<TrainingTrial> Streams => Trainings.Where(trial => trial.Order == TextOrder.Sequential);

    /// <summary>Does the tasks.</summary>
    /// <typeparam name="T">The model's element type.</typeparam>
    /// <param name="configuration">The run's settings; every trial draws its characters from the same stream, that of the run's seed.</param>
    /// <param name="model">The weights of the lowest loss.</param>
    /// <param name="text">The run's text.</param>
    /// <param name="words">Its words.</param>
    /// <param name="progress">Told what is being done and which part of it is, from 0 to 1.</param>
    public static BonusReport Make<T>(RunConfiguration configuration, ModelFile model, EncodedText text, TextWords words, Action<string, double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new([.. Trials.Select(trial => Try<T>(model, words, configuration.Seed, trial.Method, trial.Value))], TrainingTrials.Make<T>(configuration, text, progress));

    /// <summary>One JSON object.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("sampling");
        foreach (var trial in Sampling)
        {
            trial.WriteJson(json);
        }

        json.WriteEndArray();
        json.WriteStartArray("trainings");
        foreach (var trial in Trainings)
        {
            trial.WriteJson(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads bonus.json.</summary>
    /// <exception cref="FormatException">It is not what a lab writes.</exception>
    public static BonusReport FromJson(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return new(
                [.. document.RootElement.GetProperty("sampling").EnumerateArray().Select(SamplingTrial.FromJson)],
                [.. document.RootElement.GetProperty("trainings").EnumerateArray().Select(TrainingTrial.FromJson).Where(trial => trial.Points.Count > 0)]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException("it is not what charrnn lab --bonus writes", exception);
        }
    }

    private static SamplingTrial Try<T>(ModelFile model, TextWords words, ulong seed, string method, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = new SamplingSettings { Seed = seed, Temperature = method == SamplingTrial.Temperature ? value : 1, TopP = method == SamplingTrial.Nucleus ? value : 1 };
        using var network = Network<T>.Create(model.Shape, 1);
        network.Load(model.Weights<T>());
        // From h = 0 some networks fall into a rut that they never met in training.
        if (model.Hidden<T>() is { } carried)
        {
            network.SetHidden(carried);
        }

        var writer = new Writer<T>(network, model.Vocabulary, new Sampler(settings, model.Shape.VocabularySize));
        writer.ReadLineEnd();
        var written = string.Concat(writer.Write(CharactersWritten));
        WrittenWord[] counted = [.. WordReport.WholeWords(written).Where(word => word.Text.Length >= WordReport.ShortestCounted)];
        return new(method, value, Beginning(written), counted.Length, counted.Count(word => words.Contains(word.Text)));
    }

    private static string Beginning(string text) => text.Length <= CharactersKept ? text : text[..(char.IsHighSurrogate(text[CharactersKept - 1]) ? CharactersKept - 1 : CharactersKept)];
}
