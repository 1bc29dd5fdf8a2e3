using System.CommandLine;
using System.Globalization;
using System.Numerics;
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
        var text = new Argument<string>("TEXT") { Description = "A UTF-8 file, or - for standard input" };
        var json = Options.Json();
        var command = new DocumentedCommand("eval", "Measure how well a model predicts a text")
        {
            Examples =
            [
                new("charrnn eval runs/book heldout.txt", "Mean loss, bits a character, perplexity"),
                new("charrnn eval model.safetensors - --json < heldout.txt", "From a pipe, as JSON"),
            ],
            Remarks =
            [
                "The text is read once from its beginning, every character after the first is predicted, and no weight changes. Its characters must all be the model's.",
                "Reading starts from the state saved with the model, as sample does, and from h = 0 where there is none; which of them is printed. A network that has not met h = 0 since its training began can fall from there into a rut that it never knew.",
            ],
        };
        command.Arguments.Add(model);
        command.Arguments.Add(text);
        command.Options.Add(json);
        command.SetAction(arguments =>
        {
            try
            {
                var file = ModelReader.Read(arguments.GetValue(model)!);
                var name = arguments.GetValue(text)!;
                var read = (name == "-" ? TextFile.Read(Terminal.Input, "standard input") : TextFile.Read(name)).WithVocabulary(file.Vocabulary);
                if (read.Length < 2)
                {
                    throw new UsageException($"{name} has one character: two are needed to predict the second from the first");
                }

                var loss = file.Type == TensorType.F64 ? MeanLoss<double>(file, read) : MeanLoss<float>(file, read);
                Print(loss, read.Length - 1, file.HasHidden, arguments.GetValue(json));
                if (!arguments.GetValue(json))
                {
                    Terminal.Hint($"charrnn sample {Terminal.Quote(arguments.GetValue(model)!)}");
                }

                return ExitCode.Success;
            }
            catch (InvalidTextException exception)
            {
                throw new UsageException(exception.Message);
            }
        });
        return command;
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

    private static void Print(double loss, long characters, bool fromSavedState, bool json)
    {
        double bits = loss / Math.Log(2), perplexity = Math.Exp(loss);
        if (!json)
        {
            Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"starting from         {(fromSavedState ? "the state saved with the model" : "h = 0")}\ncharacters predicted  {characters}\nmean loss             {loss:0.00000} nats a character\nbits a character      {bits:0.00000}\nperplexity            {perplexity:0.0000}"));
            return;
        }

        Terminal.Output.WriteLine(JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("starting_from", fromSavedState ? "saved state" : "zero");
            writer.WriteNumber("characters", characters);
            JsonNumbers.Write(writer, "mean_loss", loss);
            JsonNumbers.Write(writer, "bits_per_character", bits);
            JsonNumbers.Write(writer, "perplexity", perplexity);
            writer.WriteEndObject();
        }));
    }
}
