using System.CommandLine;
using System.Globalization;
using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Sweeps;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn sweep</c>: every combination of settings a run of its own, and what came out.</summary>
public static class SweepCommand
{
    /// <summary>The name of a sweep's page in its folder.</summary>
    public const string PageName = "sweep.html";

    /// <summary>What belongs to one run or to how it is shown, not to what is compared.</summary>
    private static readonly string[] NotSwept = ["--out", "--resume", "--go-on", "--kernels", "--tensorboard", "--threads", "--quiet", "--json"];

    /// <summary>A run takes that much besides its network and its text.</summary>
    private const double BytesOfProcess = 40e6;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var text = new Argument<string?>("TEXT") { Description = "A UTF-8 file; without it, the built-in tale", Arity = ArgumentArity.ZeroOrOne };
        var folder = Options.Text("--out", "DIR", "The sweep's folder, with a folder for each run (default runs/sweep)");
        var jobs = Options.OptionalWholeNumber("--jobs", "N", "Runs at a time (default as many as processors and memory allow)", 1, 4096);
        var list = Options.Switch("--list", "Run nothing; print one command a line, for a queue");
        var collect = Options.Text("--collect", "DIR", "Run nothing; read the runs in this folder");
        var json = Options.Json();
        Option[] swept = [.. TrainCommand.Create().Options.Where(option => !NotSwept.Contains(option.Name)).Select(ListOf)];
        var command = new DocumentedCommand("sweep", "Train with every combination of settings and compare")
        {
            Examples =
            [
                new("charrnn sweep book.txt --eta 0.1,0.05,0.03 --hidden 64,100 --seed 1..8", "48 runs below runs/sweep, a table, and a page"),
                new("charrnn sweep book.txt --eta 0.1,0.05 --seed 1..4 --list > runs.txt", "One command a line, for Slurm, GNU parallel or xargs"),
                new("charrnn sweep --collect runs/sweep --json", "What has come out so far"),
            ],
            Remarks =
            [
                "The options are those of train, each with one value, a list such as 0.1,0.05, or a range such as 1..8. A run's folder bears the settings that differ, so the same command goes on where it was stopped: runs that are complete are left alone, others go on from their last checkpoint.",
                "Runs that differ only in their seed are compared together: the table has the median of their last smooth loss in bits a character, the lowest and the highest; sweep.html in the sweep's folder shows the same as curves with bands, over updates and over time.",
                "Ctrl-C stops all runs, which save themselves.",
            ],
        };
        command.Arguments.Add(text);
        foreach (var option in (Option[])[folder, jobs, list, collect, .. swept, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments =>
        {
            try
            {
                if (arguments.GetValue(collect) is { } collected)
                {
                    Print(collected, arguments.GetValue(json));
                    return ExitCode.Success;
                }

                var name = arguments.GetValue(text);
                if (name == "-")
                {
                    throw new UsageException("a sweep reads its text once for each run: save it as a file first");
                }

                var place = Path.GetFullPath(arguments.GetValue(folder) ?? Path.Combine("runs", "sweep"));
                if (File.Exists(place))
                {
                    throw new UsageException($"{place} is a file: choose another folder for the sweep");
                }

                var runs = Plan(arguments, swept, name is null ? null : Path.GetFullPath(name), place);
                if (arguments.GetValue(list))
                {
                    foreach (var run in runs)
                    {
                        Terminal.Output.WriteLine(string.Join(' ', run.Arguments.Prepend(Environment.ProcessPath!).Select(Terminal.Quote)));
                    }

                    return ExitCode.Success;
                }

                return RunAll(runs, place, arguments.GetValue(jobs), arguments.GetValue(json));
            }
            catch (Exception exception) when (exception is InvalidTextException or InvalidRunException)
            {
                throw new UsageException(exception.Message);
            }
        });
        return command;
    }

    /// <summary>An option of train as one of a sweep: the same name, with a list for its value.</summary>
    private static Option ListOf(Option option)
    {
        if (option.Arity.MaximumNumberOfValues == 0)
        {
            return Options.Switch(option.Name, option.Description ?? "");
        }

        var list = new Option<string?>(option.Name) { Description = option.Description, HelpName = option.HelpName };
        list.CompletionSources.AddRange(option.CompletionSources);
        return list;
    }

    private static IReadOnlyList<PlannedRun> Plan(ParseResult arguments, Option[] swept, string? text, string folder)
    {
        var settings = new List<(string, IReadOnlyList<string>)>();
        List<string> same = ["--quiet", "--threads", "1"];
        foreach (var option in swept)
        {
            if (option is Option<string?> list && arguments.GetValue(list) is { } value)
            {
                settings.Add((option.Name, SweepPlan.Values(option.Name, value)));
            }
            else if (option is Option<bool> given && arguments.GetValue(given))
            {
                same.Add(option.Name);
            }
        }

        return SweepPlan.Make(text, folder, settings, same);
    }

