using System.CommandLine;
using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Export;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn export</c>: a model in the form in which other programs open it.</summary>
public static class ExportCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "A .safetensors file, or the folder of a run (its best weights)" };
        var to = Options.OneOf("--to", "The form: a page that writes by itself in a browser, ONNX, or PyTorch's names in safetensors", "html", "html", "onnx", "pytorch");
        var output = Options.Text("--out", "FILE", "The file (default write.html, model.onnx or model.pytorch.safetensors in a run's folder, else beside MODEL)");
        var command = new DocumentedCommand("export", "Write a model as a page that writes, or as other programs open it")
        {
            Examples =
            [
                new("charrnn export runs/book", "runs/book/write.html: offline, one file"),
                new("charrnn export runs/book --to onnx", "For ONNX Runtime: ids in, logits and state out"),
                new("charrnn export model.safetensors --to pytorch --out torch.safetensors", "For load_state_dict"),
            ],
            Remarks =
            [
                "The file's path is printed on standard output. docs/files.md says what is in each and shows it being loaded. 'charrnn import' takes PyTorch's names back.",
                "The page begins from the state that a run's training carried, as sample does; in the other forms the state is the caller's, zeros to begin with. The page and ONNX are in single precision.",
            ],
        };
        command.Arguments.Add(model);
        command.Options.Add(to);
        command.Options.Add(output);
        command.SetAction(arguments =>
        {
            var path = arguments.GetValue(model)!;
            var form = arguments.GetValue(to)!;
            var file = arguments.GetValue(output) ?? DefaultFile(path, form);
            const string advice = "give --out another name";
            try
            {
                var network = PortableNetwork.From(ModelReader.Read(path));
                switch (form)
                {
                    case "html":
                        OutputFile.RefuseForeign(file, "a page", advice, content => OutputFile.Begins(content, WritingPage.TitleEnding));
                        OutputFile.Write(file, Encoding.UTF8.GetBytes(WritingPage.Write(network, NameOf(path))), advice);
                        break;
                    case "onnx":
                        OutputFile.RefuseForeign(file, "a model", advice, content => OutputFile.Begins(content, $"\u0012\u0007{OnnxModel.Producer}"));
                        OutputFile.Write(file, OnnxModel.Write(network, ProductVersion.Version), advice);
                        break;
                    default:
                        OutputFile.RefuseForeign(file, "a model", advice, content => OutputFile.Begins(content, $"\"{PyTorchFile.ProducerKey}\":\"charrnn\""));
                        OutputFile.Write(file, PyTorchFile.Write(network).ToBytes(), advice);
                        break;
                }
            }
            catch (Exception exception) when (exception is NotSupportedException or ArithmeticException)
            {
                throw new UsageException($"{path} cannot be exported: {exception.Message}");
            }

            Terminal.Output.WriteLine(file);
            if (form == "html")
            {
                Terminal.Hint($"open {Terminal.Quote(file)} in a browser");
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>In a run's folder under a name of its own; beside a model under the model's.</summary>
    private static string DefaultFile(string model, string form)
    {
        var (inRun, ending) = form switch
        {
            "html" => (WritingPage.FileName, ".html"),
            "onnx" => ("model.onnx", ".onnx"),
            _ => ("model.pytorch.safetensors", ".pytorch.safetensors"),
        };
        return Directory.Exists(model) ? Path.Combine(model, inRun) : Path.ChangeExtension(model, null) + ending;
    }

    /// <summary>What a reader of the page knows the model by: the run's folder, or the file.</summary>
    private static string NameOf(string model)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
        return Directory.Exists(model) ? Path.GetFileName(full) : Path.GetFileNameWithoutExtension(full);
    }
}
