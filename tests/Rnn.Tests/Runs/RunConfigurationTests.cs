using System.Text;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

public class RunConfigurationTests
{
    private static readonly RunConfiguration Usual = new() { TextSha256 = new('0', 64), TextLength = 101, Vocabulary = "ab" };

    /// <summary>What was written and what should be, with what to do.</summary>
    [Theory]
    [InlineData("\"eta\": 0.1", "\"eta\": 0", "its eta is 0, not a number greater than 0")]
    [InlineData("\"min_eta\": 0", "\"min_eta\": -1", "its min_eta is -1, not a number, at least 0")]
    [InlineData("\"beta1\": 0.9", "\"beta1\": 1", "its beta1 is 1, not a number from 0, below 1")]
    [InlineData("\"layers\": 1", "\"layers\": 9", "its layers is 9, not a whole number from 1 to 8")]
    [InlineData("\"text_length\": 101", "\"text_length\": 25", "its text_length is 25, not a whole number, at least 26")]
    [InlineData("\"seed\": 1", "\"seed\": -1", "its seed is -1, not a whole number, at least 0")]
    [InlineData("\"optimizer\": \"adagrad\"", "\"optimizer\": \"newton\"", "its optimizer is \"newton\", not adagrad or adam or sgd")]
    [InlineData("\"vocabulary\": \"ab\"", "\"vocabulary\": \"ba\"", "its vocabulary is \"ba\", not characters in order of code point, none twice")]
    [InlineData("\"version\": \"\"", "\"version\": 1", "its version is 1, not text")]
    [InlineData("\"version\": \"\"", "\"version\": null", "its version is null, not text")]
    [InlineData("\"text_sha256\": \"0", "\"text_sha256\": \"G", "its text_sha256 is \"G00000000000000000000000000000000000..., not 64 hexadecimal digits")]
    [InlineData("\"epochs\": null", "\"epochs\": 3", "its steps is 100000, not null beside epochs")]
    [InlineData("\"changes\": []", "\"changes\": 0", "its changes is 0, not a list")]
    [InlineData("\"checkpoint_every\": \"10s\"", "\"checkpoint_every\": \"0\"", "its checkpoint_every is \"0\", not updates, such as 500, or seconds, such as 10s")]
    [InlineData("\"text\": null", "\"text_paths\": 1, \"text\": null", "its text_paths is 1, not a list of texts")]
    [InlineData("\"text\": null", "\"text_paths\": [\"a\"], \"text_beginnings\": 1, \"text\": null", "its text_beginnings is 1, not 0 and whole numbers below 101, ascending")]
    [InlineData("\"log_every\": 100,", "", "it has no log_every")]
    public void A_setting_that_no_run_can_have_is_quoted_beside_what_it_should_be(string right, string wrong, string message)
    {
        var json = Encoding.UTF8.GetString(Usual.ToJson());
        Assert.Contains(right, json, StringComparison.Ordinal);
        var exception = Assert.Throws<InvalidRunException>(() => RunConfiguration.FromJson(Encoding.UTF8.GetBytes(json.Replace(right, wrong, StringComparison.Ordinal)), "it"));
        Assert.Equal($"it is no configuration of a run: {message}; put it back from a copy, or begin a new run from the weights beside it with --init", exception.Message);
    }

    /// <summary>Runs of the first version said less: what it did not say is what it did.</summary>
    [Fact]
    public void What_an_old_run_does_not_say_is_as_it_was_then()
    {
        var lines = Encoding.UTF8.GetString(Usual.ToJson()).Split('\n').Where(line => !((string[])
            ["preset", "cell", "layers", "schedule", "warmup", "min_eta", "order", "pieces", "clip_norm", "optimizer", "beta1", "beta2", "epsilon", "streams", "dropout", "loss", "weight_init", "unknown", "keep_checkpoints", "processor"])
            .Any(name => line.StartsWith($"  \"{name}\":", StringComparison.Ordinal)));
        Assert.Equal(Usual, RunConfiguration.FromJson(Encoding.UTF8.GetBytes(string.Join('\n', lines)), "it") with { Changes = Usual.Changes });
    }

