namespace CharRnn.Rnn.Training;

/// <summary>How a network is trained, beside its shape: what decides which kernels it runs on.</summary>
public sealed record NetworkOptions
{
    /// <summary>AdaGrad on the sum of the losses of one stream: the exercise of the textbooks.</summary>
    public static NetworkOptions Default { get; } = new();

    /// <summary>The optimiser's name, of <see cref="Optimizers.BuiltInRules.Names"/>.</summary>
    public string Optimizer { get; init; } = "adagrad";

    /// <summary>Adam's first factor.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's second factor.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>What keeps the optimiser's divisor from zero.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>How many places of the text are read at once.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>Whether loss and gradients are means over the time steps of a chunk, not sums.</summary>
    public bool MeanLoss { get; init; }

    /// <summary>The largest norm of all gradients together; a larger one is scaled down to it. Positive infinity: no such limit.</summary>
    public double ClipNorm { get; init; } = double.PositiveInfinity;

    /// <summary>The part of each layer's outputs that dropout leaves out, from 0, below 1.</summary>
    public double Dropout { get; init; }

    /// <summary>The seed of dropout's masks.</summary>
    public ulong Seed { get; init; }

    /// <summary>How many threads share the work, from 1; what comes out does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether kernels may run that have the network's sizes compiled in; what comes out does not depend on it.</summary>
    public bool AllowFixed { get; init; } = true;

    /// <summary>Whether this is what the kernels of the vanilla network do.</summary>
    public bool IsClassic => Optimizer == "adagrad" && Epsilon == 1e-8 && Streams == 1 && !MeanLoss && double.IsPositiveInfinity(ClipNorm) && Dropout == 0;
}
