using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn bench</c>: an update and its parts beside the peak of the processor and the scalar reference.</summary>
public static class BenchCommand
{
    /// <summary>The sizes at which the kernels with run-time sizes are verified, as hidden size and as vocabulary size.</summary>
    private static readonly int[] VerifiedSizes = [.. Enumerable.Range(1, 64), 96, 100, 104, 128, 131, 200, 256];

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var hidden = Options.OptionalWholeNumber("--hidden", "M", "Hidden size", 1, 1 << 14);
        var vocabulary = Options.OptionalWholeNumber("--vocabulary", "K", "Vocabulary size", 1, 1 << 17);
        var length = Options.WholeNumber("--seq-length", "N", "Characters in a chunk", 25, 1, 10_000);
        var precision = Options.OneOf("--precision", "Element type", "single", "single", "double");
        var kernels = Options.OneOf("--kernels", "Kernels to time: auto takes the shape's own where it is compiled in", "auto", "auto", "run-time");
        var verify = Options.Switch("--verify", "Compare every compiled-in shape, and the run-time sizes 1 to 64 and up to 256, with scalar loops; exit 1 on a difference");
        var elementwise = Options.Switch("--elementwise", "Find the largest error of tanh and exp over all floats");
        var limits = Options.Switch("--limits", "Measure what the processor allows (multiply-adds from each cache, square root and division) and what that makes the shape's update take at the least");
        var json = Options.Json();
        var command = new DocumentedCommand("bench", "Time an update and its parts beside the scalar reference and the processor's peak")
        {
            Examples =
            [
                new("charrnn bench", "The first compiled-in shape"),
                new("charrnn bench --hidden 256 --vocabulary 80", "Another shape, through the kernels with run-time sizes"),
                new("charrnn bench --limits", "Why is an update no faster on this processor?"),
                new("charrnn bench --verify", "Is this binary's arithmetic right on this machine?"),
            ],
            Remarks =
            [
                "The peak is measured in the same run: independent fused multiply-adds in the widest registers, on one core. Times are microseconds, the fastest and the median run; machines are noisy, so compare runs side by side.",
            ],
        };
        command.Options.Add(hidden);
        command.Options.Add(vocabulary);
        command.Options.Add(length);
        command.Options.Add(precision);
        command.Options.Add(kernels);
        command.Options.Add(verify);
        command.Options.Add(elementwise);
        command.Options.Add(limits);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(verify))
            {
                return Verify(parsed.GetValue(json));
            }

            if (parsed.GetValue(elementwise))
            {
                return Elementwise(parsed.GetValue(json));
            }

            var first = CompiledKernels.Shapes[0];
            var shape = new NetworkShape(parsed.GetValue(hidden) ?? first.HiddenSize, parsed.GetValue(vocabulary) ?? first.VocabularySize);
            var allowFixed = parsed.GetValue(kernels) == "auto";
            if (parsed.GetValue(limits))
            {
                return parsed.GetValue(precision) == "single"
                    ? Limits<float>(shape, parsed.GetValue(length), allowFixed, parsed.GetValue(json))
                    : Limits<double>(shape, parsed.GetValue(length), allowFixed, parsed.GetValue(json));
            }

            return parsed.GetValue(precision) == "single"
                ? Time<float>(shape, parsed.GetValue(length), allowFixed, parsed.GetValue(json))
                : Time<double>(shape, parsed.GetValue(length), allowFixed, parsed.GetValue(json));
        });
        return command;
    }

    private static int Time<T>(NetworkShape shape, int length, bool allowFixed, bool json)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        UpdateTiming timing;
        using (var line = new ProgressLine("timing an update"))
        {
            timing = UpdateTiming.Measure<T>(shape, length, allowFixed, line);
        }

        if (json)
        {
            Terminal.Output.WriteLine(timing.ToJson());
            return ExitCode.Success;
        }

        var output = Terminal.Output;
        output.WriteLine($"{Processor.Name}; {timing.Kernels}, {length} characters an update");
        output.WriteLine($"peak {timing.Peak:f1} GFLOP/s (multiply-adds in registers, one core, measured in this run)");
        output.WriteLine();
        output.WriteLine($"{"part",-20}{"MFLOP",8}{"KB",8}{"min us",10}{"median us",11}{"of peak",9}{"scalar us",11}{"faster",8}");
        foreach (var part in timing.Parts)
        {
            var ofPeak = part.Operations > 0 ? $"{part.GigaflopsPerSecond / timing.Peak,8:p0}" : string.Empty;
            output.WriteLine($"{part.Name,-20}{part.Operations / 1e6,8:f2}{part.Bytes / 1024,8:f0}{part.Minimum,10:f2}{part.Median,11:f2}{ofPeak,9}{part.Scalar,11:f1}{part.Scalar / part.Minimum,7:f0}x");
        }

        output.WriteLine($"{"whole update",-20}{timing.Operations / 1e6,8:f2}{string.Empty,8}{timing.Minimum,10:f2}{timing.Median,11:f2}{timing.ShareOfPeak,9:p0}{timing.ScalarMinimum,11:f1}{timing.ScalarMinimum / timing.Minimum,7:f0}x");
        Terminal.Hint($"charrnn train --hidden {shape.HiddenSize}");
        return ExitCode.Success;
    }

    private static int Limits<T>(NetworkShape shape, int length, bool allowFixed, bool json)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        LimitsResult result;
        using (var line = new ProgressLine("measuring the processor's limits"))
        {
            result = LimitsResult.Measure<T>(shape, length, allowFixed, line);
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

    private static int Verify(bool json)
    {
        var failures = new List<string>();
        var (implementations, checks) = (0, 0);
        var total = 6.0 * (CompiledKernels.Shapes.Count + (2 * VerifiedSizes.Length));
        using var line = new ProgressLine("comparing kernels with scalar loops");
        void Run<T>(RecurrentKernels<T> kernels)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            implementations++;
            foreach (var (steps, shift) in ((int, int)[])[(1, 0), (25, 1), (31, 3)])
            {
                checks++;
                line.Report(kernels.Name, checks / total);
                failures.AddRange(KernelVerification<T>.Run(kernels, steps, shift, seed: (ulong)checks));
            }
        }

        foreach (var shape in CompiledKernels.Shapes)
        {
            Run(CompiledKernels.Best<float>(shape));
            Run(CompiledKernels.Best<double>(shape));
        }

        foreach (var size in VerifiedSizes)
        {
            foreach (var shape in (NetworkShape[])[new(size, 37), new(21, size)])
            {
                Run(CompiledKernels.Best<float>(shape, allowFixed: false));
                Run(CompiledKernels.Best<double>(shape, allowFixed: false));
            }
        }

        line.Dispose();
        if (json)
        {
            Terminal.Output.WriteLine(JsonText.Of(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("ok", failures.Count == 0);
                writer.WriteNumber("implementations", implementations);
                writer.WriteNumber("runs", checks);
                writer.WriteStartArray("failures");
                failures.ForEach(writer.WriteStringValue);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }));
        }
        else
        {
            failures.ForEach(Terminal.Output.WriteLine);
            Terminal.Output.WriteLine($"{implementations} sets of kernels in {checks} runs: {(failures.Count == 0 ? "all agree with the scalar loops" : $"{failures.Count} steps differ")}");
        }

        return failures.Count == 0 ? ExitCode.Success : ExitCode.Failure;
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
