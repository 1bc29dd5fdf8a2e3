using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn import</c>: a model that PyTorch trained.</summary>
public static class ImportCommand
{
    private const string FormatKey = "format", Format = "imported from PyTorch";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var source = new Argument<string>("FILE") { Description = "A PyTorch state dictionary in safetensors: nn.RNN, nn.GRU or nn.LSTM, and nn.Linear" };
        var output = Options.Text("--out", "MODEL", "The model to write (default FILE with the ending .charrnn.safetensors)");
        var text = Options.Text("--text", "FILE", "The text that it learned, whose distinct characters in order of code point are the indices, as of sorted(set(text)); for a file whose metadata has no vocabulary");
        var command = new DocumentedCommand("import", "Read a model that PyTorch trained")
        {
            Examples =
            [
                new("charrnn import torch.safetensors --text book.txt --out model.safetensors", "The characters from the text"),
                new("charrnn import model.pytorch.safetensors", "What charrnn exported, trained on in PyTorch"),
            ],
            Remarks =
            [
                "In Python: safetensors.torch.save_file(model.state_dict(), 'torch.safetensors'), with metadata={'vocabulary': ''.join(characters)} if the indices have another order. The input must be one-hot and nn.RNN's nonlinearity tanh, which the file does not say.",
                "The model's path is printed on standard output. It has no optimiser's state: sample, eval and train --init take it.",
            ],
        };
        command.Arguments.Add(source);
        command.Options.Add(output);
        command.Options.Add(text);
        command.SetAction(arguments =>
        {
            var path = arguments.GetValue(source)!;
            var file = arguments.GetValue(output) ?? Path.ChangeExtension(path, null) + ".charrnn.safetensors";
            var characters = arguments.GetValue(text) is { } name ? ReadVocabulary(name) : null;
            var model = Read(path, characters);
            OutputFile.RefuseForeign(file, "a model", "give --out another name", content => OutputFile.Begins(content, Format));
            OutputFile.Write(file, model.ToBytes(), "give --out another name");
            Terminal.Output.WriteLine(file);
            Terminal.Hint($"charrnn sample {Terminal.Quote(file)}");
            return ExitCode.Success;
        });
        return command;
    }

    private static SafetensorsFile Read(string path, string? characters)
    {
        try
        {
            var network = PyTorchFile.Read(SafetensorsFile.Read(path), characters);
            if (network.Layers > NetworkShape.MostLayers)
            {
                throw new UsageException($"{path}: it has {network.Layers} layers, and {NetworkShape.MostLayers} are the most");
            }

            return network.ToModelFile([new(FormatKey, Format)]);
        }
        catch (SafetensorsException exception)
        {
            var advice = exception.Rule == SafetensorsRule.VocabularyInvalid ? "; give --text the text that it learned"
                : exception.Rule is SafetensorsRule.TensorMissing or SafetensorsRule.TensorUnfit or SafetensorsRule.NotFinite ? ""
                : "; in Python, safetensors.torch.save_file(model.state_dict(), FILE) writes one";
            throw new UsageException($"{path}: {exception.Message}{advice}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {exception.Message}");
        }
    }

    private static string ReadVocabulary(string path)
    {
        try
        {
            return TextFile.Read(path).Vocabulary.ToString();
        }
        catch (InvalidTextException exception)
        {
            throw new UsageException(exception.Message);
        }
    }
}
