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
        var handIn = Options.Switch("--hand-in", "Write what is handed in of one run instead, into the folder hand-in of the run's: a few pages as HTML and for LaTeX, and the loss as a table");
        var author = Options.Text("--author", "NAME", "Whose name stands on the hand-in");
        var watch = new Option<string[]>("--watch-word") { Description = "A word whose first appearance is looked for; can be given again", HelpName = "WORD", Arity = ArgumentArity.OneOrMore };
        var command = new DocumentedCommand("report", "Write an HTML report of runs, with the loss curve as SVG")
        {
            Examples =
            [
                new("charrnn report runs/book", "Write report.html and loss.svg into the run's folder"),
                new("charrnn report runs/small runs/large --out compare.html", "Compare two runs"),
                new("charrnn report runs/book --watch-word Harry --watch-word Hermione", "See when names were first written"),
                new("charrnn report runs/book --hand-in --author 'Ada L.'", "Write runs/book/hand-in: at most four pages to print, or to finish in LaTeX"),
            ],
            Remarks =
            [
                "The page needs no network. loss.svg lies beside it, drawn by the same code, fit for a paper; in a run's own folder, write.html is a page in which its network writes. The page's path is printed on standard output.",
                "A hand-in has the network's equations and sizes, how the gradients were checked and whether they are right, the curve, the samples, what the weights of the lowest loss write, what the run itself shows, and room for a discussion: type it into the page, or write it into hand-in.tex, which pdflatex compiles with Debian's texlive-latex-base and texlive-pictures. A file that was edited is not written over. Its folder's path is printed on standard output.",
            ],
        };
        command.Arguments.Add(folders);
        command.Options.Add(output);
        command.Options.Add(watch);
        command.Options.Add(handIn);
        command.Options.Add(author);
        command.SetAction(arguments =>
        {
            var paths = arguments.GetValue(folders)!;
            if (arguments.GetValue(handIn))
            {
                return WriteHandIn(paths, arguments.GetValue(output), arguments.GetValue(author) ?? "", arguments.GetValue(watch) ?? []);
            }

            if (arguments.GetValue(author) is not null)
            {
                throw new UsageException("--author is for the hand-in: give --hand-in too");
            }

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

    private static int WriteHandIn(string[] paths, string? output, string author, string[] watched)
    {
        if (paths.Length > 1)
        {
            throw new UsageException("--hand-in is about one run: give one folder");
        }

        if (output is not null)
        {
            throw new UsageException($"--hand-in writes into the folder {HandInFiles.FolderName} of the run's: leave --out away");
        }

        try
        {
            var run = ReportReader.Read(RunFolder.Open(paths[0]), Names(paths)[0], WatchedWords.Check(watched));
            var folder = HandInFiles.Write(run, paths[0], author);
            Terminal.Output.WriteLine(folder);
            if (run.Gradients is null)
            {
                Terminal.Error.WriteLine($"charrnn: the gradients of this run are not checked yet, and the hand-in says so; check them, then write it again: {run.GradientCommand}");
            }

            Terminal.Hint($"open {Terminal.Quote(Path.Combine(folder, HandInFiles.PageName))} in a browser and print it, or: cd {Terminal.Quote(folder)} && pdflatex {HandInFiles.LatexName}");
            return ExitCode.Success;
        }
        catch (InvalidRunException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>The folders' own names, or their paths where two have the same.</summary>
    private static string[] Names(string[] paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))))];
        return names.Distinct().Count() == names.Length ? names : paths;
    }
}
