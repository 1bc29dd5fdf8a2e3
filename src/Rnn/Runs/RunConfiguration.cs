using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>Everything that a run was asked to do: config.json.</summary>
public sealed record RunConfiguration
{
    /// <summary>The most hidden units.</summary>
    public const int LargestHiddenSize = 32768;

    /// <summary>The most characters a chunk.</summary>
    public const int LongestSequence = 1_000_000;

    /// <summary>The most updates, epochs, and updates between two of anything.</summary>
    public const long MostSteps = 1_000_000_000_000_000;

    /// <summary>The updates over which the learning rate rises where a run begins from weights of which the optimiser knows nothing. In them no update moves a matrix by more than a hundredth of its root mean square.</summary>
    public const long WarmUpOfStrangers = 5000;

    /// <summary>Pieces of a text that is read in pieces, where nothing else is said.</summary>
    public const int DefaultPieces = 100;

    /// <summary>The most pieces of a text that is read in pieces.</summary>
    public const int MostPieces = ModelFile.MostStreams;

    /// <summary>The most characters a sample.</summary>
    public const int LongestSample = 10_000_000;

    private static readonly IReadOnlyList<long> OneText = [0];

    /// <summary>The text as the user named it: a path, <c>-</c> for standard input, or null for the built-in tale.</summary>
    public string? Text { get; init; }

    /// <summary>The text's absolute path; null for standard input and the built-in tale.</summary>
    public string? TextPath { get; init; }

    /// <summary>The absolute paths of the files and folders that the text is made of, where they are several, or a folder; else empty.</summary>
    public IReadOnlyList<string> TextPaths { get; init; } = [];

    /// <summary>The text as a command line names it: files and folders, <c>-</c> alone for standard input, nothing for the built-in tale.</summary>
    public IReadOnlyList<string> TextNames => TextPaths.Count > 0 ? TextPaths : (TextPath ?? Text) is { } only ? [only] : [];

    /// <summary>Where in the text each of these files begins: 0 first, ascending.</summary>
    public IReadOnlyList<long> Beginnings { get; init; } = OneText;

    /// <summary>SHA-256 of the text's UTF-8 bytes.</summary>
    public required string TextSha256 { get; init; }

    /// <summary>The text's length in characters.</summary>
    public required long TextLength { get; init; }

    /// <summary>The K characters in index order.</summary>
    public required string Vocabulary { get; init; }

    /// <summary>The preset that the settings began as, one of <see cref="Runs.Preset.Names"/>; null in runs of versions that had none.</summary>
    public string? Preset { get; init; }

    /// <summary>The name of the recurrent cell.</summary>
    public string Cell { get; init; } = "vanilla";

    /// <summary>How many layers of it.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>m.</summary>
    public int HiddenSize { get; init; } = 100;

    /// <summary>Characters a chunk.</summary>
    public int SequenceLength { get; init; } = 25;

    /// <summary>The updates of the whole run; null where epochs count.</summary>
    public long? Steps { get; init; } = 100_000;

    /// <summary>The passes over the text of the whole run; null where updates count.</summary>
    public long? Epochs { get; init; }

    /// <summary>The learning rate; the highest, where it changes.</summary>
    public double Eta { get; init; } = 0.1;

    /// <summary>How the learning rate changes, one of <see cref="LearningRateSchedule.Names"/>.</summary>
    public string Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>The updates over which it rises from nothing.</summary>
    public long WarmUp { get; init; }

    /// <summary>What it falls to at the last update.</summary>
    public double LeastEta { get; init; }

    /// <summary>In which order the text is read, one of <see cref="TextOrder.Names"/>.</summary>
    public string Order { get; init; } = TextOrder.Sequential;

    /// <summary>Into how many pieces the text is cut, where it is read in pieces.</summary>
    public int Pieces { get; init; } = DefaultPieces;

    /// <summary>The largest magnitude of a gradient element; positive infinity where clipping is off (null in the file).</summary>
    public double Clip { get; init; } = 5;

