using System.Globalization;
using System.Numerics;
using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary>What <c>train</c> and <c>lab</c> do with a run: they open it, train it to its end or until they are asked to stop, and say how to go on.</summary>
internal static class TrainingSession
{
    /// <summary>Trains.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="folder">The run's folder.</param>
    /// <param name="observers">Who is told.</param>
    /// <param name="open">Opens the run.</param>
    /// <param name="before">What is to be done with the open folder before the first update; it ends early where the token says so.</param>
    /// <returns>How it ended; null where it was stopped before the first update. And the exit code: 0, or that of the signal which stopped it.</returns>
    /// <exception cref="UsageException">A file of the run is damaged.</exception>
    /// <exception cref="CommandFailedException">The loss is not finite any more, or a file cannot be written.</exception>
    public static (TrainingResult? Result, int ExitCode) Train<T>(string folder, ITrainingObserver observers, Func<ITrainingObserver, TrainingRun<T>> open, Action<CancellationToken>? before = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var opened = false;
        var goOn = $"charrnn train --resume {Terminal.Quote(folder)}";
        try
        {
            using var signals = new StopSignals();
            using var run = open(observers);
            opened = true;
            if (!run.IsLocked)
            {
                Terminal.Error.WriteLine($"charrnn: the file system of {ForeignText.Line(folder)} has no locks: see to it that no second process trains there");
            }

            try
            {
                before?.Invoke(signals.Token);
            }
            catch (OperationCanceledException) when (signals.ExitCode != 0)
            {
                Terminal.Error.WriteLine(ProgramName.In($"charrnn: stopped before the first update; go on with: {goOn}"));
                return (null, signals.ExitCode);
            }

            var result = run.Train(() => signals.ExitCode != 0);
            if (result.DivergedAt is { } step)
            {
                throw new CommandFailedException($"the loss of update {step} is not finite: training stopped, the last finite weights, after update {result.Progress.Step}, are in {Path.Combine(folder, RunFolder.LastName)}; try a smaller --eta{(double.IsInfinity(run.Configuration.Clip) ? " or --clip 5" : "")}");
            }

            if (signals.ExitCode == 0 || result.IsComplete)
            {
                return (result, Ended(result));
            }

            Terminal.Error.WriteLine(ProgramName.In($"charrnn: stopped after update {result.Progress.Step} of {result.TotalSteps}, saved; go on with: {goOn}"));
            return (result, signals.ExitCode);
        }
        catch (SafetensorsException exception)
        {
            throw new UsageException($"{folder} cannot go on: {RunFolder.LastName} or {RunFolder.BestName} is damaged ({exception.Message})");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var hint = !opened ? ""
                : File.Exists(Path.Combine(folder, RunFolder.LastName)) ? $"; the last checkpoint is intact, go on with: {goOn}"
                : $"; no checkpoint was saved, begin again with: {goOn}";
            throw new CommandFailedException($"the run in {folder} cannot be written or read: {exception.Message}{hint}");
        }
    }

    /// <summary>A run that ends with a higher loss than it began with has failed, though all of it is saved.</summary>
    private static int Ended(TrainingResult result)
    {
        if (result.Rise is not { } rise)
        {
            return ExitCode.Success;
        }

        Terminal.Error.WriteLine(ProgramName.In(string.Create(CultureInfo.InvariantCulture, $"charrnn: the smooth loss is {rise.SmoothLoss:F3} after {rise.Step} updates, above the {rise.FirstSmoothLoss:F3} that the run began with: nothing was learned; try a smaller --eta in a new run")));
        return ExitCode.Failure;
    }

    /// <summary>The settings of a new run, with what is known of its text.</summary>
    /// <param name="settings">Everything else.</param>
    /// <param name="name">The text as the command line names it.</param>
    /// <param name="text">The text.</param>
    public static RunConfiguration Describe(RunConfiguration settings, string? name, EncodedText text) => Describe(settings, name is null ? [] : (IReadOnlyList<string>)[name], text);

    /// <summary>The same of a text of several files and folders.</summary>
    /// <inheritdoc cref="Describe(RunConfiguration, string, EncodedText)"/>
    public static RunConfiguration Describe(RunConfiguration settings, IReadOnlyList<string> names, EncodedText text) => Describe(settings, names) with
    {
        Beginnings = text.Beginnings,
        TextSha256 = text.Sha256,
        TextLength = text.Length,
        Vocabulary = text.Vocabulary.ToString(),
        Version = ProductVersion.Version,
        Processor = Processor.Name,
    };

    /// <summary>The settings with where the text is.</summary>
    /// <param name="settings">Everything else.</param>
    /// <param name="names">The text as the command line names it.</param>
    public static RunConfiguration Describe(RunConfiguration settings, IReadOnlyList<string> names) => settings with
    {
        Text = names.Count == 0 ? null : names[0],
        TextPath = names is [] or ["-"] ? null : Path.GetFullPath(names[0]),
        TextPaths = names.Count > 1 || names.Any(Directory.Exists) ? [.. names.Select(Path.GetFullPath)] : [],
    };

    /// <summary>A folder that does not exist yet, named after the text and the time.</summary>
    /// <param name="text">The text as the command line names it.</param>
    public static string NewFolder(string? text)
    {
        var name = text switch { null => BuiltInText.Name, "-" => "stdin", _ => Shorten(Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(text))) };
        var folder = Path.Combine("runs", string.Create(CultureInfo.InvariantCulture, $"{(name.Length > 0 ? name : "text")}-{DateTime.Now:yyyyMMdd-HHmmss}"));
        var unused = folder;
        for (var i = 2; Path.Exists(unused); i++)
        {
            unused = string.Create(CultureInfo.InvariantCulture, $"{folder}-{i}");
        }

        return unused;
    }

    /// <summary>As much of a name as leaves room for a time in the longest that file systems take.</summary>
    private static string Shorten(string name)
    {
        const int mostBytes = 200;
        var shortened = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > mostBytes)
            {
                break;
            }

            shortened.Append(rune.ToString());
        }

        return shortened.ToString();
    }
}
