using System.Globalization;
using System.Numerics;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>All that a training goes on from: weights, the optimiser's slots, hidden state and the place in the text. A copy, apart from the network.</summary>
internal sealed class RunState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A state with room for a copy of a network's.</summary>
    public RunState(Network<T> network) =>
        (Weights, Slots, Hidden) = (new(network.Shape), network.ExportSlots(), new T[network.StateSize]);

    private RunState(NetworkWeights<T> weights, IReadOnlyList<NetworkWeights<T>> slots, T[] hidden, TrainingProgress progress) =>
        (Weights, Slots, Hidden, Progress) = (weights, slots, hidden, progress);

    public NetworkWeights<T> Weights { get; }

    public IReadOnlyList<NetworkWeights<T>> Slots { get; }

    public T[] Hidden { get; }

    public TrainingProgress Progress { get; private set; }

    public bool IsFinite => Weights.AllFinite && Slots.All(slot => slot.AllFinite) && Array.TrueForAll(Hidden, T.IsFinite);

    public void CopyFrom(Network<T> network, TrainingProgress progress)
    {
        network.ExportWeights(Weights);
        network.ExportSlots(Slots);
        network.CopyHidden(Hidden);
        Progress = progress;
    }

    public void CopyTo(Network<T> network)
    {
        network.Load(Weights, Slots);
        network.SetHidden(Hidden);
        network.Updates = Progress.Step;
    }

    /// <summary>The file of this state. Only what determines the training stands in it, so that equal trainings give equal bytes.</summary>
    public SafetensorsFile ToFile(RunConfiguration configuration) => ModelFile.Create(
        Text.Vocabulary.FromText(configuration.Vocabulary), Weights, new(configuration.Optimizer, Slots), Hidden,
        [
            .. Settings(configuration),
            new("step", Number(Progress.Step)),
            new("epoch", Number(Progress.Epoch)),
            new("position", Number(Progress.Position)),
            new("loss", Number(Progress.Loss)),
            new("smooth_loss", Number(Progress.SmoothLoss)),
            new("best_smooth_loss", Number(Progress.BestSmoothLoss)),
            new("best_step", Number(Progress.BestStep)),
            .. configuration.IsValidated ? Validation(Progress) : [],
        ]);

    /// <summary>The file of the best weights, which says what they were chosen by, with the state to write on from.</summary>
    public static SafetensorsFile BestFile(RunConfiguration configuration, NetworkWeights<T> weights, T[] hidden, TrainingProgress progress) => ModelFile.Create(
        Text.Vocabulary.FromText(configuration.Vocabulary), weights, null, hidden,
        [
            .. Settings(configuration), new("step", Number(progress.BestStep)), new("smooth_loss", Number(progress.BestSmoothLoss)),
            .. configuration.IsValidated ? (KeyValuePair<string, string>[])[new("chosen_by", "validation_loss"), new("validation_loss", Number(progress.BestValidationLoss))] : [],
        ]);

    /// <summary>Reads a state back.</summary>
    /// <exception cref="SafetensorsException">The file is no state of this run.</exception>
    public static RunState<T> From(ModelFile file, RunConfiguration configuration)
    {
        foreach ((var name, var value) in Settings(configuration))
        {
            if (name is not ("eta" or "clip") && Text(name) != value)
            {
                throw Invalid($"its {name} is {Text(name)}, the run's is {value}");
            }
        }

        if (file.Vocabulary.ToString() != configuration.Vocabulary)
        {
            throw Invalid("its vocabulary is not the run's");
        }

        if (file.Shape != configuration.Shape(file.Shape.VocabularySize))
        {
            throw Invalid($"its network is {file.Shape}");
        }

        if (file.Type != (typeof(T) == typeof(float) ? TensorType.F32 : TensorType.F64))
        {
            throw Invalid("its precision is not the run's");
        }

        if (file.Slots<T>(configuration.Optimizer) is not { } slots || file.Hidden<T>(configuration.Streams) is not { } hidden)
        {
            throw Invalid("it lacks the optimiser's slots or the hidden state");
        }

        var progress = new TrainingProgress(Whole("step"), Whole("epoch"), Whole("position"), Real("loss"), Real("smooth_loss"), Real("best_smooth_loss"), Whole("best_step"));
        if (configuration.IsValidated)
        {
            progress = progress with { ValidationLoss = Real("validation_loss"), BestValidationLoss = Real("best_validation_loss"), ValidationsSinceBest = Whole("validations_since_best") };
        }

        if (progress.Position > configuration.TrainingLength || progress.Epoch < 1 || progress.BestStep > progress.Step || progress.Step > RunConfiguration.MostSteps)
        {
            throw Invalid("its place in the text is outside it");
        }

        // Before the first update there are no losses yet.
        if (progress.Step > 0 && !(double.IsFinite(progress.Loss) && double.IsFinite(progress.SmoothLoss) && (configuration.IsValidated || double.IsFinite(progress.BestSmoothLoss))))
        {
            throw Invalid($"its losses are {progress.Loss}, {progress.SmoothLoss} and at best {progress.BestSmoothLoss}");
        }

        return new RunState<T>(file.Weights<T>(), slots, hidden, progress);

        string Text(string name) => file.Metadata.TryGetValue(name, out var value) ? value : throw Invalid($"its metadata lacks {name}");

        long Whole(string name) => long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Invalid($"its {name} is no number");

        double Real(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Invalid($"its {name} is no number");

        static SafetensorsException Invalid(string what) => new(SafetensorsRule.StateInvalid, $"no checkpoint of this run: {what}");
    }

    private static IEnumerable<KeyValuePair<string, string>> Settings(RunConfiguration configuration) =>
    [
        new("text_sha256", configuration.TextSha256),
        new("text_length", Number(configuration.TextLength)),
        new("hidden_size", Number(configuration.HiddenSize)),
        new("sequence_length", Number(configuration.SequenceLength)),
        new("eta", Number(configuration.Eta)),
        new("clip", Number(configuration.Clip)),
        new("seed", configuration.Seed.ToString(CultureInfo.InvariantCulture)),
        new("init_sha256", configuration.InitSha256 ?? ""),
        new("precision", configuration.Precision == Precision.Double ? "double" : "single"),
        .. configuration.IsValidated
            ? (KeyValuePair<string, string>[])[new("held_out", Number(configuration.HeldOut)), new("validation_sha256", configuration.ValidationSha256 ?? ""), new("validation_every", Number(configuration.ValidationEvery))]
            : [],
        .. configuration.OtherThanClassic().Where(setting => setting.Key is not ("cell" or "layers")),
    ];

    private static IEnumerable<KeyValuePair<string, string>> Validation(TrainingProgress progress) =>
    [
        new("validation_loss", Number(progress.ValidationLoss)),
        new("best_validation_loss", Number(progress.BestValidationLoss)),
        new("validations_since_best", Number(progress.ValidationsSinceBest)),
    ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