    /// <summary>The largest norm of all gradients together; positive infinity where there is no such limit (null in the file).</summary>
    public double ClipNorm { get; init; } = double.PositiveInfinity;

    /// <summary>The optimiser's name.</summary>
    public string Optimizer { get; init; } = "adagrad";

    /// <summary>Adam's first factor.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's second factor.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What keeps the optimiser's divisor from zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>How many places of the text are read at once.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>The part of each layer's outputs that dropout leaves out.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether loss and gradients are means over a chunk's time steps, not sums.</summary>
    public bool MeanLoss { get; init; }

    /// <summary>How widely the matrices were drawn.</summary>
    public WeightStart WeightStart { get; init; }

    /// <summary>The seed of the weights and of the samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The absolute path of the file that the weights started from; null where they were drawn.</summary>
    public string? Init { get; init; }

    /// <summary>SHA-256 of that file.</summary>
    public string? InitSha256 { get; init; }

    /// <summary>The characters at the text's end that are held out: not trained on, but validated on. 0 for none, or where a file is.</summary>
    public long HeldOut { get; init; }

    /// <summary>The absolute path of the file that is validated on; null for none.</summary>
    public string? ValidationPath { get; init; }

    /// <summary>SHA-256 of that file's text.</summary>
    public string? ValidationSha256 { get; init; }

    /// <summary>Updates between two validations; 0 where nothing is held out.</summary>
    public long ValidationEvery { get; init; }

    /// <summary>Validations without a lower loss after which the training ends; 0 for never.</summary>
    public long Patience { get; init; }

    /// <summary>Whether characters that the model does not know are left out of the text; otherwise they are a mistake.</summary>
    public bool SkipsUnknown { get; init; }

    /// <summary>Whether text is held out, so that the best weights are those of the lowest loss on it.</summary>
    public bool IsValidated => HeldOut > 0 || ValidationPath is not null;

    /// <summary>
    /// Whether AdaGrad's first update moves weights that were just drawn: it moves each by eta, and in a vanilla network that decides what the states do afterwards.
    /// </summary>
    public bool BeginsWithAdagrad => this is { Init: null, Cell: "vanilla", Optimizer: "adagrad" };

    /// <summary>What is computed in.</summary>
    public Precision Precision { get; init; }

    /// <summary>A sample is written before the first and before every so many-th update, and at the end; 0 for none.</summary>
    public long SampleEvery { get; init; } = 10_000;

    /// <summary>Characters a sample.</summary>
    public int SampleLength { get; init; } = 200;

    /// <summary>Metrics are written every so many updates.</summary>
    public long LogEvery { get; init; } = 100;

    /// <summary>How often the run saves itself.</summary>
    public CheckpointInterval CheckpointEvery { get; init; } = CheckpointInterval.Default;

    /// <summary>How many checkpoints are kept beside the last, each under the number of its update; 0 for none.</summary>
    public int KeptCheckpoints { get; init; }

    /// <summary>The program's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The kernels that the run began on.</summary>
    public string Kernels { get; init; } = "";

    /// <summary>The processor that the run computes on, in its own words; empty in runs of versions that did not record it.</summary>
    public string Processor { get; init; } = "";

    /// <summary>The settings that resumed runs changed, oldest first.</summary>
    public IReadOnlyList<SettingsChange> Changes { get; init; } = [];

    /// <summary>Characters of the text that are trained on.</summary>
    public long TrainingLength => TextLength - HeldOut;

    /// <summary>Characters of each stream's part of the text; what is left over at its end is not read.</summary>
    public long StreamLength => TrainingLength / Streams;

    /// <summary>In which order what is trained on is read.</summary>
    public TextOrder TextOrder => TextOrder.Create(Order, [.. Beginnings.Where(beginning => beginning < TrainingLength)], TrainingLength, SequenceLength, Streams, Math.Max(Pieces, Streams), Seed);

    /// <summary>Updates an epoch: chunks of N characters of each stream and the N that follow each by one.</summary>
    public long StepsPerEpoch => TextOrder.ChunksPerEpoch;

