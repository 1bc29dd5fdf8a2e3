using System.CommandLine;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Properties;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary><c>charrnn gradcheck</c>: proves this program's gradients, and exports a case for others to check theirs.</summary>
public static class GradcheckCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var hidden = Options.WholeNumber("--hidden", "M", "Hidden units; with --preset adam 10 unless it is given", 100, 1, 512);
        var vocabulary = Options.WholeNumber("--vocabulary", "K", "Distinct characters", 80, 1, 4096);
        var length = Options.WholeNumber("--seq-length", "N", "Characters in a chunk", 25, 1, 1000);
        var seed = Options.WholeNumber("--seed", "S", "Seed of weights and text", 1UL, 0UL, ulong.MaxValue);
        var step = Options.Number("--step", "X", "Step size of the centred differences", 1e-4, 1e-12, 1);
        var export = Options.Text("--export", "FILE", "Check nothing; write a case with exact gradients for 'charrnn diagnose'");
        var cell = Options.OneOf("--cell", "Recurrent cell", "vanilla", [.. BuiltInCells.All.Select(known => known.Name)]);
        var layers = Options.WholeNumber("--layers", "N", "Layers of the cell, one above the other", 1, 1, NetworkShape.MostLayers);
        var cases = Options.WholeNumber("--cases", "N", "Random networks and chunks for each property; 0 skips the properties", 200, 0, 1_000_000);
        var replay = Options.Text("--replay", "PROPERTY:CASE", "Run one case of one property again, as a failure prints it");
        var json = Options.Json();
        var command = new DocumentedCommand("gradcheck", "Prove the gradients: backpropagation against differences and dual numbers, kernels against bounds")
        {
            Examples =
            [
                new("charrnn gradcheck", "Every coordinate at the size of the reports"),
                new("charrnn gradcheck --hidden 5 --vocabulary 8 --seq-length 3 --json", "A small network, as JSON"),
                new("charrnn gradcheck --preset adam", "As the exercise of 2026 asks: ten hidden units, the mean loss, matrices drawn by their size, batches before and after Adam's first update"),
                new("charrnn gradcheck --export case.safetensors --hidden 20 --vocabulary 12", "A case to test your own gradients with"),
            ],
            Remarks = ["A large network is checked along one random direction for each row of a matrix, and every coordinate of a small network of the same cell and layers; the first line says so.", "Exit code 0 where every gradient is right, 1 where one is not. docs/gradients.md shows how to test your own gradients from numpy, Octave and PyTorch."],
        };
        foreach (var option in (Option[])[TrainCommand.EditionOption, cell, layers, hidden, vocabulary, length, NetworkArguments.Loss, seed, step, cases, replay, export, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            var settings = Preset.Apply(parsed.GetValue(TrainCommand.EditionOption)!, TrainCommand.Defaults);
            settings = settings with { MeanLoss = NetworkArguments.IsMean(parsed, settings) };

            // The edition of 2026 asks for a check at ten hidden units.
            var hiddenSize = settings.Preset == Preset.Adam ? parsed.GivenOr(hidden, LabCommand.SmallCheck) : parsed.GetValue(hidden);
            var shape = new NetworkShape(hiddenSize, parsed.GetValue(vocabulary))
            {
                Cell = BuiltInCells.Find(parsed.GetValue(cell)!)!,
                Layers = parsed.GetValue(layers),
            };
            if (parsed.GetValue(export) is { } path)
            {
                Export(path, shape, parsed.GetValue(length), parsed.GetValue(seed), settings.MeanLoss);
                return ExitCode.Success;
            }

            if (parsed.GetValue(replay) is { } one)
            {
                return Replay(one);
            }

            GradientCheckResult result;
            using (var line = new ProgressLine("checking the gradients"))
            {
                result = GradientCheckResult.Run(shape, parsed.GetValue(length), parsed.GetValue(seed), parsed.GetValue(step), parsed.GetValue(cases), progress: new WorkProgress(line.Report), settings: settings);
            }

            if (parsed.GetValue(json))
            {
                Terminal.Output.WriteLine(result.ToJson());
            }
            else
            {
                WriteText(result);
                Terminal.Hint(result.Ok ? "charrnn lab" : "charrnn bench --verify");
            }

            return result.Ok ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static int Replay(string replay)
    {
        var parts = replay.Split(':');
        var property = Property.All.FirstOrDefault(known => known.Name == parts[0])
            ?? throw new UsageException($"there is no property '{parts[0]}': the properties are {string.Join(", ", Property.All.Select(known => known.Name))}");
        PropertyCase of;
        try
        {
            of = new PropertyCase(Array.ConvertAll((parts.Length == 2 ? parts[1] : string.Empty).Split(','), int.Parse));
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            throw new UsageException($"--replay takes what a failure prints, such as dual:3,5,2,1,1,0,42, not '{replay}'");
        }

        var message = property.Check(of);
        Terminal.Output.WriteLine($"{property.Name}: {property.Statement}");
        Terminal.Output.WriteLine($"  {of}");
        Terminal.Output.WriteLine(message is null ? "  holds" : $"  FAILS: {message}");
        return message is null ? ExitCode.Success : ExitCode.Failure;
    }

    private static void Export(string path, NetworkShape shape, int length, ulong seed, bool isMean)
    {
        OutputFile.RefuseForeign(path, "a case", "delete it, or give --export another name", _ => IsExport(path));
        // Weights of the size that they have after some training, and a state carried in, so that every mistake shows.
        var of = GradientCase.Random(shape, length, 0.3 / Math.Sqrt(Math.Max(1, shape.HiddenSize / 10.0)), seed) with { IsMean = isMean };
        OutputFile.Write(path, GradientCaseFile.Export(of).ToBytes(), "give --export a file in a folder that exists and may be written");
        Terminal.Hint($"put your gradients in as grad.W ... grad.c, then: charrnn diagnose {Terminal.Quote(path)}");
    }

    /// <summary>Whether a file is byte by byte what an export of its own case would be: gradients that somebody has put in are not lost.</summary>
    private static bool IsExport(string path)
    {
        try
        {
            var bytes = GradientCaseFile.Export(GradientCaseFile.From(SafetensorsFile.Read(path)).Case).ToBytes();
            return bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is SafetensorsException or GradientCaseException)
        {
            return false;
        }
    }

    private static string Published(double? value) => value?.ToString("0.0E+0") ?? "-";

    private static void WriteText(GradientCheckResult result)
    {
        var (check, failures, shape, length, _, step, cases) = result;
        var isOfReports = shape.IsVanilla && !result.IsMean;
        var output = Terminal.Output;
        output.WriteLine($"{(shape.IsVanilla ? string.Empty : $"{shape.Cell}, {shape.Layers} layer{(shape.Layers == 1 ? string.Empty : "s")}, ")}m = {shape.HiddenSize}, K = {shape.VocabularySize}, T = {length}, {(check.Small is null ? "every coordinate" : "one random direction for each row of a matrix, every element of a vector")}: the gradient g of the {(result.IsMean ? "mean" : "summed")} loss in double against centred differences n, step {step:G3}");
        if (check.Small is { } small)
        {
            var (size, wrong) = (GradientCheck.SmallShape(shape), small.Parameters.Where(parameter => !parameter.Ok).Select(parameter => parameter.Name).Distinct());
            output.WriteLine($"all coordinates of this network would take long; every coordinate of a small one, m = {size.HiddenSize}, K = {size.VocabularySize}, T = {GradientCheck.SmallLength(length)}: {(small.Ok ? "right" : $"WRONG in {string.Join(", ", wrong)}")}");
        }

        var width = check.Parameters.Max(parameter => parameter.Name.Length);
        foreach (var batch in check.Parameters.GroupBy(parameter => parameter.Batch))
        {
            output.WriteLine();
            output.WriteLine(batch.Key == 1 ? "first batch, states zero: norm ratio |g - n| / (|g| + |n|)" : "second batch, after the first update, states carried and pinned: norm ratio |g - n| / (|g| + |n|)");
            foreach (var parameter in batch)
            {
                output.WriteLine($"  {parameter.Name.PadRight(width)}  {parameter.Differences.NormRatio:0.0E+0}  {(parameter.Ok ? "pass" : "FAIL")}");
            }
        }

        foreach (var batch in check.Parameters.GroupBy(parameter => parameter.Batch))
        {
            output.WriteLine();
            output.WriteLine($"other measures, {(batch.Key == 1 ? "first" : "second")} batch");
            output.WriteLine($"  {string.Empty.PadRight(width)}     errors summed,       largest relative       norm ratio             allclose offenders      dual      single/");
            output.WriteLine($"  {string.Empty.PadRight(width)}    ours       R1          ours       R2          ours       R3        abs   rel  both     norm ratio  allowed");
            foreach (var parameter in batch)
            {
                var (m, published) = (parameter.Differences, isOfReports ? PublishedErrors.Of(parameter.Name, batch.Key) : default(PublishedErrors?));
                output.WriteLine(
                    $"  {parameter.Name.PadRight(width)}  {m.SumOfRelativeErrors,8:0.0E+0}  {Published(published?.SumOfRelativeErrors),8}      {m.LargestRelativeError,8:0.0E+0}  {Published(published?.LargestRelativeError),8}      {m.NormRatio,8:0.0E+0}  {Published(published?.NormRatio),8}"
                    + $"    {m.AbsoluteOffenders,5} {m.RelativeOffenders,5} {m.AllCloseOffenders,5}      {parameter.DualNormRatio,8:0.0E+0}   {parameter.Trained.Excess,6:0.000}  {(parameter.Ok ? "pass" : "FAIL")}");
            }
        }

        output.WriteLine();
        output.WriteLine("""
            errors summed: sum |g-n| / max(1, |g|+|n|), absolute errors where gradients are below 1. largest relative: denominator max(1e-8, |g|+|n|). norm ratio: |g-n| / (|g|+|n|) in norms.
            The largest relative error is that of W's tiniest elements: near 1e-8 the rounding of the loss alone makes some 1e-4 of them, right
            gradients included; R2's figures are of the size of norm ratios. allclose: |g-n| above 1e-8, above 1e-5 |n|, above their sum.
            dual: against dual numbers, which have no step size. single/allowed: the gradients of a real single-precision update, worst row or column.
            """);
        output.WriteLine();
        output.WriteLine($"{check.Parameters[0].Name} on the first batch over step sizes (a sample): truncation falls with the square of the step, rounding rises as it shrinks");
        foreach (var (size, ratio) in check.Sweep)
        {
            output.WriteLine($"  step {size:0E+0}  norm ratio {ratio:0.0E+0}");
        }

        output.WriteLine();
        output.WriteLine(shape.IsVanilla
            ? $"kernels of a real update ({check.Kernels}): largest error of a call as a part of its rounding bound"
            : $"single precision ran on {check.Kernels}");
        foreach (var (kernel, ratio) in check.KernelErrors.Ratios)
        {
            output.WriteLine($"  {kernel,-24} {ratio:0.0000}{(ratio <= 1 ? string.Empty : "  WRONG")}");
        }

        output.WriteLine();
        if (cases > 0)
        {
            output.WriteLine($"properties, {cases} random cases each");
            foreach (var property in Property.All)
            {
                var failure = failures.FirstOrDefault(failed => failed.Property == property.Name);
                output.WriteLine($"  {property.Name,-12} {property.Statement}{(failure is null ? string.Empty : "  FAILS")}");
                if (failure is not null)
                {
                    output.WriteLine($"    {failure.Case}: {failure.Message}");
                    output.WriteLine($"    replay with: charrnn gradcheck --replay {failure.Replay}");
                }
            }

            output.WriteLine();
        }

        output.WriteLine(result.Ok ? "all right" : "WRONG: see the lines marked above");
    }
}
