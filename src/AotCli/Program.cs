using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Commands;

return CommandRunner.Run(args, CommandTable.Commands);
