using System.CommandLine;
using System.Globalization;
using System.Numerics;
using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Display;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.TensorBoard;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn train</c>: begins a run in a new folder, or goes on with one.</summary>
public static class TrainCommand
{
    internal static readonly RunConfiguration Defaults = new() { TextSha256 = "", TextLength = 0, Vocabulary = "" };

    private static readonly Argument<string[]> Text = new("TEXT") { Description = "A UTF-8 file, as it is or in gzip, or - for standard input; several, and folders, are one text; without it, the built-in tale", Arity = ArgumentArity.ZeroOrMore };
    internal static readonly Option<string?> Out = Options.Text("--out", "DIR", "The run's folder (default runs/TEXT-TIME)");
    private static readonly Option<string?> ResumeFolder = Options.Text("--resume", "DIR", "Go on with the run in this folder");
    private static readonly Option<bool> GoOn = Options.Switch("--go-on", "Where --out holds this run already, go on with it: for queues that start a job again");
    internal static readonly Option<int> Hidden = Options.WholeNumber("--hidden", "M", "Hidden units", Defaults.HiddenSize, 1, RunConfiguration.LargestHiddenSize);
    internal static readonly Option<int> SequenceLength = Options.WholeNumber("--seq-length", "N", "Characters a chunk", Defaults.SequenceLength, 1, RunConfiguration.LongestSequence);
    private static readonly Option<long> Steps = Options.WholeNumber("--steps", "N", "Updates of the whole run", Defaults.Steps!.Value, 0, RunConfiguration.MostSteps);
    private static readonly Option<long?> Epochs = Options.OptionalWholeNumber<long>("--epochs", "E", "Passes over the text of the whole run, instead of --steps", 1, RunConfiguration.MostSteps);
    internal static readonly Option<double> Eta = Options.Number("--eta", "X", "Learning rate", Defaults.Eta, 0, minimumExcluded: true);
    private static readonly Option<string> Clip = new("--clip")
    {
        Description = "Largest magnitude of a gradient element, or off",
        HelpName = "X|off",
        DefaultValueFactory = _ => Defaults.Clip.ToString(CultureInfo.InvariantCulture),
    };

    internal static readonly Option<ulong> Seed = Options.WholeNumber("--seed", "S", "Seed of the weights and of the samples", Defaults.Seed, 0UL, ulong.MaxValue);
    internal static readonly Option<string?> Init = Options.Text("--init", "FILE", "Start from this .safetensors file, or from where the run in this folder stands");
    private static readonly Option<bool> ExtendVocabulary = Options.Switch("--extend-vocabulary", "With --init: characters of the text that its model lacks get weights of their own");
    internal static readonly Option<string> PrecisionOption = Options.OneOf("--precision", "What to compute in", "single", "single", "double");
    private static readonly Option<long> SampleEvery = Options.WholeNumber("--sample-every", "N", "Write a sample before the first and every N-th update and at the end; 0 for none", Defaults.SampleEvery, 0, RunConfiguration.MostSteps);
    private static readonly Option<int> SampleLength = Options.WholeNumber("--sample-length", "N", "Characters a sample", Defaults.SampleLength, 1, RunConfiguration.LongestSample);
    private static readonly Option<long> LogEvery = Options.WholeNumber("--log-every", "N", "Write a line of metrics every N updates", Defaults.LogEvery, 1, RunConfiguration.MostSteps);
    private static readonly Option<string> CheckpointEvery = new("--checkpoint-every")
    {
        Description = "Save the run every N updates, or with an s every N seconds; it is always saved at the end",
        HelpName = "N|Ns",
        DefaultValueFactory = _ => CheckpointInterval.Default.ToString(),
    };

    private static readonly Option<int> KeepCheckpoints = Options.WholeNumber("--keep-checkpoints", "N", "Keep the newest N checkpoints, each as step-UPDATE.safetensors; 0 for the last alone", Defaults.KeptCheckpoints, 0, 1_000_000);
    private static readonly Option<int?> Threads = Options.OptionalWholeNumber("--threads", "N", "Threads that share the work; without it, as many as help; the result is the same for any number", 1, 256);
    private static readonly Option<string> Kernels = Options.OneOf("--kernels", "Which kernels to run on, for measuring", "auto", "auto", "fixed", "run-time");

