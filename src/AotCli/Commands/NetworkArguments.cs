using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>The options that say which network is trained and by which rule; a run that goes on keeps them.</summary>
internal static class NetworkArguments
{
    public static readonly Option<string> Cell = Options.OneOf("--cell", "Recurrent cell", TrainCommand.Defaults.Cell, [.. BuiltInCells.All.Select(cell => cell.Name)]);
    public static readonly Option<int> Layers = Options.WholeNumber("--layers", "N", "Layers of the cell, one above the other", TrainCommand.Defaults.Layers, 1, NetworkShape.MostLayers);
    public static readonly Option<int> Streams = Options.WholeNumber("--streams", "B", "Places of the text read at once: the text in B equal parts, gradients averaged", TrainCommand.Defaults.Streams, 1, ModelFile.MostStreams);
    public static readonly Option<string> Optimizer = Options.OneOf("--optimizer", "The rule that changes the weights; without --eta, adam takes 0.001 and sgd 0.01", TrainCommand.Defaults.Optimizer, [.. BuiltInRules.Names]);
    public static readonly Option<double> Beta1 = Options.Number("--beta1", "X", "Adam: how much of the mean of gradients is kept", TrainCommand.Defaults.Beta1, 0, Below(1));
    public static readonly Option<double> Beta2 = Options.Number("--beta2", "X", "Adam: how much of the mean of squared gradients is kept", TrainCommand.Defaults.Beta2, 0, Below(1));
    public static readonly Option<double> Epsilon = Options.Number("--epsilon", "X", "What keeps the rule's divisor from zero", TrainCommand.Defaults.Epsilon, 0, minimumExcluded: true);
    public static readonly Option<double?> ClipNorm = Options.OptionalNumber("--clip-norm", "X", "Largest norm of all gradients together; --clip is then off unless it is given", 0, minimumExcluded: true);
    public static readonly Option<double> Dropout = Options.Number("--dropout", "P", "Part of each layer's outputs that is left out at each update", TrainCommand.Defaults.Dropout, 0, Below(1));
    public static readonly Option<string?> WeightInit = new("--weight-init")
    {
        Description = "How matrices are drawn: 0.01 is N(0, 0.01^2), scaled depends on their size; without it, 0.01 for one vanilla layer, else scaled",
        HelpName = "0.01|scaled",
    };

    public static readonly Option<string> Loss = Options.OneOf("--loss", "What the loss and its gradients are, over the characters of a chunk", "sum", "sum", "mean");

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Option> All { get; } = [Cell, Layers, Streams, Optimizer, Beta1, Beta2, Epsilon, ClipNorm, Dropout, WeightInit, Loss];

    /// <summary>A configuration with what is given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">What stands where nothing is given.</param>
    /// <param name="eta">The option for the learning rate.</param>
    /// <param name="clip">The option for clipping by element.</param>
    /// <exception cref="UsageException">Something given is not usable.</exception>
    public static RunConfiguration Apply(ParseResult arguments, RunConfiguration settings, Option eta, Option clip)
    {
        settings = settings with
        {
            Cell = arguments.GivenOr(Cell, settings.Cell), Layers = arguments.GivenOr(Layers, settings.Layers), Streams = arguments.GivenOr(Streams, settings.Streams),
            Optimizer = arguments.GivenOr(Optimizer, settings.Optimizer), Beta1 = arguments.GivenOr(Beta1, settings.Beta1), Beta2 = arguments.GivenOr(Beta2, settings.Beta2), Epsilon = arguments.GivenOr(Epsilon, settings.Epsilon),
            ClipNorm = arguments.GetValue(ClipNorm) ?? settings.ClipNorm, Dropout = arguments.GivenOr(Dropout, settings.Dropout), MeanLoss = IsMean(arguments, settings),
        };
        if (arguments.IsGiven(Optimizer) && !arguments.IsGiven(eta))
        {
            settings = settings with { Eta = settings.Optimizer switch { "adam" => 0.001, "sgd" => 0.01, _ => TrainCommand.Defaults.Eta } };
        }

        if (arguments.GetValue(ClipNorm) is not null && !arguments.IsGiven(clip))
        {
            settings = settings with { Clip = double.PositiveInfinity };
        }

        return settings with
        {
            WeightStart = arguments.GetValue(WeightInit) switch
            {
                null => settings.Shape(1).IsVanilla ? settings.WeightStart : WeightStart.Scaled,
                "0.01" => WeightStart.Small,
                "scaled" => WeightStart.Scaled,
                var other => throw new UsageException($"--weight-init takes 0.01 or scaled, not '{ForeignText.Line(other)}'"),
            },
        };
    }

    /// <summary>Whether losses and gradients are means over a chunk.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">What stands where nothing is given.</param>
    public static bool IsMean(ParseResult arguments, RunConfiguration settings) => arguments.GivenOr(Loss, settings.MeanLoss ? "mean" : "sum") == "mean";

    /// <summary>What a run that goes on cannot change.</summary>
    /// <exception cref="UsageException">One of them is given, and is not the run's.</exception>
    public static void RefuseChanges(ParseResult arguments, RunConfiguration before, Option eta, Option clip)
    {
        var changed = Apply(arguments, before, eta, clip) with { Eta = before.Eta, Clip = before.Clip, WeightStart = arguments.GetValue(WeightInit) is null ? before.WeightStart : Apply(arguments, before, eta, clip).WeightStart };
        if (changed == before)
        {
            return;
        }

        var option = All.First(option => arguments.IsGiven(option));
        throw new UsageException($"a run that goes on keeps its network and its rule: leave {option.Name} away, or begin a new run");
    }

    private static double Below(double limit) => Math.BitDecrement(limit);
}
