using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Runs;

public class PresetTests
{
    [Fact]
    public void Presets_are_the_two_editions_of_the_exercise()
    {
        var settings = new RunConfiguration { TextSha256 = "", TextLength = 1, Vocabulary = "", Seed = 7, HiddenSize = 9 };
        // The default is what a run without a word of presets does.
        Assert.Equal(settings with { Preset = "classic" }, Preset.Apply("classic", settings));
        Assert.Equal(settings with { Preset = "classic" }, Preset.Apply("classic", Preset.Apply("adam", settings)));
        var adam = Preset.Apply("adam", settings);
        Assert.Equal(("adam", "adam", 0.001, true, WeightStart.Scaled, 7UL, 9), (adam.Preset, adam.Optimizer, adam.Eta, adam.MeanLoss, adam.WeightStart, adam.Seed, adam.HiddenSize));
        Assert.Equal((0.9, 0.999, 1e-8, double.PositiveInfinity, double.PositiveInfinity), (adam.Beta1, adam.Beta2, adam.Epsilon, adam.Clip, adam.ClipNorm));
        Assert.Throws<ArgumentException>(() => Preset.Apply("quality?", settings));
    }
}
