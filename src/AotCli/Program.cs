using CharRnn.AotCli.CommandLine;

return CommandRunner.Run(args, CommandTable.Commands);
