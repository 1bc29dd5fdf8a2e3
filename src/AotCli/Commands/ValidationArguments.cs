using System.CommandLine;
using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary>The options that say which text is held out, how often it is validated on, and when that ends a training.</summary>
internal static class ValidationArguments
{
    /// <summary>Validations of a run of default length.</summary>
    private const int Validations = 20;

    public static readonly Option<string?> Validation = Options.Text("--validation", "PART|FILE", "Hold out the last part of the text, such as 0.1, or validate on this file: best.safetensors is then what predicts it best");
    public static readonly Option<long?> Every = Options.OptionalWholeNumber<long>("--validation-every", "N", "Validate after every N updates (default: twice an epoch, 20 times at most)", 1, RunConfiguration.MostSteps);
    public static readonly Option<long?> Patience = Options.OptionalWholeNumber<long>("--patience", "N", "End the training after N validations without a lower loss; 0 for never", 0, RunConfiguration.MostSteps);

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Option> All { get; } = [Validation, Every, Patience];

    /// <summary>A configuration with what is given, and the text of the file that is validated on.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">Everything else.</param>
    /// <param name="text">The whole text.</param>
    /// <exception cref="UsageException">Too little is left to train on or to validate on.</exception>
    /// <exception cref="InvalidTextException">The file cannot be read, or has characters that the text lacks.</exception>
    public static (RunConfiguration Settings, EncodedText? HeldOut) Apply(ParseResult arguments, RunConfiguration settings, EncodedText text)
    {
        if (arguments.GetValue(Validation) is not { } value)
        {
            RefuseWithoutHeldOut(arguments);
            return (settings, null);
        }

        EncodedText? heldOut = null;
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var part))
        {
            if (!(part > 0 && part < 1))
            {
                throw new UsageException($"--validation takes a part of the text, greater than 0 and below 1, or a file, not '{ForeignText.Line(value)}'");
            }

            settings = settings with { HeldOut = (long)Math.Round(part * text.Length) };
        }
        else
        {
            heldOut = Read(value, settings);
            settings = settings with { ValidationPath = Path.GetFullPath(value), ValidationSha256 = heldOut.Sha256 };
        }

        if (settings.StepsPerEpoch == 0)
        {
            throw new UsageException($"--validation {value} leaves {settings.TrainingLength} characters to train on, too few for {settings.Streams} streams of {settings.SequenceLength} and the next{(settings.Order == TextOrder.Pieces ? $" in {Math.Max(settings.Pieces, settings.Streams)} pieces" : "")}: hold out less{(settings.Order == TextOrder.Pieces ? ", or choose fewer --pieces" : "")}");
        }

        if ((heldOut?.Length ?? settings.HeldOut) < 2)
        {
            throw new UsageException($"--validation {value} holds out {heldOut?.Length ?? settings.HeldOut} characters: two are needed to predict the second from the first");
        }

        return (settings with
        {
            ValidationEvery = arguments.GetValue(Every) ?? Math.Max(1, Math.Min(settings.StepsPerEpoch / 2, settings.TotalSteps / Validations)),
            Patience = arguments.GetValue(Patience) ?? 0,
        }, heldOut);
    }

    /// <summary>What a run that goes on changes: its patience; and the file that it validates on, read again.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="settings">The run's configuration.</param>
    /// <param name="text">The whole text.</param>
    /// <exception cref="UsageException">What cannot change is given and differs, or the file is no longer the run's.</exception>
    /// <exception cref="InvalidTextException">The file cannot be read.</exception>
    public static (RunConfiguration Settings, EncodedText? HeldOut) Resume(ParseResult arguments, RunConfiguration settings, EncodedText text)
    {
        if (!settings.IsValidated)
        {
            if (arguments.GetValue(Validation) is not null)
            {
                throw new UsageException("the run has no held-out text, and cannot get one: leave --validation away, or begin a new run");
            }

            RefuseWithoutHeldOut(arguments);
            return (settings, null);
        }

        if (arguments.GetValue(Every) is { } every && every != settings.ValidationEvery)
        {
            throw new UsageException($"the run has --validation-every {settings.ValidationEvery}, not {every}: it cannot change; leave --validation-every away, or begin a new run");
        }

        settings = settings with { Patience = arguments.GetValue(Patience) ?? settings.Patience };
        var given = arguments.GetValue(Validation);
        var isPart = double.TryParse(given, NumberStyles.Float, CultureInfo.InvariantCulture, out var part);
        if (settings.ValidationPath is null)
        {
            return given is null || (isPart && (long)Math.Round(part * text.Length) == settings.HeldOut) ? (settings, null)
                : throw new UsageException($"the run holds out the last {settings.HeldOut} characters of its text: that cannot change; leave --validation away, or begin a new run");
        }

        var path = given ?? settings.ValidationPath;
        var heldOut = Read(path, settings);
        return heldOut.Sha256 == settings.ValidationSha256 ? (settings with { ValidationPath = Path.GetFullPath(path) }, heldOut)
            : throw new UsageException($"{path} is not the text that this run validates on: it has SHA-256 {heldOut.Sha256[..12]}..., the run's had {settings.ValidationSha256![..12]}...");
    }

    private static EncodedText Read(string path, RunConfiguration settings) =>
        path == "-" ? throw new UsageException("--validation takes a file, and standard input is none that a run could read again: save it first")
            : UnknownCharacters.Read(TextFile.Read(path), Vocabulary.FromText(settings.Vocabulary), settings.SkipsUnknown, path);

    private static void RefuseWithoutHeldOut(ParseResult arguments)
    {
        foreach (var option in All)
        {
            if (arguments.IsGiven(option))
            {
                throw new UsageException($"{option.Name} needs held-out text: give --validation too, such as --validation 0.1");
            }
        }
    }
}
