using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn bench</c>: an update and its parts beside the peak of the processor and the scalar reference.</summary>
public static class BenchCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var cell = Options.OneOf("--cell", "Recurrent cell", "vanilla", [.. BuiltInCells.All.Select(known => known.Name)]);
        var layers = Options.WholeNumber("--layers", "N", "Layers of the cell, one above the other", 1, 1, NetworkShape.MostLayers);
        var streams = Options.WholeNumber("--streams", "B", "Places of the text read at once", 1, 1, ModelFile.MostStreams);
        var threads = Options.WholeNumber("--threads", "N", "Threads that share the work", 1, 1, 256);
        var hidden = Options.OptionalWholeNumber("--hidden", "M", "Hidden size", 1, 1 << 14);
        var vocabulary = Options.OptionalWholeNumber("--vocabulary", "K", "Vocabulary size", 1, 1 << 17);
        var length = Options.WholeNumber("--seq-length", "N", "Characters in a chunk", 25, 1, 10_000);
        var precision = Options.OneOf("--precision", "Element type", "single", "single", "double");
        var kernels = Options.OneOf("--kernels", "Kernels to time: auto takes the shape's own where it is compiled in", "auto", "auto", "run-time");
        var verify = Options.Switch("--verify", "Compare every compiled-in shape, and the run-time sizes 1 to 64 and up to 256, with scalar loops; then in every register form the products with scalar loops, and every cell with its equations; exit 1 on a difference");
        var elementwise = Options.Switch("--elementwise", "Find the largest error of tanh and exp over all floats");
        var limits = Options.Switch("--limits", "Measure what the processor allows (multiply-adds from each cache, square root and division) and what that makes the shape's update take at the least");
        var json = Options.Json();
        var command = new DocumentedCommand("bench", "Time an update and its parts beside the scalar reference and the processor's peak")
        {
            Examples =
            [
                new("charrnn bench", "The first compiled-in shape"),
                new("charrnn bench --hidden 256 --vocabulary 80", "Another shape, through the kernels with run-time sizes"),
                new("charrnn bench --cell lstm --hidden 128 --streams 16", "The parts of an LSTM's update, by Adam"),
                new("charrnn bench --limits", "Why is an update no faster on this processor?"),
                new("charrnn bench --verify", "Is this binary's arithmetic right on this machine?"),
            ],
            Remarks =
            [
                "The peak is measured in the same run: independent fused multiply-adds in the widest registers, on one core. Times are microseconds, the fastest and the median run; machines are noisy, so compare runs side by side.",
                "One vanilla layer and one stream are timed with AdaGrad and beside scalar loops, anything else with Adam.",
            ],
        };
        foreach (var option in (Option[])[cell, layers, hidden, vocabulary, length, streams, threads, precision, kernels, verify, elementwise, limits, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (parsed.GetValue(verify))
            {
                return BenchVerification.Run(parsed.GetValue(json));
            }

            if (parsed.GetValue(elementwise))
            {
                return Elementwise(parsed.GetValue(json));
            }

            var first = CompiledKernels.Shapes[0];
            var settings = TrainCommand.Defaults with
            {
                Cell = parsed.GetValue(cell)!, Layers = parsed.GetValue(layers), HiddenSize = parsed.GetValue(hidden) ?? first.HiddenSize, SequenceLength = parsed.GetValue(length),
                Streams = parsed.GetValue(streams), Precision = parsed.GetValue(precision) == "single" ? Precision.Single : Precision.Double, Optimizer = LayeredPart.Optimizer,
            };
            var shape = settings.Shape(parsed.GetValue(vocabulary) ?? first.VocabularySize);
            var isVanilla = UpdateTiming.IsFor(shape, settings.Streams);
            if (parsed.GetValue(threads) > 1 && (isVanilla || parsed.GetValue(limits)))
            {
                throw new UsageException(isVanilla
                    ? "one vanilla layer and one stream take one thread: leave --threads away, or give more --streams"
                    : "the limits are those of one core: leave --threads away");
            }

            if (!isVanilla)
            {
                TrainingMemory.Check(settings, shape.VocabularySize);
            }

            var allowFixed = parsed.GetValue(kernels) == "auto";
            if (parsed.GetValue(limits))
            {
                return settings.Precision == Precision.Single
                    ? Limits<float>(shape, settings, allowFixed, parsed.GetValue(json))
                    : Limits<double>(shape, settings, allowFixed, parsed.GetValue(json));
            }

            return settings.Precision == Precision.Single
                ? Time<float>(shape, settings, parsed.GetValue(threads), allowFixed, parsed.GetValue(json))
                : Time<double>(shape, settings, parsed.GetValue(threads), allowFixed, parsed.GetValue(json));
        });
        return command;
    }

    private static int Time<T>(NetworkShape shape, RunConfiguration settings, int threads, bool allowFixed, bool json)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        UpdateTiming timing;
        using (var line = new ProgressLine("timing an update"))
        {
            timing = UpdateTiming.Measure<T>(shape, settings.SequenceLength, settings.Streams, threads, allowFixed, line);
        }

        if (json)
        {
            Terminal.Output.WriteLine(timing.ToJson());
            return ExitCode.Success;
        }

        timing.Print(Terminal.Output);
        var network = (timing.IsVanilla ? string.Empty : $"--cell {settings.Cell} ") + (settings.Layers > 1 ? $"--layers {settings.Layers} " : string.Empty);
        Terminal.Hint($"charrnn train {network}--hidden {shape.HiddenSize}{(settings.Streams > 1 ? $" --streams {settings.Streams}" : string.Empty)}{(timing.IsVanilla ? string.Empty : " --optimizer adam")}");
        return ExitCode.Success;
    }

    private static int Limits<T>(NetworkShape shape, RunConfiguration settings, bool allowFixed, bool json)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        LimitsResult result;
        using (var line = new ProgressLine("measuring the processor's limits"))
        {
            result = LimitsResult.Measure<T>(shape, settings.SequenceLength, settings.Streams, allowFixed, line);
        }

        if (json)
        {
            Terminal.Output.WriteLine(result.ToJson());
        }
        else
        {
            result.Print(Terminal.Output);
        }

        return ExitCode.Success;
    }

    private static int Elementwise(bool json)
    {
        ElementwiseAccuracy.Result[] results;
        using (var line = new ProgressLine("trying every float"))
        {
            var progress = new WorkProgress(line.Report);
            results = [ElementwiseAccuracy.Tanh(progress: progress), ElementwiseAccuracy.Exp(progress: progress)];
        }

        if (json)
        {
            Terminal.Output.WriteLine(JsonText.Of(writer =>
            {
                writer.WriteStartArray();
                foreach (var result in results)
                {
                    writer.WriteStartObject();
                    writer.WriteString("function", result.Function);
                    writer.WriteNumber("arguments", result.Arguments);
                    JsonNumbers.Write(writer, "largest_ulps", result.LargestUlps);
                    JsonNumbers.Write(writer, "at", result.At);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }));
            return ExitCode.Success;
        }

        foreach (var result in results)
        {
            Terminal.Output.WriteLine($"{result.Function}: at most {result.LargestUlps:f2} ulp over {result.Arguments:n0} floats, at {result.At:r}");
        }

        return ExitCode.Success;
    }
}
