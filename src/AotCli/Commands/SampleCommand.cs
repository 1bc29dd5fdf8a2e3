using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn sample</c>: writes text with a trained model.</summary>
public static class SampleCommand
{
    private static readonly Argument<string> Model = new("MODEL") { Description = "A .safetensors file, or the folder of a run (its best weights)" };
    private static readonly Option<long> Length = Options.WholeNumber("--length", "N", "Characters to write", 200, 0, 1_000_000_000_000);
    private static readonly Option<int> Count = Options.WholeNumber("--count", "N", "How many texts, each from a random stream of its own", 1, 1, 1_000_000);
    private static readonly Option<string?> Prime = Options.Text("--prime", "TEXT", "The beginning, which the network reads and then goes on from");
    private static readonly Option<string?> PrimeFile = Options.Text("--prime-file", "FILE", "The beginning, from a UTF-8 file, its last line end included; - for standard input");
    private static readonly Option<double> Temperature = Options.Number("--temperature", "X", "Under 1 safer, over 1 bolder, 0 always the likeliest character", 1, 0, 1e6);
    private static readonly Option<int> TopK = Options.WholeNumber("--top-k", "K", "Draw among the K likeliest characters only; 0 for all", 0, 0, int.MaxValue);
    private static readonly Option<double> TopP = Options.Number("--top-p", "P", "Draw among the fewest likely characters that make up P of the probability", 1, 0, 1, minimumExcluded: true);
    private static readonly Option<string?> Until = Options.Text("--until", "TEXT", "Stop once this has been written");
    private static readonly Option<ulong> Seed = Options.WholeNumber("--seed", "S", "Seed of the draws", 1UL, 0UL, ulong.MaxValue);
    private static readonly Option<bool> Interactive = Options.Switch("--interactive", "Read a beginning from each line of input and go on with it");
    private static readonly Option<bool> ShowProbabilities = Options.Switch("--show-probabilities", "Print each character with the likeliest ones at its place, instead of the text");
    private static readonly Option<bool> Json = Options.Json("a text, with prime and seed");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new DocumentedCommand("sample", "Write text with a trained model")
        {
            Examples =
            [
                new("charrnn sample runs/book --prime 'The ' --length 500", "Go on from a beginning"),
                new("charrnn sample model.safetensors --temperature 0.7 --top-p 0.95 --count 3", "Three safer texts"),
                new("charrnn sample runs/book --prime 'Once upon a ' --length 1 --show-probabilities", "What the network expects next"),
                new("charrnn sample runs/book --interactive", "Type a beginning, it goes on"),
            ],
            Remarks =
            [
                "Top-k is taken first, then top-p of what it leaves. The same model, options and seed write the same text.",
                "A model of a run starts from the state that its training carried, others from h = 0; without a beginning a line end is read first. Every character of a beginning must be one of the model's: those that are not are named.",
            ],
        };
        command.Arguments.Add(Model);
        foreach (var option in (Option[])[Length, Count, Prime, PrimeFile, UnknownCharacters.Option, Temperature, TopK, TopP, Until, Seed, Interactive, ShowProbabilities, Json])
        {
            command.Options.Add(option);
        }

