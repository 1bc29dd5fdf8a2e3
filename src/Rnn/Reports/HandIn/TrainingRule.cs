using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using static CharRnn.Rnn.Reports.HandIn.HandInBlock;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>How a run's weights were changed: the loss, the rule of the updates, and where the weights began.</summary>
internal static class TrainingRule
{
    /// <summary>The blocks that say it.</summary>
    public static IEnumerable<HandInBlock> Describe(RunConfiguration settings)
    {
        var loss = settings.MeanLoss ? "L = -(1/T) \\sum_t \\log p_t[y_t]" : "L = -\\sum_t \\log p_t[y_t]";
        yield return new Paragraph(new([
            .. Sentence.Of($"The loss of a chunk is ").Parts, .. Sentence.Math(loss).Parts,
            .. Sentence.Of($" with $y_t = x_{{t+1}}$. Gradients go back through all steps of the chunk. {Clipping(settings)}Each number $\\theta$ with gradient $g$ is changed by {Name(settings.Optimizer)} with learning rate $\\eta$ = {settings.Eta:R}:").Parts,
        ]));
        yield return new Equations(Rule(settings));
        yield return new Paragraph(Sentence.Of($"{Start(settings)} Seed {settings.Seed}, {(settings.Precision == Precision.Double ? "double" : "single")} precision."));
    }

    private static string Name(string optimizer) => optimizer switch { "adagrad" => "AdaGrad", "adam" => "Adam", "sgd" => "gradient descent", _ => optimizer };

    private static string[] Rule(RunConfiguration settings) => settings.Optimizer switch
    {
        "adam" =>
        [
            FormattableString.Invariant($"m \\leftarrow {settings.Beta1:R} m + {Rest(settings.Beta1)} g"),
            FormattableString.Invariant($"v \\leftarrow {settings.Beta2:R} v + {Rest(settings.Beta2)} g^2"),
            FormattableString.Invariant($"\\theta \\leftarrow \\theta - \\eta (m / (1 - {settings.Beta1:R}^t)) / (\\sqrt{{v / (1 - {settings.Beta2:R}^t)}} + {Power(settings.Epsilon)})"),
        ],
        "sgd" => ["\\theta \\leftarrow \\theta - \\eta g"],
        _ => ["G \\leftarrow G + g^2", $"\\theta \\leftarrow \\theta - \\eta g / \\sqrt{{G + {Power(settings.Epsilon)}}}"],
    };

    /// <summary>What is left to one, without the dust of binary fractions.</summary>
    private static double Rest(double beta) => Math.Round(1 - beta, 12);

    private static string Power(double value) => Math.Log10(value) is var power && power == Math.Round(power)
        ? FormattableString.Invariant($"10^{{{power:0}}}") : FormattableString.Invariant($"{value:R}");

    private static string Clipping(RunConfiguration settings) => (double.IsPositiveInfinity(settings.Clip), double.IsPositiveInfinity(settings.ClipNorm)) switch
    {
        (true, true) => "They are not clipped. ",
        (false, true) => FormattableString.Invariant($"Each element is clipped to ±{settings.Clip:R}. "),
        (true, false) => FormattableString.Invariant($"Where their norm exceeds {settings.ClipNorm:R}, they are scaled down to it. "),
        _ => FormattableString.Invariant($"Each element is clipped to ±{settings.Clip:R}, and their norm to {settings.ClipNorm:R}. "),
    };

    private static string Start(RunConfiguration settings) => settings switch
    {
        { Init: { } file } => $"The weights began as those of {Path.GetFileName(file)}.",
        { WeightStart: WeightStart.Scaled } => "The matrices began as draws from normal distributions, W of variance 1/(2m), U of 1/(2K), V of 1/m, the biases at zero.",
        _ => "The matrices began as draws from a normal distribution of deviation 0.01, the biases at zero.",
    };
}
