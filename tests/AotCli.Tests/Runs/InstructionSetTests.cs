using System.Runtime.Intrinsics;
using System.Text.Json;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>
/// The program with each width of vector registers that the machine has, and with none. The environment narrows what the JIT uses; a native
/// binary's width is fixed when it is published.
/// </summary>
public sealed class InstructionSetTests : ProcessFixture
{
    /// <summary>What is switched off, under the names of .NET 10 and of .NET 9.</summary>
    private static readonly string[][] Off = [[], ["DOTNET_EnableAVX512", "DOTNET_EnableAVX512F"], ["DOTNET_EnableAVX2"], ["DOTNET_EnableHWIntrinsic"]];

    private static readonly string Narrow = System.Runtime.Intrinsics.X86.X86Base.IsSupported ? "SSE2" : "128";

    private static readonly string[] Widest =
    [
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : Vector128.IsHardwareAccelerated ? Narrow : "scalar",
        Vector256.IsHardwareAccelerated ? "AVX2" : Vector128.IsHardwareAccelerated ? Narrow : "scalar",
        Vector128.IsHardwareAccelerated ? Narrow : "scalar",
        "scalar",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Kernels_of_every_width_agree_with_the_scalar_loops(int index)
    {
        var environment = Off[index].ToDictionary(name => name, _ => "0");
        Assert.Contains(Widest[index], CharrnnProcess.Run(Root, ["--version"], environment, program: CharrnnProcess.CompiledAtRunTime).Output);
        var (exitCode, output, error) = CharrnnProcess.Run(Root, ["bench", "--verify"], environment, program: CharrnnProcess.CompiledAtRunTime);
        Assert.True(exitCode == 0, output + error);
        foreach (var line in (string[])["sets of kernels in \\d+ runs: all agree with the scalar loops", "sets of products in \\d+ runs: all agree with the scalar loops", "sets of cells' kernels in \\d+ runs: all agree with the equations in double precision"])
        {
            Assert.Matches($"(?m)^[1-9]\\d* {line}$", output);
        }
    }

    /// <summary>A run goes on where the vector registers are others, and back again: from the same state, with other rounding.</summary>
    [Theory]
    [InlineData("single")]
    [InlineData("double")]
    public void A_run_goes_on_with_other_vector_registers(string precision)
    {
        var sets = new HashSet<string>();
        Assert.Equal(0, Narrowed("train text.txt --out whole --steps 60").ExitCode);
        foreach (var off in Off.Skip(1))
        {
            var run = $"run-{off[0]}";
            foreach (var (arguments, narrower) in new[] { ($"train text.txt --out {run} --steps 20", false), ($"train --resume {run} --steps 40", true), ($"train --resume {run} --steps 60", false) })
            {
                var (exitCode, output, error) = Narrowed(arguments, narrower ? off : []);
                Assert.True(exitCode == 0, error);
                using var json = JsonDocument.Parse(output);
                sets.Add(json.RootElement.GetProperty("instruction_set").GetString()!);
            }

            double[] expected = Losses("whole"), losses = Losses(run);
            Assert.Equal(60, losses.Length);
            for (var i = 0; i < 60; i++)
            {
                // The same state gives the same loss but for rounding. Training makes differences grow: those of single precision to where
                // nothing can be said any more, those of double stay small.
                var share = i < 20 ? 0 : precision == "double" ? 1e-5 : i == 20 ? 1e-5 : 1;
                Assert.InRange(losses[i], expected[i] * (1 - share), expected[i] * (1 + share));
            }
        }
        // Two of the four at least are different ones on every machine that has vectors at all: the program said so.
        Assert.True(sets.Count >= 2, string.Join("; ", sets));

        (int ExitCode, string Output, string Error) Narrowed(string arguments, params string[] off) => CharrnnProcess.Run(
            Root, [.. $"{arguments} --json --quiet{(arguments.Contains("--resume") ? "" : $" --precision {precision} --hidden 40 --seq-length 10 --log-every 1 --sample-every 0")}".Split(' ')],
            off.ToDictionary(name => name, _ => "0"), program: CharrnnProcess.CompiledAtRunTime);

        double[] Losses(string run) => [.. File.ReadLines(InFolder($"{run}/metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("loss").GetDouble())];
    }
}
