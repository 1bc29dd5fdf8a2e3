using System.Buffers;
using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;
using CsCheck;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>Whatever values a record, a configuration or a state has: written and read, it is the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<Rune> Character = Gen.Int[0, 0x10FFFF].Where(Rune.IsValid).Select(value => new Rune(value));
    private static readonly Gen<string> AnyText = Gen.OneOf(Character, Gen.Char['\0', '~'].Select(letter => new Rune(letter))).Array[0, 30].Select(characters => string.Concat(characters));
    private static readonly Gen<string> Alphabet = AnyText.Select(text => Vocabulary.FromText("a" + text).ToString());
    private static readonly Gen<string> Hash = Gen.OneOf([.. "0123456789abcdef"]).Array[64].Select(digits => new string(digits));
    private static readonly Gen<long> Count = Gen.Long[0, RunConfiguration.MostSteps];
    private static readonly Gen<double> Finite = Gen.Double.Where(double.IsFinite);
    private static readonly Gen<double> Positive = Gen.Double[-37, 38].Select(exponent => Math.Pow(10, exponent)).Where(value => RunConfiguration.IsPositiveIn(Precision.Single, value));
    private static readonly Gen<CheckpointInterval> Interval = Gen.OneOf(Gen.Long[1, long.MaxValue].Select(updates => new CheckpointInterval(updates, 0)),
        Gen.Double[-12, 9].Select(exponent => new CheckpointInterval(0, Math.Pow(10, exponent))));

    private static readonly Gen<MetricsRecord> Metrics = Gen.Select(Count, Count, Finite, Finite, Finite, Finite, (step, epoch, loss, smooth, seconds, speed) => new MetricsRecord(step, epoch, loss, smooth, seconds, speed) { ValidationLoss = step % 2 == 0 ? loss : null });
    private static readonly Gen<SampleRecord> Samples = Gen.Select(Count, Count, Finite, Gen.Bool, AnyText, (step, epoch, loss, first, text) => new SampleRecord(step, epoch, first ? null : loss, text));
    private static readonly Gen<SamplingTrial> SamplingTrials = Gen.Select(AnyText, Finite, AnyText, Gen.Int, Gen.Int, (method, value, text, words, real) => new SamplingTrial(method, value, text, words, real));
    private static readonly Gen<TrialPoint> Points = Gen.Select(Count, Gen.Long[0, 1L << 40], Finite, (updates, milliseconds, loss) => new TrialPoint(updates, milliseconds / 1000.0, loss));
    private static readonly Gen<TrainingTrial> TrainingTrials = Gen.Select(AnyText, Gen.Int, Points.Array[1, 5], (order, streams, points) => new TrainingTrial(order, streams, points));
    private static readonly Gen<double> Part = Gen.Double[0, 1].Where(value => value < 1);
    private static readonly Gen<SettingsChange> Changes = Gen.Select(Count, AnyText, AnyText, AnyText, (step, setting, from, to) => new SettingsChange(step, setting, from, to));

    private static readonly Gen<RunConfiguration> Configurations =
        from texts in Gen.Select(AnyText.Null(), AnyText.Null(), AnyText.Null(), AnyText, AnyText, AnyText)
        from text in Gen.Select(Hash, Alphabet, Hash, Gen.Long[1, 1L << 40])
        from sizes in Gen.Select(Gen.Int[1, RunConfiguration.LargestHiddenSize], Gen.Int[1, RunConfiguration.LongestSequence], Gen.Int[1, RunConfiguration.LongestSample])
        from counts in Gen.Select(Count, Gen.Long[1, RunConfiguration.MostSteps], Gen.Bool, Count, Gen.Long[1, RunConfiguration.MostSteps], Interval)
        from rates in Gen.Select(Positive, Positive, Gen.Bool, Gen.ULong, Gen.Bool)
        from network in Gen.Select(Gen.OneOf([.. BuiltInCells.All.Select(cell => cell.Name)]), Gen.Int[1, NetworkShape.MostLayers], Gen.OneOf([.. BuiltInRules.Names]), Gen.Int[1, ModelFile.MostStreams], Gen.Bool, Gen.Bool)
        from numbers in Gen.Select(Part, Part, Positive, Part, Positive, Gen.Bool)
        from files in Gen.Select(AnyText.Array[0, 3], Gen.Long[1, 1L << 40].Array[0, 3])
        from changes in Changes.Array[0, 3]
        select new RunConfiguration
        {
            Text = texts.Item1,
            TextPath = texts.Item2,
            TextPaths = files.Item1,
            Beginnings = files.Item1.Length > 0 ? [0, .. files.Item2.Where(beginning => beginning < sizes.Item2 + text.Item4).Distinct().Order()] : [0],
            TextSha256 = text.Item1,
            TextLength = sizes.Item2 + text.Item4,
            Vocabulary = text.Item2,
            Preset = rates.Item3 ? Preset.Adam : null,
            Cell = network.Item1,
            Layers = network.Item2,
            Optimizer = network.Item3,
            Streams = network.Item4,
            MeanLoss = network.Item5,
            WeightStart = network.Item6 ? WeightStart.Scaled : WeightStart.Small,
            Beta1 = numbers.Item1,
            Beta2 = numbers.Item2,
            Epsilon = numbers.Item3,
            Dropout = numbers.Item4,
            ClipNorm = numbers.Item6 ? numbers.Item5 : double.PositiveInfinity,
            HiddenSize = sizes.Item1,
            SequenceLength = sizes.Item2,
            Steps = counts.Item3 ? counts.Item1 : null,
            Epochs = counts.Item3 ? null : counts.Item2,
            Eta = rates.Item1,
            Schedule = rates.Item3 ? LearningRateSchedule.Cosine : LearningRateSchedule.Constant,
            WarmUp = counts.Item1,
            LeastEta = rates.Item3 ? rates.Item2 : 0,
            Order = TextOrder.Names[sizes.Item1 % 3],
            Pieces = 1 + (sizes.Item3 % RunConfiguration.MostPieces),
            SkipsUnknown = rates.Item5,
            KeptCheckpoints = sizes.Item1,
            Clip = rates.Item3 ? rates.Item2 : double.PositiveInfinity,
            Seed = rates.Item4,
            Init = texts.Item3,
            InitSha256 = texts.Item3 is null ? null : text.Item3,
            HeldOut = rates.Item3 && text.Item4 > 3 ? text.Item4 - 1 : 0,
            ValidationPath = rates.Item3 ? null : texts.Item3,
            ValidationSha256 = rates.Item3 || texts.Item3 is null ? null : text.Item3,
            ValidationEvery = (rates.Item3 && text.Item4 > 3) || (!rates.Item3 && texts.Item3 is not null) ? counts.Item5 : 0,
            Patience = (rates.Item3 && text.Item4 > 3) || (!rates.Item3 && texts.Item3 is not null) ? counts.Item4 : 0,
            Precision = rates.Item5 ? Precision.Double : Precision.Single,
            SampleEvery = counts.Item4,
            SampleLength = sizes.Item3,
            LogEvery = counts.Item5,
            CheckpointEvery = counts.Item6,
            Version = texts.Item4,
            Kernels = texts.Item5,
            Processor = texts.Item6,
            Changes = changes,
        };

    [Fact]
    public void A_line_of_metrics_comes_back() => Metrics.Sample(record => Assert.Equal(record, ThroughJson(record.WriteJson, MetricsRecord.FromJson)));

    [Fact]
    public void A_row_of_the_table_comes_back() => Metrics.Sample(record =>
    {
        var row = new ArrayBufferWriter<byte>();
        record.WriteRow(row);
        Assert.Equal(record, MetricsRecord.FromRow(row.WrittenSpan, isValidated: true));
    });

    [Fact]
    public void A_sample_comes_back() => Samples.Sample(record => Assert.Equal(record, ThroughJson(record.WriteJson, SampleRecord.FromJson)));

    [Fact]
    public void A_trial_of_sampling_comes_back() => SamplingTrials.Sample(trial => Assert.Equal(trial, ThroughJson(trial.WriteJson, SamplingTrial.FromJson)));

    [Fact]
    public void A_trial_of_training_comes_back() => TrainingTrials.Sample(trial =>
    {
        var back = ThroughJson(trial.WriteJson, TrainingTrial.FromJson);
        Assert.Equal(trial with { Points = [] }, back with { Points = [] });
        Assert.Equal(trial.Points, back.Points);
    });

    /// <summary>JSON has no infinity: what is not finite comes back as not-a-number, and never stops the run that writes it.</summary>
    [Fact]
    public void Numbers_that_JSON_has_not_are_written_all_the_same()
    {
        foreach (var odd in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            var record = new MetricsRecord(1, 1, odd, odd, odd, odd);
            Assert.Equal(new MetricsRecord(1, 1, double.NaN, double.NaN, double.NaN, double.NaN), ThroughJson(record.WriteJson, MetricsRecord.FromJson));
            Assert.Equal(new SampleRecord(1, 1, null, ""), ThroughJson(new SampleRecord(1, 1, odd, "").WriteJson, SampleRecord.FromJson));
        }
    }

    [Fact]
    public void An_interval_comes_back() => Interval.Sample(interval =>
    {
        Assert.True(CheckpointInterval.TryParse(interval.ToString(), out var back), interval.ToString());
        Assert.Equal(interval, back);
    });

    [Fact]
    public void A_configuration_comes_back() => Configurations.Sample(settings =>
    {
        var back = RunConfiguration.FromJson(settings.ToJson(), "it");
        Assert.Equal(settings with { Changes = [], TextPaths = [], Beginnings = [] }, back with { Changes = [], TextPaths = [], Beginnings = [] });
        Assert.Equal(settings.Changes, back.Changes);
        Assert.Equal(settings.TextPaths, back.TextPaths);
        Assert.Equal(settings.Beginnings, back.Beginnings);
    });

    /// <summary>A setting that is always drawn as its default would come back though nobody writes it.</summary>
    [Fact]
    public void Every_setting_is_drawn_otherwise_than_by_default()
    {
        var usual = new RunConfiguration { TextSha256 = "", TextLength = 0, Vocabulary = "" };
        PropertyInfo[] written = [.. typeof(RunConfiguration).GetProperties().Where(property => property.SetMethod is not null)];
        var drawn = new ConcurrentDictionary<string, bool>();
        Configurations.Sample(settings =>
        {
            foreach (var property in written)
            {
                if (!IsSame(property.GetValue(settings), property.GetValue(usual)))
                {
                    drawn[property.Name] = true;
                }
            }
        });
        Assert.Equal(written.Select(property => property.Name).Order(), drawn.Keys.Order());

        static bool IsSame(object? left, object? right) => left is IEnumerable one and not string && right is IEnumerable other
            ? one.Cast<object>().SequenceEqual(other.Cast<object>())
            : Equals(left, right);
    }

    /// <summary>What a configuration may not say: nothing of it is an internal error, or taken for something else.</summary>
    [Theory]
    [InlineData("version", "null")]
    [InlineData("text", "5")]
    [InlineData("text_sha256", "null")]
    [InlineData("text_sha256", "\"ab\"")]
    [InlineData("text_length", "25")]
    [InlineData("text_length", "-1")]
    [InlineData("vocabulary", "null")]
    [InlineData("vocabulary", "\"\"")]
    [InlineData("vocabulary", "\"ba\"")]
    [InlineData("vocabulary", "\"\\ud800\"")]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "1e3")]
    [InlineData("hidden_size", "2000000000")]
    [InlineData("sequence_length", "null")]
    [InlineData("sequence_length", "0")]
    [InlineData("steps", "-1")]
    [InlineData("steps", "null")]
    [InlineData("steps", "1e99")]
    [InlineData("epochs", "3")]
    [InlineData("epochs", "0")]
    [InlineData("eta", "null")]
    [InlineData("eta", "0")]
    [InlineData("eta", "-0.1")]
    [InlineData("eta", "1e-50")]
    [InlineData("eta", "1e999")]
    [InlineData("clip", "-5")]
    [InlineData("clip", "\"off\"")]
    [InlineData("seed", "-1")]
    [InlineData("precision", "null")]
    [InlineData("precision", "\"half\"")]
    [InlineData("sample_every", "-1")]
    [InlineData("sample_length", "0")]
    [InlineData("log_every", "0")]
    [InlineData("checkpoint_every", "null")]
    [InlineData("checkpoint_every", "\"0s\"")]
    [InlineData("kernels", "null")]
    [InlineData("processor", "null")]
    [InlineData("changes", "null")]
    [InlineData("changes", "[null]")]
    [InlineData("changes", "[{}]")]
    [InlineData("changes", "[{\"step\":1,\"setting\":null,\"from\":\"\",\"to\":\"\"}]")]
    [InlineData("text_paths", "[]")]
    [InlineData("text_paths", "[1]")]
    [InlineData("text_paths", "[\"\\ud800\"]")]
    [InlineData("text_beginnings", "0")]
    [InlineData("text_beginnings", "[]")]
    [InlineData("text_beginnings", "[\"0\"]")]
    [InlineData("text_beginnings", "[0.5]")]
    [InlineData("text_beginnings", "[1]")]
    [InlineData("text_beginnings", "[0,\"1\"]")]
    [InlineData("text_beginnings", "[0,1.5]")]
    [InlineData("text_beginnings", "[0,5,5]")]
    [InlineData("text_beginnings", "[0,100]")]
    [InlineData("preset", "\"old\"")]
    [InlineData("cell", "\"rnn\"")]
    [InlineData("layers", "0")]
    [InlineData("layers", "9")]
    [InlineData("schedule", "\"step\"")]
    [InlineData("warmup", "-1")]
    [InlineData("min_eta", "-0.1")]
    [InlineData("min_eta", "1e999")]
    [InlineData("order", "\"backwards\"")]
    [InlineData("pieces", "0")]
    [InlineData("pieces", "65537")]
    [InlineData("unknown", "\"guess\"")]
    [InlineData("clip_norm", "0")]
    [InlineData("optimizer", "\"newton\"")]
    [InlineData("beta1", "1")]
    [InlineData("beta2", "-0.1")]
    [InlineData("epsilon", "0")]
    [InlineData("streams", "0")]
    [InlineData("streams", "65537")]
    [InlineData("dropout", "1")]
    [InlineData("dropout", "\"0.5\"")]
    [InlineData("loss", "\"median\"")]
    [InlineData("weight_init", "\"1\"")]
    [InlineData("init_sha256", "null")]
    [InlineData("held_out", "1")]
    [InlineData("held_out", "75")]
    [InlineData("validation_every", "0")]
    [InlineData("patience", "-1")]
    [InlineData("keep_checkpoints", "-1")]
    public void A_setting_that_no_run_can_have_is_named(string name, string value)
    {
        var settings = new RunConfiguration { TextSha256 = new('0', 64), TextLength = 100, Vocabulary = "ab", TextPaths = ["a", "b"], Beginnings = [0, 99], HeldOut = 74, ValidationEvery = 1, Init = "i", InitSha256 = new('1', 64) };
        var json = JsonDocument.Parse(settings.ToJson()).RootElement;
        string Content(string of) => "{" + string.Join(",", json.EnumerateObject().Select(property => $"\"{property.Name}\":{(property.Name == name ? of : property.Value.GetRawText())}")) + "}";
        Assert.Equal(settings.Vocabulary, RunConfiguration.FromJson(Encoding.UTF8.GetBytes(Content(json.GetProperty(name).GetRawText())), "it").Vocabulary);
        var message = Assert.Throws<InvalidRunException>(() => RunConfiguration.FromJson(Encoding.UTF8.GetBytes(Content(value)), "it")).Message;
        Assert.StartsWith("it is no configuration of a run: it", message, StringComparison.Ordinal);
        if (name is not ("changes" or "epochs"))
        {
            Assert.Contains(name, message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"text\":")]
    public void A_damaged_configuration_is_refused(string content) =>
        Assert.Throws<InvalidRunException>(() => RunConfiguration.FromJson(Encoding.UTF8.GetBytes(content), "it"));

    /// <summary>A state is written, read as bytes, and is the same to the bit, in both precisions.</summary>
    [Fact]
    public void A_state_comes_back() => Gen.Select(Configurations, Gen.Int[1, 6], Count, Gen.Long[1, RunConfiguration.MostSteps], Gen.Double[0, 1], Finite.Array[3], Gen.ULong).Sample((drawn, units, step, epoch, place, losses, seed) =>
    {
        var settings = drawn with { HiddenSize = units, Layers = 1 + (drawn.Layers % 3), Streams = 1 + (drawn.Streams % 3) };
        var position = (long)(settings.TrainingLength * place);
        var progress = step == 0 ? TrainingProgress.Start : new TrainingProgress(step, epoch, position, losses[0], losses[1], losses[2], step / 3)
        {
            ValidationLoss = settings.IsValidated ? losses[0] : double.NaN,
            BestValidationLoss = settings.IsValidated ? losses[1] : double.PositiveInfinity,
            ValidationsSinceBest = settings.IsValidated ? epoch : 0,
        };
        if (settings.Precision == Precision.Double)
        {
            Check<double>();
        }
        else
        {
            Check<float>();
        }

        void Check<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var shape = settings.Shape(Vocabulary.FromText(settings.Vocabulary).Size);
            using var network = Network<T>.Create(shape, 1, settings.NetworkOptions);
            var weights = NetworkWeights<T>.Random(shape, seed);
            NetworkWeights<T>[] slots = [.. BuiltInRules.Create(settings.Optimizer).Slots.Select((_, slot) => NetworkWeights<T>.Random(shape, seed + 1 + (ulong)slot))];
            foreach (var tensor in slots.SelectMany(slot => slot.Tensors))
            {
                // No sum of squares is negative.
                foreach (ref var value in tensor.Values.AsSpan())
                {
                    value *= value;
                }
            }

            var random = new RandomStream(seed);
            T[] hidden = [.. Enumerable.Range(0, network.StateSize).Select(_ => T.CreateChecked(random.NextNormal()))];
            network.Load(weights, slots);
            network.SetHidden(hidden);
            var state = new RunState<T>(network);
            state.CopyFrom(network, progress);
            using var file = new MemoryStream();
            state.ToFile(settings).Write(file);
            var back = RunState<T>.From(ModelFile.From(SafetensorsFile.Read(file.ToArray())), settings);
            Assert.Equal(progress, back.Progress);
            Assert.Equal(Values(weights), Values(back.Weights));
            Assert.Equal(slots.Select(Values), back.Slots.Select(Values));
            Assert.Equal(hidden, back.Hidden);

            static T[] Values(NetworkWeights<T> of) => [.. of.Tensors.SelectMany(tensor => tensor.Values)];
        }
    });

    /// <summary>Losses that no training that goes on can have: it would never find a lower one, or take the next for not finite.</summary>
    [Theory]
    [InlineData("loss", "NaN", "its losses are NaN, 3 and at best 3")]
    [InlineData("smooth_loss", "NaN", "its losses are 3, NaN and at best 3")]
    [InlineData("smooth_loss", "Infinity", "its losses are 3, Infinity and at best 3")]
    [InlineData("best_smooth_loss", "-Infinity", "its losses are 3, 3 and at best -Infinity")]
    [InlineData("best_smooth_loss", "none", "its best_smooth_loss is no number")]
    [InlineData("step", "9223372036854775807", "its place in the text is outside it")]
    [InlineData("step", "-7", "its step is no number")]
    [InlineData("position", "101", "its place in the text is outside it")]
    [InlineData("epoch", "0", "its place in the text is outside it")]
    [InlineData("best_step", "8", "its place in the text is outside it")]
    [InlineData("hidden_size", "3", "its hidden_size is 3, the run's is 2")]
    [InlineData("vocabulary", "ac", "its vocabulary is not the run's")]
    public void A_state_that_no_training_can_have_is_refused(string name, string value, string message)
    {
        var file = SmallState();
        _ = RunState<float>.From(ModelFile.From(file), Small);
        Refused<float>(message, new SafetensorsFile(file.Metadata.Select(entry => entry.Key == name ? new(name, value) : entry), file.Tensors));
    }

    [Fact]
    public void A_state_of_another_network_or_without_what_a_training_goes_on_from_is_refused()
    {
        var file = SmallState();
        Refused<double>("its precision is not the run's", file);
        Refused<float>("its metadata lacks best_step", new SafetensorsFile(file.Metadata.Where(entry => entry.Key != "best_step"), file.Tensors));
        Refused<float>("it lacks the optimiser's slots or the hidden state", new SafetensorsFile(file.Metadata, [.. file.Tensors.Where(tensor => !tensor.Name.StartsWith("adagrad", StringComparison.Ordinal))]));
        Refused<float>("it lacks the optimiser's slots or the hidden state", new SafetensorsFile(file.Metadata, [.. file.Tensors.Where(tensor => tensor.Name != "h")]));
        var shape = new NetworkShape(2, 2) { Cell = Gru.Description };
        Refused<float>("its network is gru:2x2", ModelFile.Create(Vocabulary.FromText("ab"), new NetworkWeights<float>(shape), null, [], file.Metadata.Skip(1)));
    }

    private static readonly RunConfiguration Small = new() { TextSha256 = new('0', 64), TextLength = 100, Vocabulary = "ab", HiddenSize = 2, Precision = Precision.Single };

    private static SafetensorsFile SmallState()
    {
        using var network = new VanillaNetwork<float>(new(2, 2), 1);
        var state = new RunState<float>(network);
        state.CopyFrom(network, new(7, 1, 50, 3, 3, 3, 7));
        return state.ToFile(Small);
    }

    private static void Refused<T>(string message, SafetensorsFile file)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var exception = Assert.Throws<SafetensorsException>(() => RunState<T>.From(ModelFile.From(file), Small));
        Assert.Equal((SafetensorsRule.StateInvalid, $"no checkpoint of this run: {message}"), (exception.Rule, exception.Message));
    }

    private static TRecord ThroughJson<TRecord>(Action<Utf8JsonWriter> write, Func<JsonElement, TRecord> read)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            write(json);
        }

        using var document = JsonDocument.Parse(line.WrittenMemory);
        return read(document.RootElement);
    }
}