    /// <summary>The learning rate of every update.</summary>
    public LearningRateSchedule LearningRate => new(Eta) { Name = Schedule, WarmUp = WarmUp, Least = LeastEta, Updates = TotalSteps };

    /// <summary>How the network is trained, beside its shape.</summary>
    public NetworkOptions NetworkOptions => new()
    {
        Optimizer = Optimizer, Beta1 = Beta1, Beta2 = Beta2, Epsilon = Epsilon, Streams = Streams, MeanLoss = MeanLoss, ClipNorm = ClipNorm, Dropout = Dropout, Seed = Seed,
    };

    /// <summary>A text as indices of the run's vocabulary.</summary>
    /// <param name="text">The text, or the one that is held out.</param>
    /// <param name="skipped">How many characters the run leaves out of it since it does not know them.</param>
    /// <exception cref="InvalidTextException">It has characters that the run does not know, and does not leave out; or no others.</exception>
    public EncodedText Read(EncodedText text, out long skipped)
    {
        var vocabulary = Rnn.Text.Vocabulary.FromText(Vocabulary);
        skipped = 0;
        return SkipsUnknown ? text.WithKnownOf(vocabulary, out skipped) : text.WithVocabulary(vocabulary);
    }

    /// <summary>The cell and the sizes.</summary>
    /// <param name="vocabularySize">K.</param>
    public NetworkShape Shape(int vocabularySize) => new(HiddenSize, vocabularySize) { Cell = BuiltInCells.Find(Cell) ?? Vanilla.Description, Layers = Layers };

    /// <summary>The updates of the whole run.</summary>
    public long TotalSteps => Epochs is { } epochs ? (epochs > long.MaxValue / Math.Max(1, StepsPerEpoch) ? long.MaxValue : epochs * StepsPerEpoch) : Steps ?? 0;

    /// <summary>The settings of network and optimiser that are not those of the textbooks' exercise, under their names, as text.</summary>
    public IEnumerable<KeyValuePair<string, string>> OtherThanClassic()
    {
        var classic = new RunConfiguration { TextSha256 = "", TextLength = 0, Vocabulary = "" };
        return Training().Zip(classic.Training()).Where(pair => pair.First.Value != pair.Second.Value).Select(pair => pair.First);
    }

    private IEnumerable<KeyValuePair<string, string>> Training() =>
    [
        new("cell", Cell),
        new("layers", Layers.ToString(CultureInfo.InvariantCulture)),
        new("streams", Streams.ToString(CultureInfo.InvariantCulture)),
        new("optimizer", Optimizer),
        new("beta1", Beta1.ToString("R", CultureInfo.InvariantCulture)),
        new("beta2", Beta2.ToString("R", CultureInfo.InvariantCulture)),
        new("epsilon", Epsilon.ToString("R", CultureInfo.InvariantCulture)),
        new("clip_norm", ClipNorm.ToString("R", CultureInfo.InvariantCulture)),
        new("dropout", Dropout.ToString("R", CultureInfo.InvariantCulture)),
        new("loss_is", MeanLoss ? "mean" : "sum"),
        new("weight_init", WeightStart == WeightStart.Scaled ? "scaled" : "0.01"),
        new("order", Order == TextOrder.Pieces ? string.Create(CultureInfo.InvariantCulture, $"{Order} {Pieces}") : Order),
        new("schedule", Schedule),
        new("warmup", WarmUp.ToString(CultureInfo.InvariantCulture)),
        new("min_eta", LeastEta.ToString("R", CultureInfo.InvariantCulture)),
    ];

    /// <summary>The file's content.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("version", Version);
            writer.WriteString("text", Text);
            writer.WriteString("text_path", TextPath);
            if (TextPaths.Count > 0)
            {
                WriteAll("text_paths", TextPaths, path => writer.WriteStringValue(path));
                WriteAll("text_beginnings", Beginnings, beginning => writer.WriteNumberValue(beginning));
            }