    private static int RunAll(IReadOnlyList<PlannedRun> runs, string folder, int? jobs, bool json)
    {
        // Refused here, before the first run, is what every run would refuse.
        PlannedRun[] waiting = [.. runs.Where(run => !IsComplete(run))];
        var root = CommandRunner.CreateRoot([TrainCommand.Create()]);
        EncodedText? text = null;
        double largest = 0;
        foreach (var run in waiting)
        {
            (var configuration, text, _, _) = TrainCommand.Prepare(root.Parse([.. run.Arguments], CommandRunner.Parsing), text);
            largest = Math.Max(largest, TrainingMemory.Bytes(configuration, text.Vocabulary.Size) + BytesOfProcess + (2.0 * text.Length));
        }

        var fit = (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Max(1, largest), 1, Environment.ProcessorCount);
        Directory.CreateDirectory(folder);
        OutputFile.RefuseForeign(Path.Combine(folder, PageName), "a page", "give --out another folder", file => OutputFile.Begins(file, HtmlReport.TitleEnding));
        using var signals = new StopSignals();
        IReadOnlyList<(PlannedRun Run, string Message)> failed;
        var done = runs.Count - waiting.Length;
        using (var line = new ProgressLine("sweeping"))
        {
            failed = new ChildRuns(jobs ?? fit, signals.Token).Run(waiting, () =>
            {
                var now = Interlocked.Increment(ref done);
                line.Report($"{now} of {runs.Count} runs", (double)now / runs.Count);
            });
        }

        if (signals.ExitCode != 0)
        {
            Terminal.Error.WriteLine($"charrnn: stopped with {done} of {runs.Count} runs complete, the others saved; the same command goes on, and charrnn sweep --collect {Terminal.Quote(folder)} shows what there is");
            return signals.ExitCode;
        }

        foreach (var (run, message) in failed)
        {
            Terminal.Error.WriteLine($"charrnn: {run.Name} failed: {message}");
        }

        if (runs.Any(run => File.Exists(Path.Combine(run.Folder, RunFolder.ConfigurationName))))
        {
            Print(folder, json);
        }

        return failed.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static bool IsComplete(PlannedRun run)
    {
        if (!File.Exists(Path.Combine(run.Folder, RunFolder.ConfigurationName)))
        {
            return false;
        }

        // Other totals than before: train goes on, or says that it cannot.
        var parsed = CommandRunner.CreateRoot([TrainCommand.Create()]).Parse([.. run.Arguments], CommandRunner.Parsing);
        var folder = RunFolder.Open(run.Folder);
        return TrainCommand.SameTotal(parsed, folder.Configuration) && Sweep.StepsSaved(folder) >= folder.Configuration.TotalSteps;
    }

    /// <summary>The table, or JSON, on standard output, and the page into the folder.</summary>
    private static void Print(string folder, bool json)
    {
        var sweep = Sweep.Read(folder);
        var page = Path.Combine(folder, PageName);
        OutputFile.RefuseForeign(page, "a page", "move it away", file => OutputFile.Begins(file, HtmlReport.TitleEnding));
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        OutputFile.Write(page, Encoding.UTF8.GetBytes(SweepPage.Write(sweep, name, ProductVersion.Describe())), "make the folder writable");
        if (json)
        {
            Terminal.Output.WriteLine(ToJson(sweep, page));
            return;
        }

        var width = Math.Max("settings".Length, sweep.Groups.Max(group => DisplayWidth.Of(group.Name)));
        Terminal.Output.WriteLine($"{"settings".PadRight(width)}  runs  complete  median  lowest  highest   seconds");
        foreach (var group in sweep.Groups)
        {
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{group.Name}{new string(' ', width - DisplayWidth.Of(group.Name))}  {group.Runs.Count,4}  {group.Complete,8}  {group.Median,6:0.000}  {group.Lowest,6:0.000}  {group.Highest,7:0.000}  {group.Seconds,8:0.0}"));
        }

        Terminal.Output.WriteLine();
        Terminal.Output.WriteLine(SweepPage.Verdict(sweep));
        Terminal.Output.WriteLine(page);
        Terminal.Hint($"charrnn explain {Terminal.Quote(Path.Combine(folder, sweep.Groups[0].Runs[0].Name))}");
    }

    private static string ToJson(Sweep sweep, string page) => JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("page", page);
        if (sweep.IsBestBeyondSeeds is { } beyond)
        {
            json.WriteBoolean("best_beyond_seeds", beyond);
        }
        else
        {
            json.WriteNull("best_beyond_seeds");
        }

        json.WriteStartArray("groups");
        foreach (var group in sweep.Groups)
        {
            json.WriteStartObject();
            json.WriteStartObject("settings");
            foreach (var (setting, value) in group.Settings)
            {
                json.WriteString(setting, value);
            }

            json.WriteEndObject();
            JsonNumbers.Write(json, "median_bits", group.Median);
            JsonNumbers.Write(json, "lowest_bits", group.Lowest);
            JsonNumbers.Write(json, "highest_bits", group.Highest);
            json.WriteStartArray("runs");
            foreach (var run in group.Runs)
            {
                json.WriteStartObject();
                json.WriteString("name", run.Name);
                json.WriteNumber("seed", run.Seed);
                json.WriteNumber("steps", run.Steps);
                json.WriteBoolean("complete", run.IsComplete);
                JsonNumbers.Write(json, "smooth_loss", run.Metrics.Count > 0 ? run.Metrics[^1].SmoothLoss : double.NaN);
                JsonNumbers.Write(json, "last_bits", run.LastBits);
                JsonNumbers.Write(json, "best_bits", run.BestBits);
                JsonNumbers.Write(json, "seconds", run.Seconds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }, JsonText.Unescaped);
}
