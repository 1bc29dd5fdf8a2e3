using System.CommandLine;
using System.CommandLine.Help;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// From the arguments to the exit code. Only the command that is named is built, so that starting stays quick;
/// every failure becomes one line on standard error.
/// </summary>
public static class CommandRunner
{
    // '@' and grouped short options would change what a prime such as "@home" means.
    internal static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
    private static readonly InvocationConfiguration Invocation = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">The arguments after the program's name.</param>
    /// <param name="commands">The commands there are.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, (string Name, Func<Command> Create)[] commands)
    {
        StandardHandles.Claim();
        ProgramName.Commands = [.. commands.Select(command => command.Name), "--help"];
        var exitCode = ExitCode.Success;
        try
        {
            exitCode = Dispatch(arguments, commands);
            Terminal.Flush();
        }
        catch (Exception exception) when (exitCode > ExitCode.Usage && exception is (IOException or OutputClosedException))
        {
            // A signal has ended the work, and that is what the caller wants to know; a hang-up closes standard output as well.
        }
        catch (OutputClosedException)
        {
            exitCode = ExitCode.OutputClosed;
        }
        catch (UsageException exception)
        {
            exitCode = Fail(exception.Message, ExitCode.Usage);
        }
        catch (CommandFailedException exception)
        {
            exitCode = Fail(exception.Message, ExitCode.Failure);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            exitCode = Fail($"{exception.Message.TrimEnd('.')}: check the name", ExitCode.Usage);
        }
        catch (UnauthorizedAccessException exception)
        {
            exitCode = Fail($"{exception.Message.TrimEnd('.')}: change its permissions, or name another file", ExitCode.Usage);
        }
        catch (IOException exception)
        {
            exitCode = Fail(exception.Message, ExitCode.Failure);
        }
        catch (OutOfMemoryException)
        {
            exitCode = Fail("not enough memory: choose a smaller --hidden, a shorter --seq-length or a smaller text", ExitCode.Failure);
        }
        catch (Exception exception)
        {
            if (Environment.GetEnvironmentVariable("CHARRNN_TRACE") is "1")
            {
                Terminal.Error.WriteLine(exception);
            }

            exitCode = Fail($"internal error, {exception.GetType().Name}: {exception.Message} (CHARRNN_TRACE=1 shows where)", ExitCode.Failure);
        }

        return exitCode;
    }

    /// <summary>The root command with the given commands below it.</summary>
    public static Command CreateRoot(IEnumerable<Command> commands)
    {
        var root = new DocumentedCommand("charrnn", "Trains a character-level recurrent network, proves its gradients, writes text with it.")
        {
            Examples =
            [
                new("charrnn train", "Train on the built-in tale for 100,000 updates; the run folder is printed"),
                new("charrnn train book.txt --hidden 256 --epochs 3", "Train on your own text"),
                new("charrnn sample RUN/best.safetensors --prime 'The '", "Write with the best weights of a run"),
                new("charrnn gradcheck", "Prove the gradients against centred differences"),
            ],
        };
        root.Options.Add(new HelpOption("--help", "-h", "-?") { Description = "Print help", Recursive = true, Action = new HelpPrinter() });
        root.Options.Add(Options.Switch("--version", "Print version, commit and instruction set"));
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static int Dispatch(string[] arguments, (string Name, Func<Command> Create)[] commands)
    {
        if (Array.Find(arguments, argument => argument.Contains('\uFFFD')) is { } unread && ProgramName.HasOtherBytes())
        {
            throw new UsageException($"'{unread}' is not UTF-8, and what it means cannot be known: rename the file or folder, or give a text through standard input, as in charrnn train - < TEXT");
        }

        if (Environment.CurrentDirectory is var here && here.Contains('\uFFFD') && !Directory.Exists(here))
        {
            throw new UsageException($"the name of this folder, {here}, is not UTF-8, and no file in it can be named: work in another folder");
        }

        if (arguments is [] or ["help"])
        {
            arguments = ["--help"];
        }

        if (arguments is ["--version"])
        {
            Terminal.Output.WriteLine(ProductVersion.Describe());
            return ExitCode.Success;
        }

        if (arguments is ["help", var topic, ..])
        {
            arguments = [topic, "--help"];
        }

        if (arguments is [var directive, var line] && directive.StartsWith("[suggest", StringComparison.Ordinal))
        {
            return Completions.Print(CreateRoot(commands.Select(entry => entry.Create())), directive, line);
        }

        var named = Array.FindAll(commands, entry => entry.Name == arguments[0]);
        var root = CreateRoot((named.Length > 0 ? named : commands).Select(entry => entry.Create()));
        var result = root.Parse(arguments, Parsing);
        if (Mistakes.Describe(result, arguments) is { } mistake)
        {
            throw new UsageException(mistake);
        }

        return result.Invoke(Invocation);
    }

    private static int Fail(string message, int exitCode)
    {
        try
        {
            Terminal.Flush();
        }
        catch (Exception exception) when (exception is IOException or OutputClosedException)
        {
            // The reader of standard output has gone; what matters now is the message.
        }

        Terminal.Error.WriteLine("charrnn: " + ProgramName.In(string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))));
        return exitCode;
    }
}