            writer.WriteString("text_sha256", TextSha256);
            writer.WriteNumber("text_length", TextLength);
            writer.WriteString("vocabulary", Vocabulary);
            writer.WriteString("preset", Preset);
            writer.WriteString("cell", Cell);
            writer.WriteNumber("layers", Layers);
            writer.WriteNumber("hidden_size", HiddenSize);
            writer.WriteNumber("sequence_length", SequenceLength);
            WriteOptional("steps", Steps);
            WriteOptional("epochs", Epochs);
            JsonNumbers.Write(writer, "eta", Eta);
            writer.WriteString("schedule", Schedule);
            writer.WriteNumber("warmup", WarmUp);
            JsonNumbers.Write(writer, "min_eta", LeastEta);
            writer.WriteString("order", Order);
            writer.WriteNumber("pieces", Pieces);
            JsonNumbers.Write(writer, "clip", Clip);   // null where it is off
            JsonNumbers.Write(writer, "clip_norm", ClipNorm);
            writer.WriteString("optimizer", Optimizer);
            JsonNumbers.Write(writer, "beta1", Beta1);
            JsonNumbers.Write(writer, "beta2", Beta2);
            JsonNumbers.Write(writer, "epsilon", Epsilon);
            writer.WriteNumber("streams", Streams);
            JsonNumbers.Write(writer, "dropout", Dropout);
            writer.WriteString("loss", MeanLoss ? "mean" : "sum");
            writer.WriteString("weight_init", WeightStart == WeightStart.Scaled ? "scaled" : "0.01");

            writer.WriteNumber("seed", Seed);
            writer.WriteString("init", Init);
            writer.WriteString("init_sha256", InitSha256);
            writer.WriteString("unknown", SkipsUnknown ? "skip" : "fail");
            if (IsValidated)
            {
                writer.WriteNumber("held_out", HeldOut);
                writer.WriteString("validation_path", ValidationPath);
                writer.WriteString("validation_sha256", ValidationSha256);
                writer.WriteNumber("validation_every", ValidationEvery);
                writer.WriteNumber("patience", Patience);
            }