    private const string EditionsText = "The edition of the exercise: classic (AdaGrad, eta 0.1, elements clipped to 5, the sum of a chunk's losses, matrices drawn with deviation 0.01) or adam (that of 2026: Adam, eta 0.001, no clipping, the mean, matrices drawn by their size)";

    /// <summary>The editions of the exercise, for the commands that do it.</summary>
    internal static readonly Option<string> EditionOption = Options.OneOf("--preset", $"{EditionsText}; what else is given overrides it", Preset.Classic, [.. Preset.Editions]);

    private static readonly Option<string> PresetOption = Options.OneOf("--preset", $"{EditionsText}; or quality, better text after some five minutes on two cores ({Describe(Preset.Apply(Preset.Quality, Defaults))}); what else is given overrides it", Preset.Classic, [.. Preset.Names]);
    internal static readonly Option<bool> Quiet = Options.Switch("--quiet", "No progress");
    internal static readonly Option<bool> TensorBoard = Options.Switch("--tensorboard", "Write losses and samples into an event file for TensorBoard too");
    private static readonly Option<bool> Json = Options.Json("about the run, as the last line");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new DocumentedCommand("train", "Train on a text")
        {
            Examples =
            [
                new("charrnn train", "100,000 updates on the built-in tale"),
                new("charrnn train book.txt --hidden 256 --epochs 3", "Your own text, three passes"),
                new("charrnn train book.txt --validation 0.1 --patience 5", "Hold out the last tenth, keep what predicts it best, and stop when nothing does better"),
                new("charrnn train book.txt --preset adam", "The exercise as it is set in 2026"),
                new("charrnn train book.txt --preset quality", "Better text, after some minutes"),
                new("charrnn train --resume runs/book --epochs 6", "Go on with a run: the totals count from its first update"),
                new("charrnn train book.txt --cell lstm --layers 2 --hidden 256 --streams 16 --optimizer adam", "Two layers of LSTM, sixteen places of the text at once"),
                new("charrnn train one.txt two.txt.gz books/ --order pieces", "Several files and folders as one text, in pieces that are mixed anew for each epoch"),
                new("charrnn train book.txt --init runs/book --schedule cosine", "Go on from what a run has learned, with a learning rate that falls to nothing"),
                new("zcat book.gz | charrnn train - --out runs/book", "From a pipe"),
            ],
            Remarks =
            [
                "The run's folder receives config.json, metrics.jsonl and metrics.csv, samples.jsonl and samples.txt, last.safetensors (to go on from), best.safetensors (the lowest smooth loss) and best.txt. Its path is printed on standard output.",
                "A run that starts from weights takes the optimizer's slots with them where the file has them, or for the best weights of a run its last state. Without slots the learning rate rises over the first 5,000 updates, and none of those moves a matrix by more than a hundredth of its root mean square. The weights that it starts from are the first candidate for best.safetensors, with the smooth loss that they have without learning; in the first 1,000 updates no others are judged.",
                "With --validation the state is carried into the held-out text and through it, and its mean loss a character stands in the metrics as validation_loss. best.safetensors is then the lowest of these; charrnn eval of it on that text prints the same figure. A file's characters must all be in the text, or --unknown skip leaves them out.",
                "Where a text is several files, each begins with the state zero, and no chunk reaches from one into the next; what fills no chunk at the end of one is not read. Of a folder all files are read, by name, but those that begin with a dot.",
                "A run whose smooth loss is above that of its beginning after 10,000 updates is said so, and where it ends so, the exit code is 1.",
                "Ctrl-C, SIGTERM and the end of the terminal (SIGHUP) finish the update, save and say how to go on; a second Ctrl-C stops at once. A run that was killed goes on from its last checkpoint.",
                "On a terminal the display is redrawn in place; elsewhere a line is written now and then. TensorBoard reads the event file with tensorboard --logdir DIR; a run that has one goes on with it.",
                "The same seed, text, settings and instruction set give the same last.safetensors, to the byte.",
            ],
        };
        command.Arguments.Add(Text);
        foreach (var option in (Option[])[Out, ResumeFolder, GoOn, PresetOption, .. NetworkArguments.All.Take(2), Hidden, SequenceLength, Steps, Epochs, Eta, Clip, .. NetworkArguments.All.Skip(2), .. OrderArguments.All, .. ValidationArguments.All, Seed, Init, ExtendVocabulary, UnknownCharacters.Option, PrecisionOption, SampleEvery, SampleLength, LogEvery, CheckpointEvery, KeepCheckpoints, Threads, Kernels, TensorBoard, Quiet, Json])
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
            RefuseTwoTotals(arguments);
            if (arguments.GetValue(ResumeFolder) is { } folder)
            {
                if (arguments.IsGiven(Out))
                {
                    throw new UsageException("--resume goes on in the run's own folder: leave --out away");
                }

                if (arguments.IsGiven(Init))
                {
                    throw new UsageException("a run that goes on has its weights: leave --init away, or begin a new run with it");
                }

                if (arguments.IsGiven(ExtendVocabulary))
                {
                    throw new UsageException("a run that goes on has its vocabulary: leave --extend-vocabulary away");
                }

                return Resume(arguments, folder);
            }

