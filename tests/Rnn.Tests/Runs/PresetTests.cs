using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Runs;

public class PresetTests
{
    [Fact]
    public void Editions_of_the_exercise_say_how_is_learned_and_quality_says_all()
    {
        var settings = new RunConfiguration { TextSha256 = "", TextLength = 1, Vocabulary = "", Seed = 7, HiddenSize = 9 };
        // The default is what a run without a word of presets does.
        Assert.Equal(settings with { Preset = "classic" }, Preset.Apply("classic", settings));
        Assert.Equal(settings with { Preset = "classic" }, Preset.Apply("classic", Preset.Apply("adam", settings)));
        var adam = Preset.Apply("adam", settings);
        Assert.Equal(("adam", "adam", 0.001, true, WeightStart.Scaled, 7UL, 9), (adam.Preset, adam.Optimizer, adam.Eta, adam.MeanLoss, adam.WeightStart, adam.Seed, adam.HiddenSize));
        Assert.Equal((0.9, 0.999, 1e-8, double.PositiveInfinity, double.PositiveInfinity), (adam.Beta1, adam.Beta2, adam.Epsilon, adam.Clip, adam.ClipNorm));
        Assert.Equal(["classic", "adam"], Preset.Editions);
        Assert.Equal([.. Preset.Editions, "quality"], Preset.Names);
        var quality = Preset.Apply("quality", settings);
        Assert.Equal(("quality", "lstm", "adam", "cosine", true, WeightStart.Scaled, 7UL), (quality.Preset, quality.Cell, quality.Optimizer, quality.Schedule, quality.MeanLoss, quality.WeightStart, quality.Seed));
        Assert.True(quality is { HiddenSize: > 100, Streams: > 1, Dropout: > 0, Steps: > 1000, Clip: double.PositiveInfinity, ClipNorm: 1 });
        Assert.Throws<ArgumentException>(() => Preset.Apply("quality?", settings));
    }
}