            writer.WriteString("precision", Precision == Precision.Double ? "double" : "single");
            writer.WriteNumber("sample_every", SampleEvery);
            writer.WriteNumber("sample_length", SampleLength);
            writer.WriteNumber("log_every", LogEvery);
            writer.WriteString("checkpoint_every", CheckpointEvery.ToString());
            writer.WriteNumber("keep_checkpoints", KeptCheckpoints);
            writer.WriteString("kernels", Kernels);
            writer.WriteString("processor", Processor);
            writer.WriteStartArray("changes");
            foreach (var change in Changes)
            {
                writer.WriteStartObject();
                writer.WriteNumber("step", change.Step);
                writer.WriteString("setting", change.Setting);
                writer.WriteString("from", change.From);
                writer.WriteString("to", change.To);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();

            void WriteAll<TValue>(string name, IEnumerable<TValue> values, Action<TValue> write)
            {
                writer.WriteStartArray(name);
                foreach (var value in values)
                {
                    write(value);
                }

                writer.WriteEndArray();
            }

            void WriteOptional(string name, long? value)
            {
                if (value is { } number)
                {
                    writer.WriteNumber(name, number);
                }
                else
                {
                    writer.WriteNull(name);
                }
            }
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>Reads the file's content.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="path">What messages call the file.</param>
    /// <exception cref="InvalidRunException">It is no run's configuration, or a setting in it is none that a run can have.</exception>
    public static RunConfiguration FromJson(byte[] json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var settings = new SettingsReader(document.RootElement);
            var sequenceLength = (int)settings.Whole("sequence_length", 1, LongestSequence);
            var initPath = settings.OptionalText("init");
            var precision = settings.OneOf("precision", "single", "double") == "double" ? Precision.Double : Precision.Single;
            var epochs = settings.IsNull("epochs") ? (long?)null : settings.Whole("epochs", 1, MostSteps);
            var textLength = settings.Whole("text_length", sequenceLength + 1L, long.MaxValue);
            var isValidated = settings.Has("validation_every");
            var validationPath = isValidated ? settings.OptionalText("validation_path") : null;
            return new RunConfiguration
            {
                Version = settings.Text("version"),
                Text = settings.OptionalText("text"),
                TextPath = settings.OptionalText("text_path"),
                TextPaths = settings.Has("text_paths") ? settings.Texts("text_paths") : [],
                Beginnings = settings.Has("text_paths") ? settings.Beginnings("text_beginnings", textLength) : OneText,
                TextSha256 = settings.Sha256("text_sha256"),
                TextLength = textLength,
                Vocabulary = settings.Vocabulary("vocabulary"),
                Preset = settings.Has("preset") && !settings.IsNull("preset") ? settings.OneOf("preset", [.. Runs.Preset.Names]) : null,
                Cell = settings.Has("cell") ? settings.OneOf("cell", [.. BuiltInCells.All.Select(cell => cell.Name)]) : "vanilla",
                Layers = settings.Has("layers") ? (int)settings.Whole("layers", 1, NetworkShape.MostLayers) : 1,
                HiddenSize = (int)settings.Whole("hidden_size", 1, LargestHiddenSize),
                SequenceLength = sequenceLength,
                Steps = epochs is null ? settings.Whole("steps", 0, MostSteps) : settings.Null("steps"),
                Epochs = epochs,
                Eta = settings.Positive("eta", precision),
                Schedule = settings.Has("schedule") ? settings.OneOf("schedule", [.. LearningRateSchedule.Names]) : LearningRateSchedule.Constant,
                WarmUp = settings.Has("warmup") ? settings.Whole("warmup", 0, MostSteps) : 0,
                LeastEta = settings.Has("min_eta") ? settings.AtLeastZero("min_eta") : 0,
                Order = settings.Has("order") ? settings.OneOf("order", [.. TextOrder.Names]) : TextOrder.Sequential,
                Pieces = settings.Has("pieces") ? (int)settings.Whole("pieces", 1, MostPieces) : DefaultPieces,
                SkipsUnknown = settings.Has("unknown") && settings.OneOf("unknown", "fail", "skip") == "skip",
                Clip = settings.IsNull("clip") ? double.PositiveInfinity : settings.Positive("clip", precision),
                ClipNorm = !settings.Has("clip_norm") || settings.IsNull("clip_norm") ? double.PositiveInfinity : settings.Positive("clip_norm", precision),
                Optimizer = settings.Has("optimizer") ? settings.OneOf("optimizer", [.. BuiltInRules.Names]) : "adagrad",
                Beta1 = settings.Has("beta1") ? settings.Part("beta1") : 0.9,
                Beta2 = settings.Has("beta2") ? settings.Part("beta2") : 0.999,
                Epsilon = settings.Has("epsilon") ? settings.Positive("epsilon", precision) : 1e-8,
                Streams = settings.Has("streams") ? (int)settings.Whole("streams", 1, ModelFile.MostStreams) : 1,
                Dropout = settings.Has("dropout") ? settings.Part("dropout") : 0,
                MeanLoss = settings.Has("loss") && settings.OneOf("loss", "sum", "mean") == "mean",
                WeightStart = settings.Has("weight_init") && settings.OneOf("weight_init", "0.01", "scaled") == "scaled" ? WeightStart.Scaled : WeightStart.Small,
                Seed = settings.Unsigned("seed"),
                Init = initPath,
                InitSha256 = initPath is null ? settings.OptionalText("init_sha256") : settings.Sha256("init_sha256"),
                HeldOut = isValidated ? settings.Whole("held_out", validationPath is null ? 2 : 0, validationPath is null ? textLength - sequenceLength - 1 : 0) : 0,
                ValidationPath = validationPath,
                ValidationSha256 = validationPath is null ? null : settings.Sha256("validation_sha256"),
                ValidationEvery = isValidated ? settings.Whole("validation_every", 1, MostSteps) : 0,
                Patience = isValidated ? settings.Whole("patience", 0, MostSteps) : 0,
                Precision = precision,
                SampleEvery = settings.Whole("sample_every", 0, MostSteps),
                SampleLength = (int)settings.Whole("sample_length", 1, LongestSample),
                LogEvery = settings.Whole("log_every", 1, MostSteps),
                CheckpointEvery = CheckpointInterval.TryParse(settings.Text("checkpoint_every"), out var interval) ? interval
                    : throw settings.Wrong("checkpoint_every", "updates, such as 500, or seconds, such as 10s"),
                KeptCheckpoints = settings.Has("keep_checkpoints") ? (int)settings.Whole("keep_checkpoints", 0, int.MaxValue) : 0,
                Kernels = settings.Text("kernels"),
                Processor = settings.Has("processor") ? settings.Text("processor") : "",
                Changes = [.. settings.Objects("changes").Select(change => new SettingsChange(change.Whole("step", 0, MostSteps), change.Text("setting"), change.Text("from"), change.Text("to")))],
            };
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new InvalidRunException($"{path} is no configuration of a run: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}; put it back from a copy, or begin a new run from the weights beside it with --init", exception);
        }
    }

