using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Runs;

/// <summary>The settings of a training that belong together, under a name: the two editions of the exercise, and better text after some minutes.</summary>
public static class Preset
{
    /// <summary>AdaGrad on the sum of a chunk's losses, eta 0.1, elements clipped to 5, matrices drawn with deviation 0.01: what a run does by itself.</summary>
    public const string Classic = "classic";

    /// <summary>Adam on the mean of a chunk's losses, eta 0.001, nothing clipped, matrices drawn by their size: the edition of 2026.</summary>
    public const string Adam = "adam";

    /// <summary>What predicted held-out text best of four networks, after some five minutes on two cores; docs/quality.md has them.</summary>
    public const string Quality = "quality";

    /// <summary>The editions of the exercise, the default first.</summary>
    public static IReadOnlyList<string> Editions { get; } = [Classic, Adam];

    /// <summary>All names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Editions, Quality];

    /// <summary>Settings with those of a preset in the place of theirs.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="settings">Everything else.</param>
    /// <exception cref="ArgumentException">There is no such preset.</exception>
    public static RunConfiguration Apply(string name, RunConfiguration settings)
    {
        var common = settings with { Preset = name, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8, ClipNorm = double.PositiveInfinity };
        return name switch
        {
            Classic => common with { Optimizer = "adagrad", Eta = 0.1, Clip = 5, MeanLoss = false, WeightStart = WeightStart.Small },
            Adam => common with { Optimizer = "adam", Eta = 0.001, Clip = double.PositiveInfinity, MeanLoss = true, WeightStart = WeightStart.Scaled },
            Quality => common with
            {
                // Nothing is held out: the end of a text is often a part of its own, and who goes on with it has to know its names.
                Cell = "lstm", Layers = 2, HiddenSize = 256, Dropout = 0.4, Streams = 32, SequenceLength = 64, Steps = 6300,
                Optimizer = "adam", Eta = 0.003, Schedule = LearningRateSchedule.Cosine, WarmUp = 200, Clip = double.PositiveInfinity, ClipNorm = 1,
                MeanLoss = true, WeightStart = WeightStart.Scaled, SampleEvery = 1000,
            },
            _ => throw new ArgumentException($"The presets are {string.Join(", ", Names)}; there is no {name}.", nameof(name)),
        };
    }
}