            if (!arguments.GetValue(GoOn))
            {
                return Begin(arguments);
            }

            if (arguments.GetValue(Out) is not { } place)
            {
                throw new UsageException("--go-on needs --out: the folder that may hold the run already");
            }

            return File.Exists(Path.Combine(place, RunFolder.ConfigurationName)) ? Resume(arguments, place) : Begin(arguments);
        }
        catch (Exception exception) when (exception is InvalidTextException or InvalidRunException)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>What a new run will be. What of a command line no run can do is refused here, before anything is written.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="read">Its text, where that has been read already.</param>
    /// <exception cref="UsageException">The settings fit neither one another, nor the text, nor the machine.</exception>
    /// <exception cref="InvalidTextException">The text cannot be read, or has characters that the weights to start from lack.</exception>
    internal static (RunConfiguration Configuration, EncodedText Text, EncodedText? HeldOut, ModelFile? Init) Prepare(ParseResult arguments, EncodedText? read = null)
    {
        RefuseTwoTotals(arguments);
        var settings = OrderArguments.Apply(arguments, NetworkArguments.Apply(arguments, ApplySettings(arguments, PresetOf(arguments)), Eta, Clip));
        settings = settings with { HiddenSize = arguments.GivenOr(Hidden, settings.HiddenSize), SequenceLength = arguments.GivenOr(SequenceLength, settings.SequenceLength) };
        var initPath = arguments.GetValue(Init) is { } given ? ModelReader.StateOf(given) : null;
        var init = initPath is null ? null : ReadInit(initPath, settings.Optimizer);
        if (init is not null && arguments.IsGiven(Hidden) && init.Shape.HiddenSize != arguments.GetValue(Hidden))
        {
            throw new UsageException($"{initPath} has {init.Shape.HiddenSize} hidden units, --hidden says {arguments.GetValue(Hidden)}: leave --hidden away");
        }

        if (arguments.GetValue(ExtendVocabulary) && init is null)
        {
            throw new UsageException("--extend-vocabulary is for a run that begins from a model: give --init too, or leave it away");
        }

        var names = arguments.GetValue(Text) ?? [];
        var text = TrainingText.Read(names, settings.SequenceLength, settings.Streams, read);
        settings = settings with { SkipsUnknown = UnknownCharacters.AreSkipped(arguments) };
        if (init is not null)
        {
            text = arguments.GetValue(ExtendVocabulary) ? text.WithVocabulary(init.Vocabulary.With(text.Vocabulary))
                : settings.SkipsUnknown ? UnknownCharacters.Read(text, init.Vocabulary, skip: true, TrainingText.NameOf(names))
                : UnknownCharacters.WithHint(() => text.WithVocabulary(init.Vocabulary), ", --extend-vocabulary learns them");
            if (!init.HasSlots(settings.Optimizer) && !arguments.IsGiven(OrderArguments.WarmUp))
            {
                settings = settings with { WarmUp = RunConfiguration.WarmUpOfStrangers };
            }
        }

        var configuration = TrainingSession.Describe(settings, names, text) with
        {
            Cell = init?.Shape.Cell.Name ?? settings.Cell,
            Layers = init?.Shape.Layers ?? settings.Layers,
            HiddenSize = init?.Shape.HiddenSize ?? settings.HiddenSize,
            Seed = arguments.GetValue(Seed),
            Init = initPath is null ? null : Path.GetFullPath(initPath),
            InitSha256 = initPath is null ? null : FileHash.Sha256(initPath),
            Precision = arguments.GetValue(PrecisionOption) == "double" ? Precision.Double : Precision.Single,
        };
        if (configuration.StepsPerEpoch == 0)
        {
            throw new UsageException($"{TrainingText.NameOf(names)} is cut into parts that are too short for {configuration.SequenceLength} characters and the next: choose a smaller --seq-length, or fewer --pieces or --streams");
        }

        (configuration, var heldOut) = ValidationArguments.Apply(arguments, configuration, text);
        RefuseZero(configuration);
        TrainingMemory.Check(configuration, text.Vocabulary.Size);
        return (configuration, text, heldOut, init);
    }

    private static int Begin(ParseResult arguments)
    {
        var (configuration, text, heldOut, init) = Prepare(arguments);
        var folder = arguments.GetValue(Out) ?? TrainingSession.NewFolder(arguments.GetValue(Text) is [var first, ..] ? first : null);
        return configuration.Precision == Precision.Double ? Start<double>() : Start<float>();

        int Start<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var execution = ChooseExecution<T>(arguments, configuration, text);
            configuration = configuration with { Kernels = execution.Kernels?.Name ?? configuration.Shape(text.Vocabulary.Size).ToString() };
            _ = init?.Weights<T>();   // a number too large for the precision is found before a folder is made
            return Train(arguments, folder, configuration, eventFile: false, observer => TrainingRun<T>.Begin(RunWriter.Create(PhysicalFileSystem.Instance, folder, configuration), configuration, text, init, execution, observer, heldOut));
        }
    }

    private static int Resume(ParseResult arguments, string folder)
    {
        using var writer = OpenFolder(folder);
        var before = writer.ReadConfiguration();
        var configuration = ApplySettings(arguments, before) with { Processor = Processor.Name };
        RefuseZero(configuration);
        RefuseChange(arguments, PresetOption, before.Preset ?? Preset.Classic);
        NetworkArguments.RefuseChanges(arguments, before, Eta, Clip);
        RefuseChange(arguments, Hidden, before.HiddenSize);
        RefuseChange(arguments, SequenceLength, before.SequenceLength);
        RefuseChange(arguments, Seed, before.Seed);
        RefuseChange(arguments, PrecisionOption, before.Precision == Precision.Double ? "double" : "single");

        OrderArguments.RefuseChanges(arguments, before);
        RefuseChange(arguments, UnknownCharacters.Option, before.SkipsUnknown ? "skip" : "fail");
        var given = arguments.GetValue(Text) ?? [];
        var names = given.Length > 0 ? given : before.TextNames;
        if (names is ["-"] && given.Length == 0)
        {
            throw new UsageException($"the run's text came from standard input: give it again, as in charrnn train - --resume {Terminal.Quote(folder)} < TEXT");
        }

        var text = TrainingText.Read(names, before.SequenceLength, before.Streams);
        if (text.Sha256 != before.TextSha256)
        {
            throw new UsageException($"{TrainingText.NameOf(names)} is not the text of this run: it has {text.Length} characters and SHA-256 {text.Sha256[..12]}..., the run's had {before.TextLength} and {before.TextSha256[..Math.Min(12, before.TextSha256.Length)]}...");
        }

        if (given.Length > 0 && given is not ["-"])
        {
            configuration = TrainingSession.Describe(configuration, given);
        }

        text = before.Read(text, out _);
        if (!text.Beginnings.SequenceEqual(before.Beginnings))
        {
            throw new UsageException($"{TrainingText.NameOf(names)} is the text of this run in other files: {text.Beginnings.Count}, the run's were {before.Beginnings.Count}; give the same files, or begin a new run");
        }

        (configuration, var heldOut) = ValidationArguments.Resume(arguments, configuration, text);
        TrainingMemory.Check(configuration, text.Vocabulary.Size);
        var last = ReadCheckpoint(writer);
        return configuration.Precision == Precision.Double ? Start<double>() : Start<float>();

        int Start<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var execution = ChooseExecution<T>(arguments, configuration, text);
            var step = last is not null && last.Metadata.TryGetValue("step", out var at) && long.TryParse(at, out var number) ? number : 0;
            var changed = before.WithChanges(configuration, step);
            return Train(arguments, folder, changed, EventFile.FindOwn(PhysicalFileSystem.Instance, folder).Count > 0, observer =>
            {
                var run = last is null
                    ? TrainingRun<T>.Begin(writer, changed, text, ReadInit(before), execution, observer, heldOut)
                    : TrainingRun<T>.Resume(writer, changed, text, last, execution, observer, heldOut);
                if (changed.Changes.Count != before.Changes.Count)
                {
                    writer.WriteConfiguration(changed);
                }

                return run;
            });
        }
    }

    private static int Train<T>(ParseResult arguments, string folder, RunConfiguration configuration, bool eventFile, Func<ITrainingObserver, TrainingRun<T>> open)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool quiet = arguments.GetValue(Quiet), json = arguments.GetValue(Json);
        using var observers = new TrainingObservers(quiet, eventFile || arguments.GetValue(TensorBoard));
        var (result, exitCode) = TrainingSession.Train(folder, observers, open);
        Terminal.Output.WriteLine(json ? TrainingResultJson.Describe(result!) : result!.Folder);
        if (exitCode == ExitCode.Success && !quiet && !json)
        {
            Terminal.Hint($"charrnn sample {Terminal.Quote(folder)}");
            if (configuration.Preset != Preset.Quality)
            {
                Terminal.Hint($"charrnn train {string.Join(' ', configuration.TextNames.Select(Terminal.Quote).Append("--preset quality"))}", "better text, in some minutes");
            }
        }

        return exitCode;
    }

    /// <summary>Whether a command line asks for as many updates as a run was asked for.</summary>
    internal static bool SameTotal(ParseResult arguments, RunConfiguration configuration)
    {
        var asked = arguments.IsGiven(Epochs) ? configuration with { Steps = null, Epochs = arguments.GetValue(Epochs) } : configuration with { Steps = arguments.GivenOr(Steps, PresetOf(arguments).Steps!.Value), Epochs = null };
        return asked.TotalSteps == configuration.TotalSteps;
    }

    private static RunConfiguration PresetOf(ParseResult arguments) => Preset.Apply(arguments.GetValue(PresetOption)!, Defaults);

    /// <summary>The network and the rule of a preset, for its sentence in the help.</summary>
    private static string Describe(RunConfiguration settings) => string.Create(CultureInfo.InvariantCulture,
        $"{(settings.Layers == 1 ? "one layer" : $"{settings.Layers} layers")} of {settings.HiddenSize} {settings.Cell} units, dropout {settings.Dropout}, {settings.Steps:n0} updates of {settings.Streams} streams of {settings.SequenceLength} characters, Adam with eta {settings.Eta} falling in half a cosine, the norm of gradients clipped to {settings.ClipNorm}, nothing held out");

    private static RunConfiguration ApplySettings(ParseResult arguments, RunConfiguration settings)
    {
        if (arguments.IsGiven(Steps))
        {
            settings = settings with { Steps = arguments.GetValue(Steps), Epochs = null };
        }

        if (arguments.IsGiven(Epochs))
        {
            settings = settings with { Steps = null, Epochs = arguments.GetValue(Epochs) };
        }

        if (arguments.IsGiven(Eta))
        {
            settings = settings with { Eta = arguments.GetValue(Eta) };
        }

        if (arguments.IsGiven(Clip))
        {
            settings = settings with { Clip = ParseClip(arguments.GetValue(Clip)!) };
        }

        if (arguments.IsGiven(SampleEvery))
        {
            settings = settings with { SampleEvery = arguments.GetValue(SampleEvery) };
        }

        if (arguments.IsGiven(SampleLength))
        {
            settings = settings with { SampleLength = arguments.GetValue(SampleLength) };
        }

        if (arguments.IsGiven(LogEvery))
        {
            settings = settings with { LogEvery = arguments.GetValue(LogEvery) };
        }

        if (arguments.IsGiven(KeepCheckpoints))
        {
            settings = settings with { KeptCheckpoints = arguments.GetValue(KeepCheckpoints) };
        }

        if (!arguments.IsGiven(CheckpointEvery))
        {
            return settings;
        }

        var interval = arguments.GetValue(CheckpointEvery)!;
        return CheckpointInterval.TryParse(interval, out var parsed) ? settings with { CheckpointEvery = parsed }
            : throw new UsageException($"--checkpoint-every takes updates, such as 500, or seconds, such as 10s, not '{interval}'");
    }

    private static double ParseClip(string text)
    {
        if (text == "off")
        {
            return double.PositiveInfinity;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var clip) && clip > 0 && double.IsFinite(clip) ? clip
            : throw new UsageException($"--clip takes a number greater than 0, or off, not '{text}'");
    }

    private static void RefuseTwoTotals(ParseResult arguments)
    {
        if (arguments.IsGiven(Steps) && arguments.IsGiven(Epochs))
        {
            throw new UsageException("--steps and --epochs exclude each other: give one of them");
        }
    }

    private static void RefuseZero(RunConfiguration configuration)
    {
        foreach (var (name, value) in ((string, double)[])[(Eta.Name, configuration.Eta), (Clip.Name, configuration.Clip)])
        {
            if (double.IsFinite(value) && !RunConfiguration.IsPositiveIn(configuration.Precision, value))
            {
                throw new UsageException($"{name} {value} is nothing in {(configuration.Precision == Precision.Double ? "double" : "single")} precision, and nothing would be learned: give a larger one");
            }
        }
    }

    private static void RefuseChange<TValue>(ParseResult arguments, Option<TValue> option, TValue value)
    {
        if (arguments.IsGiven(option) && !Equals(arguments.GetValue(option), value))
        {
            throw new UsageException($"the run has {option.Name} {value}, not {arguments.GetValue(option)}: it cannot change; leave {option.Name} away, or begin a new run");
        }
    }

    private static RunWriter OpenFolder(string folder)
    {
        try
        {
            return RunWriter.Resume(PhysicalFileSystem.Instance, folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"the run in {folder} cannot be written or read: {exception.Message}");
        }
    }

    private static ModelFile? ReadCheckpoint(RunWriter writer)
    {
        try
        {
            return writer.ReadModel(RunFolder.LastName);
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"{Path.Combine(writer.Folder, RunFolder.LastName)} may not be read: permission denied");
        }
        catch (SafetensorsException exception)
        {
            throw new UsageException($"{Path.Combine(writer.Folder, RunFolder.LastName)} is damaged: {exception.Message}; delete it to begin the run again, or start from {RunFolder.BestName} with --init");
        }
    }

    /// <summary>The weights that a run began from, for one that was stopped before its first checkpoint.</summary>
    private static ModelFile? ReadInit(RunConfiguration configuration)
    {
        if (configuration.Init is not { } path)
        {
            return null;
        }

        var model = ReadInit(path, configuration.Optimizer);
        return FileHash.Sha256(path) == configuration.InitSha256 ? model
            : throw new UsageException($"{path} is no longer the file that the run began from: begin a new run");
    }

    /// <summary>Weights to begin from. The best weights of a run are saved without the optimizer's slots: those of its last state, which has learned from all that they have, come along.</summary>
    private static ModelFile ReadInit(string path, string optimizer)
    {
        var model = ModelReader.Read(path, again: true);
        var state = Path.Combine(Path.GetDirectoryName(path) ?? "", RunFolder.LastName);
        return model.HasSlots(optimizer) || Path.GetFileName(path) != RunFolder.BestName || !File.Exists(state) ? model : model.WithSlotsOf(ModelReader.Read(state), optimizer);
    }

    private static Execution<T> ChooseExecution<T>(ParseResult arguments, RunConfiguration configuration, EncodedText text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(ChooseKernels<T>(arguments, configuration, text), arguments.GetValue(Threads) ?? Execution<T>.DefaultThreads(configuration), arguments.GetValue(Kernels) != "run-time");

    /// <summary>The kernels of the textbooks' network; null where it is another.</summary>
    private static RecurrentKernels<T>? ChooseKernels<T>(ParseResult arguments, RunConfiguration configuration, EncodedText text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var shape = configuration.Shape(text.Vocabulary.Size);
        var choice = arguments.GetValue(Kernels)!;
        if (!VanillaNetwork<T>.IsFor(shape, configuration.NetworkOptions))
        {
            var name = $"{shape.Cell.Name}:{shape.HiddenSize}x{shape.VocabularySize}";
            return choice != "fixed" || CompiledProducts.Shapes.Contains(name) ? null
                : throw new UsageException($"the shape {name} is not compiled in: publish with -p:Shapes={name}, or leave --kernels away");
        }

        var kernels = CompiledKernels.Best<T>(shape, allowFixed: choice != "run-time");
        return choice != "fixed" || kernels.IsFixedSize ? kernels
            : throw new UsageException($"the shape {shape} is not compiled in: publish with -p:Shapes={shape}, or leave --kernels away");
    }
}