    /// <summary>Whether a number, as a learning rate or as a limit of the gradients, is more than zero in a precision. In single 1e-50 is zero: nothing would be learned.</summary>
    public static bool IsPositiveIn(Precision precision, double value) =>
        double.IsFinite(value) && value >= (precision == Precision.Double ? 2.2250738585072014e-308 : 1.1754943508222875e-38);   // the smallest normal numbers

    /// <summary>What a resumed run changes: settings whose change leaves what was trained its meaning.</summary>
    /// <param name="changed">This configuration with the new settings.</param>
    /// <param name="step">The updates done.</param>
    public RunConfiguration WithChanges(RunConfiguration changed, long step)
    {
        var changes = new List<SettingsChange>(Changes);
        Compare("steps", Steps?.ToString(CultureInfo.InvariantCulture), changed.Steps?.ToString(CultureInfo.InvariantCulture));
        Compare("epochs", Epochs?.ToString(CultureInfo.InvariantCulture), changed.Epochs?.ToString(CultureInfo.InvariantCulture));
        Compare("eta", Eta.ToString("R", CultureInfo.InvariantCulture), changed.Eta.ToString("R", CultureInfo.InvariantCulture));
        Compare("clip", Clip.ToString("R", CultureInfo.InvariantCulture), changed.Clip.ToString("R", CultureInfo.InvariantCulture));
        Compare("sample_every", SampleEvery.ToString(CultureInfo.InvariantCulture), changed.SampleEvery.ToString(CultureInfo.InvariantCulture));
        Compare("sample_length", SampleLength.ToString(CultureInfo.InvariantCulture), changed.SampleLength.ToString(CultureInfo.InvariantCulture));
        Compare("log_every", LogEvery.ToString(CultureInfo.InvariantCulture), changed.LogEvery.ToString(CultureInfo.InvariantCulture));
        Compare("checkpoint_every", CheckpointEvery.ToString(), changed.CheckpointEvery.ToString());
        Compare("keep_checkpoints", KeptCheckpoints.ToString(CultureInfo.InvariantCulture), changed.KeptCheckpoints.ToString(CultureInfo.InvariantCulture));
        Compare("patience", Patience.ToString(CultureInfo.InvariantCulture), changed.Patience.ToString(CultureInfo.InvariantCulture));
        Compare("validation_path", ValidationPath, changed.ValidationPath);
        Compare("text_path", TextPath, changed.TextPath);
        Compare("processor", Processor, changed.Processor);
        return changed with { Changes = changes };

        void Compare(string setting, string? from, string? to)
        {
            if (from != to)
            {
                changes.Add(new SettingsChange(step, setting, from ?? "", to ?? ""));
            }
        }
    }
}
