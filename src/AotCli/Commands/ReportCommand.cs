using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn report</c>: one self-contained HTML file about a run or several, and the loss curve as SVG beside it.</summary>
public static class ReportCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folders = new Argument<string[]>("RUN") { Description = "The folder of a run; several are laid over each other", Arity = ArgumentArity.OneOrMore };
        var output = Options.Text("--out", "FILE", "The HTML file (default report.html in the folder of one run, in this folder for several)");
        var watch = new Option<string[]>("--watch-word") { Description = "A word whose first appearance is looked for; can be given again", HelpName = "WORD", Arity = ArgumentArity.OneOrMore };
        var command = new DocumentedCommand("report", "Write an HTML report of runs, with the loss curve as SVG")
        {
            Examples =
            [
                new("charrnn report runs/book", "Write report.html and loss.svg into the run's folder"),
                new("charrnn report runs/small runs/large --out compare.html", "Compare two runs"),
                new("charrnn report runs/book --watch-word Harry --watch-word Hermione", "See when names were first written"),
            ],
            Remarks = ["The page needs no network. loss.svg lies beside it, drawn by the same code, fit for a paper; in a run's own folder, write.html is a page in which its network writes. The page's path is printed on standard output."],
        };
        command.Arguments.Add(folders);
        command.Options.Add(output);
        command.Options.Add(watch);
        command.SetAction(arguments =>
        {
            var paths = arguments.GetValue(folders)!;
            var page = arguments.GetValue(output) ?? (paths.Length == 1 ? Path.Combine(paths[0], "report.html") : "report.html");
            if (Directory.Exists(page))
            {
                throw new UsageException($"{page} is a folder: give --out the name of a file");
            }

            OutputFile.RefuseDevice(page, "give --out another name");
            var folder = Path.GetDirectoryName(Path.GetFullPath(page))!;
            try
            {
                var names = Names(paths);
                var words = WatchedWords.Check(arguments.GetValue(watch) ?? []);
                RunFolder[] opened = [.. paths.Select(RunFolder.Open)];
                ReportRun[] runs = [.. opened.Select((run, i) => ReportReader.Read(run, names[i], words))];
                if (!Directory.Exists(folder))
                {
                    throw new UsageException($"{folder}: no such folder; make it first");
                }

                ReportFiles.Write(runs, page, opened is [var only] ? only : null);
            }
            catch (InvalidRunException exception)
            {
                throw new UsageException(exception.Message);
            }

            Terminal.Output.WriteLine(page);
            Terminal.Hint($"open {Terminal.Quote(page)} in a browser");
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The folders' own names, or their paths where two have the same.</summary>
    private static string[] Names(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        return names.Distinct().Count() == names.Length ? names : paths;
    }
}
