using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn diagnose FILE</c>: judges anybody's gradients and names the mistake behind wrong ones.</summary>
public static class DiagnoseCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A safetensors file: W U V b c, h0, x, y and your grad.W ... grad.c" };
        var json = Options.Json();
        var command = new DocumentedCommand("diagnose", "Judge your own gradients, from any language, and name the likely mistake")
        {
            Examples =
            [
                new("charrnn diagnose case.safetensors", "After 'charrnn gradcheck --export case.safetensors' and your own grad.* in it"),
                new("charrnn diagnose case.safetensors --json", "The same for a script"),
            ],
            Remarks = ["Exit code 0 where every gradient is right, 1 where one is wrong, 2 where the file is unusable. Float and double are accepted, and gradients of float accuracy are right. docs/gradients.md shows numpy, Octave and PyTorch."],
        };
        command.Arguments.Add(file);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            var read = Read(path);
            var diagnosis = Diagnosis.Of(read);
            var forward = ForwardCheck.FirstDifference(read, read.Case.Forward());
            if (parsed.GetValue(json))
            {
                WriteJson(diagnosis, forward);
            }
            else
            {
                WriteText(diagnosis, forward, read.Case);
                Terminal.Hint(diagnosis.Ok ? "charrnn lab" : $"mend it, put the new gradients in, then: charrnn diagnose {Terminal.Quote(path)}");
            }

            return diagnosis.Ok ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static GradientCaseFile Read(string path)
    {
        try
        {
            return GradientCaseFile.From(SafetensorsFile.Read(path));
        }
        catch (Exception exception) when (exception is SafetensorsException or GradientCaseException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {exception.Message}");
        }
    }

    private static void WriteText(Diagnosis diagnosis, string? forward, GradientCase of)
    {
        var output = Terminal.Output;
        output.WriteLine($"{(of.Shape.IsVanilla ? string.Empty : $"{of.Shape.Cell}, {of.Shape.Layers} layer{(of.Shape.Layers == 1 ? string.Empty : "s")}, ")}m = {of.Shape.HiddenSize}, K = {of.Shape.VocabularySize}, T = {of.SequenceLength}");
        foreach (var parameter in diagnosis.Parameters)
        {
            var verdict = parameter.IsUncertain ? "cannot tell: this chunk is chaotic in float" : parameter.Ok ? "right" : $"WRONG, worst at {parameter.Worst}";
            output.WriteLine($"  grad.{parameter.Name}  norm ratio {parameter.Measures.NormRatio:0.0E+0}  largest relative error {parameter.Measures.LargestRelativeError:0.0E+0}  {verdict}");
        }

        foreach (var note in diagnosis.Notes)
        {
            output.WriteLine($"note: {note}");
        }

        if (forward is not null)
        {
            output.WriteLine($"note: {forward}");
        }

        if (diagnosis.Ok)
        {
            output.WriteLine("all right");
            return;
        }

        output.WriteLine(diagnosis.Causes.Any(cause => cause.Explains.Count > 0)
            ? "likely causes, the likeliest first (the same number: this case cannot tell them apart)"
            : "no known mistake gives these gradients; the nearest are");
        foreach (var cause in diagnosis.Causes)
        {
            output.WriteLine($"  {cause.Rank}. {cause.Name} ({cause.Form})");
            output.WriteLine($"     explains {(cause.Explains.Count > 0 ? string.Join(", ", cause.Explains) : "nothing exactly")}, residual {cause.Residual:0.0E+0}{(cause.Contradicts.Count > 0 ? $"; would also change {string.Join(", ", cause.Contradicts)}" : string.Empty)}");
            output.WriteLine($"     {cause.Advice}");
        }
    }

    private static void WriteJson(Diagnosis diagnosis, string? forward)
    {
        Terminal.Output.WriteLine(JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", diagnosis.Ok);
            json.WriteStartArray("parameters");
            foreach (var parameter in diagnosis.Parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", parameter.Name);
                json.WriteBoolean("ok", parameter.Ok);
                JsonNumbers.Write(json, "max_relative", parameter.Measures.LargestRelativeError);
                JsonNumbers.Write(json, "norm_ratio", parameter.Measures.NormRatio);
                json.WriteString("worst", parameter.Worst);
                json.WriteBoolean("uncertain", parameter.IsUncertain);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Names("notes", diagnosis.Notes);
            json.WriteStartArray("causes");
            foreach (var cause in diagnosis.Causes)
            {
                json.WriteStartObject();
                json.WriteString("name", cause.Name);
                json.WriteString("form", cause.Form);
                json.WriteString("advice", cause.Advice);
                json.WriteNumber("rank", cause.Rank);
                Names("explains", cause.Explains);
                Names("contradicts", cause.Contradicts);
                JsonNumbers.Write(json, "residual", cause.Residual);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (forward is not null)
            {
                json.WriteString("forward", forward);
            }

            json.WriteEndObject();

            void Names(string name, IEnumerable<string> values)
            {
                json.WriteStartArray(name);
                foreach (var value in values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }
        }));
    }
}
