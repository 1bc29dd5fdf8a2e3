using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn eval</c>: how well a model predicts a text, with nothing learned from it.</summary>
public static class EvalCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A .safetensors file, or the folder of a run (its best weights)" };
        var text = new Argument<string[]>("TEXT") { Description = "UTF-8 files, or - for standard input; among them further models (.safetensors files and folders of runs)", Arity = ArgumentArity.OneOrMore };
        var json = Options.Json();
        var command = new DocumentedCommand("eval", "Measure how well a model predicts a text")
        {
            Examples =
            [
                new("charrnn eval runs/book heldout.txt", "Mean loss, bits a character, perplexity"),
                new("charrnn eval runs/book/step-*.safetensors heldout.txt", "A table: each model on each text"),
                new("charrnn eval model.safetensors - --json < heldout.txt", "From a pipe, as JSON"),
            ],
            Remarks =
            [
                "The text is read once from its beginning, every character after the first is predicted, and no weight changes. Its characters must all be the model's, or with --unknown skip those that are not are left out.",
                "Reading starts from the state saved with the model, as sample does, and from h = 0 where there is none; which of them is printed. A network that has not met h = 0 since its training began can fall from there into a rut that it never knew.",
                "Several models or texts make a table with a row for each pair, and where a model has several texts, one for all their characters. --json then prints an object with a list of results.",
            ],
        };
        command.Arguments.Add(model);
        command.Arguments.Add(text);
        command.Options.Add(UnknownCharacters.Option);
        command.Options.Add(json);
        command.SetAction(arguments =>
        {
            try
            {
                return Run(arguments.GetValue(model)!, arguments.GetValue(text)!, UnknownCharacters.AreSkipped(arguments), arguments.GetValue(json));
            }
            catch (InvalidTextException exception)
            {
                throw new UsageException(exception.Message);
            }
        });
        return command;
    }

    /// <summary>How well one model predicts one text.</summary>
    private sealed record Result(string Model, string Text, bool FromSavedState, long Characters, double Loss)
    {
        public double Bits => Loss / Math.Log(2);

        public double Perplexity => Math.Exp(Loss);
    }

    private static int Run(string first, string[] names, bool skip, bool json)
    {
        string[] models = [first, .. names.Where(IsModel)], texts = [.. names.Where(name => !IsModel(name))];
        if (texts.Length == 0)
        {
            throw new UsageException("eval needs TEXT, and all that was given are models: give a text too");
        }

        if (texts.Count(name => name == "-") > 1)
        {
            throw new UsageException("standard input can be read once: give - once");
        }

        EncodedText[] read = [.. texts.Select(name => name == "-" ? TextFile.Read(Terminal.Input, "standard input") : TextFile.Read(name))];
        var results = new List<Result>();
        foreach (var model in models)
        {
            var file = ModelReader.Read(model);
            results.AddRange(texts.Zip(read).Select(pair => Measure(model, file, pair.First, pair.Second, skip)));
        }

        if (results is [var only])
        {
            Print(only, json);
            if (!json)
            {
                Terminal.Hint($"charrnn sample {Terminal.Quote(first)}");
            }
        }
        else if (json)
        {
            Terminal.Output.WriteLine(JsonText.Of(writer => WriteAll(writer, results)));
        }
        else
        {
            PrintTable([.. results.GroupBy(result => result.Model).SelectMany(group => group.Count() > 1 ? group.Append(Sum([.. group])) : group)]);
        }

        return ExitCode.Success;
    }

    private static bool IsModel(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal) || File.Exists(Path.Combine(name, RunFolder.ConfigurationName));

    private static Result Measure(string model, ModelFile file, string name, EncodedText text, bool skip)
    {
        var read = UnknownCharacters.Read(text, file.Vocabulary, skip, name);
        return read.Length < 2 ? throw new UsageException($"{name} has one character: two are needed to predict the second from the first")
            : new(model, name, file.HasHidden, Evaluation.Predicted(read), file.Type == TensorType.F64 ? MeanLoss<double>(file, read) : MeanLoss<float>(file, read));
    }

    /// <summary>All characters of a model's texts together.</summary>
    private static Result Sum(Result[] results)
    {
        var characters = results.Sum(result => result.Characters);
        return results[0] with { Text = "all", Characters = characters, Loss = results.Sum(result => result.Characters * result.Loss) / characters };
    }

    private static void PrintTable(IReadOnlyList<Result> results)
    {
        string[] names = [.. results.Select(result => ForeignText.Line(result.Model))], texts = [.. results.Select(result => ForeignText.Line(result.Text))];
        int first = names.Append("model").Max(DisplayWidth.Of), second = texts.Append("text").Max(DisplayWidth.Of);
        Terminal.Output.WriteLine($"{Pad("model", first)}  {Pad("text", second)}  characters   nats     bits     perplexity");
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Pad(names[i], first)}  {Pad(texts[i], second)}  {result.Characters,10}  {result.Loss,7:0.00000}  {result.Bits,7:0.00000}  {result.Perplexity,10:0.0000}"));
        }

        static string Pad(string text, int width) => text + new string(' ', width - DisplayWidth.Of(text));
    }

    private static void WriteAll(Utf8JsonWriter writer, IEnumerable<Result> results)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results");
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("model", result.Model);
            writer.WriteString("text", result.Text);
            WriteNumbers(writer, result);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, Result result)
    {
        writer.WriteString("starting_from", result.FromSavedState ? "saved state" : "zero");
        writer.WriteNumber("characters", result.Characters);
        JsonNumbers.Write(writer, "mean_loss", result.Loss);
        JsonNumbers.Write(writer, "bits_per_character", result.Bits);
        JsonNumbers.Write(writer, "perplexity", result.Perplexity);
    }

    /// <summary>The mean loss a predicted character, in nats.</summary>
    private static double MeanLoss<T>(ModelFile file, EncodedText text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double loss;
        using (var line = new ProgressLine("reading"))
        {
            loss = Evaluation.MeanLoss<T>(file.Weights<T>(), file.Hidden<T>(), text, part => line.Report("", part));
        }

        if (!double.IsFinite(loss))
        {
            throw new CommandFailedException("the loss is not finite: the weights are broken");
        }

        return loss;
    }

    private static void Print(Result result, bool json)
    {
        if (!json)
        {
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"starting from         {(result.FromSavedState ? "the state saved with the model" : "h = 0")}\ncharacters predicted  {result.Characters}\nmean loss             {result.Loss:0.00000} nats a character\nbits a character      {result.Bits:0.00000}\nperplexity            {result.Perplexity:0.0000}"));
            return;
        }

        Terminal.Output.WriteLine(JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            WriteNumbers(writer, result);
            writer.WriteEndObject();
        }));
    }
}
