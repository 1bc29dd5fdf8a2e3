using System.CommandLine;

namespace CharRnn.AotCli.Commands;

/// <summary>The commands of <c>charrnn</c>, in the order of its help. A new command is one line here.</summary>
public static class CommandTable
{
    /// <summary>The word that is typed and the factory of its command; a factory runs only where its command is used.</summary>
    public static readonly (string Name, Func<Command> Create)[] Commands =
    [
        ("lab", LabCommand.Create),
        ("train", TrainCommand.Create),
        ("sample", SampleCommand.Create),
        ("eval", EvalCommand.Create),
        ("gradcheck", GradcheckCommand.Create),
        ("diagnose", DiagnoseCommand.Create),
        ("explain", ExplainCommand.Create),
        ("sweep", SweepCommand.Create),
        ("report", ReportCommand.Create),
        ("export", ExportCommand.Create),
        ("import", ImportCommand.Create),
        ("bench", BenchCommand.Create),
        ("info", InfoCommand.Create),
        ("completion", CompletionCommand.Create),
        ("man", ManCommand.Create),
    ];
}
