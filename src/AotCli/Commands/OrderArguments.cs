using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary>The options that say in which order a text is read and how the learning rate changes; a run that goes on keeps them.</summary>
internal static class OrderArguments
{
    public static readonly Option<string> Order = Options.OneOf("--order", "How the text is read: from beginning to end, in equal pieces in an order drawn anew for each epoch, or at random places; where it does not go on, the state begins with zero", TextOrder.Sequential, [.. TextOrder.Names]);
    public static readonly Option<int> Pieces = Options.WholeNumber("--pieces", "N", "Into how many pieces --order pieces cuts the text", RunConfiguration.DefaultPieces, 1, RunConfiguration.MostPieces);
    public static readonly Option<string> Schedule = Options.OneOf("--schedule", "How the learning rate goes from --eta to --min-eta until the last update: not at all, in a line, or in half a cosine", LearningRateSchedule.Constant, [.. LearningRateSchedule.Names]);
    public static readonly Option<long> WarmUp = Options.WholeNumber("--warmup", "N", "Updates over which the learning rate first rises from nothing", TrainCommand.Defaults.WarmUp, 0, RunConfiguration.MostSteps);
    public static readonly Option<double> LeastEta = Options.Number("--min-eta", "X", "Learning rate of the last update, with a --schedule that falls", TrainCommand.Defaults.LeastEta, 0);

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Option> All { get; } = [Order, Pieces, Schedule, WarmUp, LeastEta];

    /// <summary>A configuration with what is given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">What stands where nothing is given.</param>
    /// <exception cref="UsageException">What is given does not go together.</exception>
    public static RunConfiguration Apply(ParseResult arguments, RunConfiguration settings)
    {
        settings = settings with
        {
            Order = arguments.GivenOr(Order, settings.Order), Pieces = arguments.GivenOr(Pieces, settings.Pieces),
            Schedule = arguments.GivenOr(Schedule, settings.Schedule), WarmUp = arguments.GivenOr(WarmUp, settings.WarmUp), LeastEta = arguments.GivenOr(LeastEta, settings.LeastEta),
        };
        if (arguments.IsGiven(Pieces) && settings.Order != TextOrder.Pieces)
        {
            throw new UsageException("--pieces is for --order pieces: give that too, or leave --pieces away");
        }

        if (arguments.IsGiven(Pieces) && settings.Pieces < settings.Streams)
        {
            throw new UsageException($"--pieces {settings.Pieces} are too few for {settings.Streams} streams, each of which reads its own: give at least {settings.Streams}");
        }

        if (arguments.IsGiven(LeastEta) && settings.Schedule == LearningRateSchedule.Constant)
        {
            throw new UsageException("--min-eta is for a learning rate that falls: give --schedule linear or cosine too, or leave --min-eta away");
        }

        return settings.LeastEta <= settings.Eta ? settings
            : throw new UsageException($"--min-eta {settings.LeastEta} is above --eta {settings.Eta}: the learning rate falls to it");
    }

    /// <summary>What a run that goes on cannot change.</summary>
    /// <exception cref="UsageException">One of them is given, and is not the run's.</exception>
    public static void RefuseChanges(ParseResult arguments, RunConfiguration before)
    {
        if (All.FirstOrDefault(arguments.IsGiven) is { } option && Apply(arguments, before) != before)
        {
            throw new UsageException($"a run that goes on keeps its order and its schedule: leave {option.Name} away, or begin a new run");
        }
    }
}