        command.SetAction(arguments =>
        {
            try
            {
                return Run(arguments);
            }
            catch (InvalidTextException exception)
            {
                throw new UsageException(exception.Message);
            }
            catch (ArithmeticException exception)
            {
                throw new CommandFailedException(exception.Message);
            }
        });
        return command;
    }

    private static int Run(ParseResult arguments)
    {
        if (arguments.GetValue(Prime) is not null && arguments.GetValue(PrimeFile) is not null)
        {
            throw new UsageException("--prime and --prime-file exclude each other: give one of them");
        }

        if (arguments.GetValue(Interactive) && (arguments.GetValue(Json) || arguments.GetValue(ShowProbabilities) || arguments.GetValue(Count) > 1))
        {
            throw new UsageException("--interactive writes one text: leave --json, --show-probabilities and --count away");
        }

        if (arguments.GetValue(Json) && arguments.GetValue(ShowProbabilities))
        {
            throw new UsageException("--json and --show-probabilities exclude each other: give one of them");
        }

        if (arguments.GetValue(Until) is "")
        {
            throw new UsageException("--until needs a text of at least one character");
        }

        if (arguments.GetValue(PrimeFile) is "-" && arguments.GetValue(Interactive))
        {
            throw new UsageException("--prime-file - takes all of standard input, and --interactive reads lines of it: give one of them");
        }

        var model = ModelReader.Read(arguments.GetValue(Model)!);
        return model.Type == TensorType.F64 ? Run<double>(arguments, model) : Run<float>(arguments, model);
    }

    private static int Run<T>(ParseResult arguments, ModelFile model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var prime = arguments.GetValue(Prime) ?? (arguments.GetValue(PrimeFile) is { } path ? ReadPrime(path) : "");
        var beginning = Encode(arguments, model.Vocabulary, prime, "the beginning cannot be read");
        if (arguments.GetValue(Until) is { } until)
        {
            Refusing("what --until waits for can never be written", () => EncodeAll(arguments, model.Vocabulary, until, "what --until waits for can never be written"));
        }

        var settings = new SamplingSettings
        {
            Temperature = arguments.GetValue(Temperature),
            TopK = arguments.GetValue(TopK),
            TopP = arguments.GetValue(TopP),
            Seed = arguments.GetValue(Seed),
        };
        using var network = Network<T>.Create(model.Shape, 1);
        network.Load(model.Weights<T>(), null);
        var carried = model.Hidden<T>();
        bool json = arguments.GetValue(Json), table = arguments.GetValue(ShowProbabilities);
        for (var i = 0; i < arguments.GetValue(Count); i++)
        {
            if (carried is not null)
            {
                network.SetHidden(carried);
            }
            else
            {
                network.ResetHidden();
            }

            var writer = new Writer<T>(network, model.Vocabulary, new Sampler(settings, model.Shape.VocabularySize, (ulong)i));
            if (prime.Length == 0 || arguments.GetValue(Interactive))
            {
                writer.ReadLineEnd();
            }

            writer.Read(beginning);
            if (arguments.GetValue(Interactive))
            {
                return Converse(arguments, writer, model.Vocabulary, prime);
            }

            if (i > 0 && !json)
            {
                Terminal.Output.Write(table ? "\n" : "\n\n");
            }

            if (json)
            {
                WriteJson(arguments, writer, prime);
            }
            else if (table)
            {
                WriteProbabilities(arguments, writer);
            }
            else
            {
                WriteText(arguments, writer, prime);
            }
        }
        // Scripts take what it writes; only a person asks what could come next.
        if (!json && !table && Terminal.OutputIsTerminal)
        {
            Terminal.Hint($"charrnn sample {Terminal.Quote(arguments.GetValue(Model)!)} --interactive");
        }

        return ExitCode.Success;
    }

    private static void WriteText<T>(ParseResult arguments, Writer<T> writer, string prime)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Terminal.Output.Write(prime);
        foreach (var character in writer.Write(arguments.GetValue(Length), arguments.GetValue(Until)))
        {
            Terminal.Output.Write(character);
            if (Terminal.OutputIsTerminal)
            {
                Terminal.Flush();
            }
        }

        Terminal.Output.WriteLine();
        Terminal.Flush();
    }

    private static void WriteProbabilities<T>(ParseResult arguments, Writer<T> writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var character in writer.Write(arguments.GetValue(Length), arguments.GetValue(Until)))
        {
            var likely = writer.Likeliest(5).Select(found => string.Create(CultureInfo.InvariantCulture, $"{Column(found.Character)} {found.Probability * 100,5:0.0}%"));
            Terminal.Output.WriteLine($"{Column(character)} | {string.Join("  ", likely)}");
        }
    }

    private static void WriteJson<T>(ParseResult arguments, Writer<T> writer, string prime)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var text = new StringBuilder();
        foreach (var character in writer.Write(arguments.GetValue(Length), arguments.GetValue(Until)))
        {
            text.Append(character);
        }

        Terminal.Output.WriteLine(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("prime", prime);
            json.WriteString("text", text.ToString());
            json.WriteNumber("seed", arguments.GetValue(Seed));
            JsonNumbers.Write(json, "temperature", arguments.GetValue(Temperature));
            json.WriteNumber("top_k", arguments.GetValue(TopK));
            JsonNumbers.Write(json, "top_p", arguments.GetValue(TopP));
            json.WriteEndObject();
        }));
    }

    /// <summary>Reads a line, goes on with it to the end of a line or to --length characters, and again, in one state.</summary>
    private static int Converse<T>(ParseResult arguments, Writer<T> writer, Vocabulary vocabulary, string prime)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Terminal.Error.WriteLine("Type a beginning and press Enter; an empty line goes on; Ctrl-D ends.");
        if (prime.Length > 0)
        {
            Terminal.Output.Write(prime);
        }

        using var input = new StreamReader(Terminal.Input, new UTF8Encoding(false));
        for (; ; )
        {
            if (Terminal.InputIsTerminal && Terminal.ErrorIsTerminal)
            {
                Terminal.Error.Write("> ");
            }

            if (input.ReadLine() is not { } line)
            {
                if (Terminal.InputIsTerminal && Terminal.ErrorIsTerminal)
                {
                    Terminal.Error.WriteLine();   // Ctrl-D leaves the cursor behind the prompt
                }

                return ExitCode.Success;
            }

            try
            {
                writer.Read(Encode(arguments, vocabulary, line, "the beginning cannot be read"));
            }
            catch (UsageException exception) when (Terminal.InputIsTerminal)
            {
                Terminal.Error.WriteLine(exception.Message);   // a person types again
                continue;
            }

            Terminal.Output.Write(line);
            foreach (var character in writer.Write(arguments.GetValue(Length), arguments.GetValue(Until)))
            {
                Terminal.Output.Write(character);
                if (Terminal.OutputIsTerminal)
                {
                    Terminal.Flush();
                }
            }

            Terminal.Output.WriteLine();
            Terminal.Flush();
        }
    }

    private static int[] Encode(ParseResult arguments, Vocabulary vocabulary, string text, string consequence)
    {
        if (!UnknownCharacters.AreSkipped(arguments))
        {
            return Refusing(consequence, () => EncodeAll(arguments, vocabulary, text, consequence));
        }

        return Refusing(consequence, () =>
        {
            var known = vocabulary.EncodeKnown(text, out var skipped);
            UnknownCharacters.Say(skipped, "the beginning");
            return known;
        });
    }

    private static int[] EncodeAll(ParseResult arguments, Vocabulary vocabulary, string text, string consequence)
    {
        try
        {
            return vocabulary.Encode(text);
        }
        catch (InvalidTextException exception)
        {
            throw new UsageException($"{consequence}: {exception.Message}; use the characters that charrnn info {Terminal.Quote(arguments.GetValue(Model)!)} names, or --unknown skip");
        }
    }

    private static int[] Refusing(string consequence, Func<int[]> encode)
    {
        try
        {
            return encode();
        }
        catch (ArgumentException)
        {
            throw new UsageException($"{consequence}: it is not valid Unicode, it has half of a surrogate pair");
        }
    }

    private static string ReadPrime(string path)
    {
        var text = path == "-" ? TextFile.Read(Terminal.Input, "standard input") : TextFile.Read(path);
        if (text.Length > 100_000_000)
        {
            throw new UsageException($"{path} is too long for a beginning: give at most 100 million characters");
        }

        var indices = new int[text.Length];
        text.CopyTo(0, indices);
        return text.Vocabulary.Decode(indices);
    }

    /// <summary>A character in three columns of a terminal.</summary>
    private static string Column(string character) => Visible(character).PadRight(3 + Visible(character).Length - DisplayWidth.Of(Visible(character)));

    private static string Visible(string character) => character switch
    {
        " " => "' '",
        _ => Rune.GetUnicodeCategory(Rune.GetRuneAt(character, 0)) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => "◌" + character,   // a mark stands on a letter
            _ => ForeignText.Line(character),
        },
    };
}
