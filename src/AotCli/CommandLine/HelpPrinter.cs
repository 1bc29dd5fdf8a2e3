using System.CommandLine;
using System.CommandLine.Invocation;

namespace CharRnn.AotCli.CommandLine;

/// <summary>What <c>--help</c> does; other mistakes on the line do not matter then.</summary>
internal sealed class HelpPrinter : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        Terminal.Output.Write(command.Parents.Any() ? HelpText.ForCommand(command) : HelpText.ForRoot(command));
        return ExitCode.Success;
    }
}
