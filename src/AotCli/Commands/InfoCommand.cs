using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn info</c>: what this binary has, and what is in a model or which way a text would take.</summary>
public static class InfoCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var model = new Argument<string?>("MODEL") { Description = "A .safetensors model, or a run's folder", Arity = ArgumentArity.ZeroOrOne };
        var text = Options.Text("--text", "FILE", "Say which kernels training on this text would take");
        var hidden = Options.WholeNumber("--hidden", "M", "The hidden size for --text", 100, 1, 1 << 14);
        var json = Options.Json();
        var command = new DocumentedCommand("info", "Say what is compiled in, which instruction set is active, and what a model holds")
        {
            Examples =
            [
                new("charrnn info", "The shapes compiled in and the instruction set"),
                new("charrnn info --text book.txt", "Would book.txt train on compiled-in kernels?"),
                new("charrnn info runs/tale/best.safetensors", "The sizes, the vocabulary and the settings of a model"),
            ],
        };
        command.Arguments.Add(model);
        command.Options.Add(text);
        command.Options.Add(hidden);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(model) is { } path ? ModelReader.Read(path) : null;
            var wanted = file?.Shape ?? (parsed.GetValue(text) is { } name ? new(parsed.GetValue(hidden), ReadText(name)) : null);
            if (parsed.GetValue(json))
            {
                WriteJson(file, wanted);
            }
            else
            {
                WriteText(file, wanted);
                var next = parsed.GetValue(model) is { } known ? $"sample {Terminal.Quote(known)}" : parsed.GetValue(text) is { } learned ? $"lab {Terminal.Quote(learned)}" : "lab";
                Terminal.Hint($"charrnn {next}");
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static int ReadText(string path)
    {
        try
        {
            return TextFile.Read(path).Vocabulary.Size;
        }
        catch (Exception exception) when (exception is InvalidTextException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read the text {path}: {exception.Message}");
        }
    }

    private static IEnumerable<string> CompiledShapes => [.. CompiledKernels.Shapes.Select(shape => shape.ToString()), .. CompiledProducts.Shapes];

    private static void WriteText(ModelFile? file, NetworkShape? wanted)
    {
        var output = Terminal.Output;
        output.WriteLine(ProductVersion.Describe());
        output.WriteLine($"processor        {Processor.Name}");
        output.WriteLine($"instruction set  {ProductVersion.InstructionSet}");
        output.WriteLine($"compiled in      {string.Join(", ", CompiledShapes)} (hidden size x vocabulary size), single and double; all other shapes take the kernels with run-time sizes");
        if (file is not null)
        {
            output.WriteLine($"model            hidden size {file.Shape.HiddenSize}, vocabulary size {file.Shape.VocabularySize}, {file.Shape.ParameterCount:n0} parameters, {file.Type}{(file.HasSlots("adagrad") ? ", with AdaGrad's sums" : string.Empty)}");
            output.WriteLine($"vocabulary       {string.Concat(Enumerable.Range(0, Math.Min(file.Vocabulary.Size, 200)).Select(i => ForeignText.Show(file.Vocabulary[i])))}{(file.Vocabulary.Size > 200 ? "..." : string.Empty)}");
            foreach (var (key, value) in file.Metadata.Where(entry => entry.Key != "vocabulary").OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                output.WriteLine($"{Terminal.InLine(key),-16} {Terminal.InLine(value)}");
            }
        }

        if (wanted is { } shape)
        {
            output.WriteLine($"kernels          {CompiledKernels.Best<float>(shape).Name}");
        }
    }

    private static void WriteJson(ModelFile? file, NetworkShape? wanted)
    {
        Terminal.Output.WriteLine(JsonText.Of(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", ProductVersion.Version);
            writer.WriteString("commit", ProductVersion.Commit);
            writer.WriteString("processor", Processor.Name);
            writer.WriteString("instruction_set", ProductVersion.InstructionSet);
            writer.WriteStartArray("compiled_shapes");
            foreach (var shape in CompiledShapes)
            {
                writer.WriteStringValue(shape);
            }

            writer.WriteEndArray();
            if (wanted is { } way)
            {
                writer.WriteNumber("hidden", way.HiddenSize);
                writer.WriteNumber("vocabulary_size", way.VocabularySize);
                writer.WriteString("kernels", CompiledKernels.Best<float>(way).Name);
            }

            if (file is not null)
            {
                writer.WriteString("type", file.Type.ToString());
                writer.WriteBoolean("adagrad", file.HasSlots("adagrad"));
                writer.WriteStartObject("metadata");
                foreach (var (key, value) in file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }, JsonText.Indented));
    }
}
