using System.CommandLine;
using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn man</c>: the manual page, written from the same definitions as the help.</summary>
public static class ManCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new DocumentedCommand("man", "Print the manual page")
        {
            Examples =
            [
                new("charrnn man | man -l -", "Read it"),
                new("charrnn man > ~/.local/share/man/man1/charrnn.1", "Install it for 'man charrnn'"),
            ],
        };
        command.SetAction(_ =>
        {
            var root = CommandRunner.CreateRoot(CommandTable.Commands.Select(entry => entry.Create()));
            Terminal.Output.Write(ManPage.Write(root));
            return ExitCode.Success;
        });
        return command;
    }
}