    [Fact]
    public void The_least_and_the_greatest_are_accepted()
    {
        var least = Usual with { TextLength = 2, SequenceLength = 1, HiddenSize = 1, Pieces = 1, Steps = 0, SampleEvery = 0, SampleLength = 1, LogEvery = 1, Beta1 = 0 };
        var greatest = Usual with
        {
            TextLength = long.MaxValue, SequenceLength = RunConfiguration.LongestSequence, HiddenSize = RunConfiguration.LargestHiddenSize, Layers = NetworkShape.MostLayers, Pieces = RunConfiguration.MostPieces, Streams = RunConfiguration.MostPieces,
            Steps = RunConfiguration.MostSteps, WarmUp = RunConfiguration.MostSteps, SampleLength = RunConfiguration.LongestSample, KeptCheckpoints = int.MaxValue, Seed = ulong.MaxValue, Eta = double.MaxValue,
        };
        foreach (var settings in (RunConfiguration[])[least, greatest])
        {
            Assert.Equal(settings, RunConfiguration.FromJson(settings.ToJson(), "it") with { Changes = settings.Changes });
        }
    }

    /// <summary>In its precision: below the smallest normal number nothing would be learned.</summary>
    [Theory]
    [InlineData(Precision.Single, 1.1754943508222875e-38, true)]
    [InlineData(Precision.Single, 1.17e-38, false)]
    [InlineData(Precision.Double, 2.2250738585072014e-308, true)]
    [InlineData(Precision.Double, 2.2e-308, false)]
    [InlineData(Precision.Double, double.PositiveInfinity, false)]
    public void A_learning_rate_is_more_than_zero(Precision precision, double value, bool expected) => Assert.Equal(expected, RunConfiguration.IsPositiveIn(precision, value));

    [Fact]
    public void Epochs_come_to_so_many_updates()
    {
        Assert.Equal(4, Usual.StepsPerEpoch);
        Assert.Equal(7, (Usual with { Steps = 7 }).TotalSteps);
        Assert.Equal(12, (Usual with { Steps = null, Epochs = 3 }).TotalSteps);
        Assert.Equal(long.MaxValue, (Usual with { Steps = null, Epochs = long.MaxValue / 2 }).TotalSteps);
        Assert.Equal(0, (Usual with { Steps = null }).TotalSteps);
    }

    [Fact]
    public void What_is_not_as_in_the_textbooks_is_named()
    {
        Assert.Empty(Usual.OtherThanClassic());
        var other = Usual with
        {
            Cell = "lstm", Layers = 2, Streams = 3, Optimizer = "adam", Beta1 = 0.5, Beta2 = 0.25, Epsilon = 1e-5, ClipNorm = 1, Dropout = 0.5, MeanLoss = true, WeightStart = WeightStart.Scaled,
            Order = TextOrder.Pieces, Pieces = 6, Schedule = LearningRateSchedule.Cosine, WarmUp = 9, LeastEta = 0.01,
        };
        Assert.Equal(
            "cell lstm, layers 2, streams 3, optimizer adam, beta1 0.5, beta2 0.25, epsilon 1E-05, clip_norm 1, dropout 0.5, loss_is mean, weight_init scaled, order pieces 6, schedule cosine, warmup 9, min_eta 0.01",
            string.Join(", ", other.OtherThanClassic().Select(setting => $"{setting.Key} {setting.Value}")));
        Assert.Equal(new NetworkShape(100, 5) { Cell = Lstm.Description, Layers = 2 }, other.Shape(5));
    }

    [Fact]
    public void Changes_are_recorded_behind_those_before()
    {
        var begun = Usual with { Changes = [new(1, "eta", "0.2", "0.1")], ValidationPath = "v", TextPath = "t", Processor = "p" };
        var changed = begun.WithChanges(begun with
        {
            Steps = null, Epochs = 2, Eta = 0.5, Clip = double.PositiveInfinity, SampleEvery = 1, SampleLength = 2, LogEvery = 3, CheckpointEvery = new(5, 0), KeptCheckpoints = 6, Patience = 7,
            ValidationPath = "w", TextPath = null, Processor = "q",
        }, 9);
        Assert.Equal(
            [
                new(1, "eta", "0.2", "0.1"), new(9, "steps", "100000", ""), new(9, "epochs", "", "2"), new(9, "eta", "0.1", "0.5"), new(9, "clip", "5", "Infinity"), new(9, "sample_every", "10000", "1"),
                new(9, "sample_length", "200", "2"), new(9, "log_every", "100", "3"), new(9, "checkpoint_every", "10s", "5"), new(9, "keep_checkpoints", "0", "6"), new(9, "patience", "0", "7"),
                new(9, "validation_path", "v", "w"), new(9, "text_path", "t", ""), new(9, "processor", "p", "q"),
            ],
            changed.Changes);
        Assert.Single(begun.WithChanges(begun, 9).Changes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1.1e9s")]
    [InlineData("NaNs")]
    [InlineData("10 s")]
    [InlineData("10m")]
    public void What_is_no_interval_between_checkpoints_is_refused(string text) => Assert.False(CheckpointInterval.TryParse(text, out _));
}
