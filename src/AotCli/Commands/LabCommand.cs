using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Display;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Bonus;
using CharRnn.Rnn.Reports.Words;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn lab</c>: the whole exercise of a lab on recurrent networks, from the gradient check to the report.</summary>
public static class LabCommand
{
    private const long LeastSteps = 100_000;
    private const double DifferenceStep = 1e-4;
    internal const int SmallCheck = 10;

    // Above these the check of every coordinate, or the timing of the scalar loops, would take longer than all the rest.
    private const double MostCheckOperations = 2.5e10, MostTimedOperations = 2e8;

    private static readonly Argument<string?> Text = new("TEXT") { Description = "A UTF-8 file, or - for standard input; without it, the built-in tale", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<long> Epochs = Options.WholeNumber("--epochs", "E", "Passes over the text; 100,000 updates are the least", 2L, 1, 1_000_000_000_000);
    private static readonly Option<string[]> WatchWord = new("--watch-word") { Description = "A word whose first appearance is looked for; can be given again", HelpName = "WORD", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Bonus = Options.Switch("--bonus", "Do the extra tasks too: the text read in other orders and in several places at once, judged on a held-out piece; temperature and nucleus sampling at three values each; the speed of plain loops against the kernels part by part");
    private static readonly Option<bool> Json = Options.Json("with all results");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new DocumentedCommand("lab", "The whole lab exercise: check the gradients, train, write, report")
        {
            Examples =
            [
                new("charrnn lab", "On the built-in tale; open report.html in the folder that is named at the end"),
                new("charrnn lab novel.txt --epochs 10 --out runs/novel", "Ten passes over your own text"),
                new("charrnn lab novel.txt --preset adam", "The exercise as it is set in 2026: Adam, mean losses, and its check of ten hidden units"),
                new("charrnn lab novel.txt --bonus", "With the tasks for extra points"),
                new("charrnn lab novel.txt --watch-word Harry --watch-word Hermione", "When were these names first written?"),
            ],
            Remarks =
            [
                "First the gradients of the run's first two batches are checked, each coordinate, with --preset adam in a network of ten hidden units as that edition asks; gradcheck.json keeps the figures. Then the network trains; samples of 200 characters are written before the first and before every 10,000th update and at the end, and 1,000 characters with the best weights (best.txt). Then an update is timed beside the scalar loops (bench.json), with --bonus the extra tasks are done (bonus.json), and report.html and loss.svg are written. All of it lies in the run's folder, which train, sample and report take as any other.",
                "Ctrl-C finishes the update, saves and says how to go on. Exit code 1 where a gradient is wrong; the rest is done all the same.",
            ],
        };
        command.Arguments.Add(Text);
        foreach (var option in (Option[])[Epochs, TrainCommand.Out, TrainCommand.EditionOption, TrainCommand.Hidden, TrainCommand.SequenceLength, TrainCommand.Eta, TrainCommand.Seed, Bonus, WatchWord, TrainCommand.TensorBoard, TrainCommand.Quiet, Json])
        {
            command.Options.Add(option);
        }

        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        try
        {
            var name = arguments.GetValue(Text);
            var text = TrainingText.Read(name, arguments.GetValue(TrainCommand.SequenceLength));
            WatchedWords.Check(arguments.GetValue(WatchWord) ?? []);
            var preset = Preset.Apply(arguments.GetValue(TrainCommand.EditionOption)!, TrainCommand.Defaults);
            var configuration = TrainingSession.Describe(preset, name, text) with
            {
                HiddenSize = arguments.GetValue(TrainCommand.Hidden),
                SequenceLength = arguments.GetValue(TrainCommand.SequenceLength),
                Eta = arguments.GivenOr(TrainCommand.Eta, preset.Eta),
                Seed = arguments.GetValue(TrainCommand.Seed),
                Steps = null,
                Epochs = arguments.GetValue(Epochs),
            };
            if (configuration.TotalSteps < LeastSteps)
            {
                configuration = configuration with { Steps = LeastSteps, Epochs = null };
            }

            TrainingMemory.Check(configuration, text.Vocabulary.Size);
            var folder = arguments.GetValue(TrainCommand.Out) ?? TrainingSession.NewFolder(name);
            RefuseResults(folder);
            return Run(arguments, configuration, text, folder);
        }
        catch (Exception exception) when (exception is InvalidTextException or InvalidRunException)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>The folder may be there already and hold other files, but none in the place of those that a lab writes beside the run's.</summary>
    private static void RefuseResults(string folder)
    {
        if (File.Exists(Path.Combine(folder, RunFolder.ConfigurationName)))
        {
            return;   // a run, which is refused as such
        }

        string[] names = [ReportFiles.PageName, ReportFiles.CurveName, WritingPage.FileName, RunFolder.GradientCheckName, RunFolder.BenchmarkName, RunFolder.BonusName];
        if (names.FirstOrDefault(name => Path.Exists(Path.Combine(folder, name))) is { } taken)
        {
            throw new UsageException($"{folder} holds {taken} already, which a lab would replace: choose another --out, or move the file");
        }
    }

    private static int Run(ParseResult arguments, RunConfiguration configuration, EncodedText text, string folder)
    {
        var quiet = arguments.GetValue(TrainCommand.Quiet);
        var shape = new NetworkShape(configuration.HiddenSize, text.Vocabulary.Size);
        var kernels = CompiledKernels.Best<float>(shape);
        configuration = configuration with { Kernels = kernels.Name };
        GradientCheckResult? gradients = null;
        using var observers = new TrainingObservers(quiet, arguments.GetValue(TrainCommand.TensorBoard));
        var (training, exitCode) = TrainingSession.Train(folder, observers,
            observer => TrainingRun<float>.Begin(RunWriter.Create(PhysicalFileSystem.Instance, folder, configuration), configuration, text, null, new Execution<float>(kernels, 1), observer),
            stop => gradients = CheckGradients(configuration, text, shape, folder, quiet, stop));
        if (exitCode != ExitCode.Success)
        {
            Terminal.Output.WriteLine(folder);
            return exitCode;
        }

        var timing = TimeUpdate(configuration, shape, folder, quiet);
        if (arguments.GetValue(Bonus))
        {
            DoBonus(configuration, text, folder, quiet);
        }

        var page = Path.Combine(folder, ReportFiles.PageName);
        var opened = RunFolder.Open(folder);
        var report = ReportReader.Read(opened, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), arguments.GetValue(WatchWord) ?? [], text);
        ReportFiles.Write([report], page, opened);
        var summary = new LabSummary(folder, page, gradients!, training!, timing, report);
        if (arguments.GetValue(Json))
        {
            Terminal.Output.WriteLine(summary.ToJson());
        }
        else
        {
            summary.Write(Terminal.Output);
            if (!quiet)
            {
                Terminal.Hint($"charrnn sample {Terminal.Quote(folder)} --interactive");
            }
        }

        if (!gradients!.Ok)
        {
            throw new CommandFailedException($"a gradient is wrong: {Path.Combine(folder, RunFolder.GradientCheckName)} says which; check this machine's arithmetic with charrnn bench --verify");
        }

        return ExitCode.Success;
    }

    /// <summary>Checks the run's own first two batches; a network that is too large for that, in a smaller one of the same seed.</summary>
    private static GradientCheckResult CheckGradients(RunConfiguration configuration, EncodedText text, NetworkShape shape, string folder, bool quiet, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        using var line = quiet ? null : new ProgressLine("checking the gradients");
        var progress = new WorkProgress((stage, share) => line?.Report(stage, share), stop);
        var length = configuration.SequenceLength;
        int[]? characters = null;
        double read = Math.Min(shape.VocabularySize, length), m = shape.HiddenSize;
        if (configuration.Preset == Preset.Adam)
        {
            // That edition asks for a comparison at ten hidden units, where PyTorch's derivatives are at hand too.
            (shape, m) = (new(Math.Min(shape.HiddenSize, SmallCheck), shape.VocabularySize), Math.Min(m, SmallCheck));
        }

        if (((m * m) + (m * read)) * length * ((m * m) + (m * shape.VocabularySize)) > MostCheckOperations)
        {
            (shape, length) = (new(Math.Min(shape.HiddenSize, 100), Math.Min(shape.VocabularySize, 100)), Math.Min(length, 25));
        }
        else if (text.Length > 2L * length)
        {
            characters = new int[(2 * length) + 1];
            text.CopyTo(0, characters);
        }

        var result = GradientCheckResult.Run(shape, length, configuration.Seed, DifferenceStep, cases: 0, characters, progress, configuration);
        AtomicFile.Write(PhysicalFileSystem.Instance, Path.Combine(folder, RunFolder.GradientCheckName), Encoding.UTF8.GetBytes(result.ToJson() + "\n"));
        line?.Dispose();
        if (!quiet)
        {
            Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gradients {(result.Ok ? "right" : "WRONG")}, checked in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
        }

        return result;
    }

    private static void DoBonus(RunConfiguration configuration, EncodedText text, string folder, bool quiet)
    {
        var characters = new int[Math.Min(text.Length, ReportReader.CharactersOfWords)];
        text.CopyTo(0, characters);
        using var line = quiet ? null : new ProgressLine("extra tasks");
        var words = new TextWords(text.Vocabulary.Decode(characters));
        var bonus = BonusReport.Make<float>(configuration, ModelFile.Read(Path.Combine(folder, RunFolder.BestName)), text, words, (stage, share) => line?.Report(stage, share));
        AtomicFile.Write(PhysicalFileSystem.Instance, Path.Combine(folder, RunFolder.BonusName), Encoding.UTF8.GetBytes(JsonText.Of(bonus.WriteJson, JsonText.Unescaped) + "\n"));
    }

    private static UpdateTiming? TimeUpdate(RunConfiguration configuration, NetworkShape shape, string folder, bool quiet)
    {
        if (new UpdateBenchmark<float>(shape, configuration.SequenceLength).Operations > MostTimedOperations)
        {
            return null;
        }

        using var line = quiet ? null : new ProgressLine("timing an update");
        var timing = UpdateTiming.Measure<float>(shape, configuration.SequenceLength, streams: 1, threads: 1, allowFixed: true, line);
        OutputFile.Write(Path.Combine(folder, RunFolder.BenchmarkName), Encoding.UTF8.GetBytes(timing.ToJson() + "\n"), $"the run is saved, charrnn report {Terminal.Quote(folder)} reports on it");
        return timing;
    }
}
