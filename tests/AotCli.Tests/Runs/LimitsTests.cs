using System.Text.Json;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary><c>bench --limits</c> as a process. What it measures is the machine's; what is tested is that its figures belong together.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void Bench_limits_as_json_has_every_width_and_part()
    {
        (var exitCode, var output, var error) = CharrnnProcess.Run(Path.GetTempPath(), "bench", "--limits", "--hidden", "24", "--vocabulary", "10", "--json");
        Assert.Equal((0, string.Empty), (exitCode, error));
        var result = JsonDocument.Parse(output).RootElement;
        foreach (var width in result.GetProperty("limits").EnumerateArray())
        {
            Assert.Equal(11, width.GetProperty("sweeps").GetArrayLength());
            Assert.All(width.GetProperty("sweeps").EnumerateArray(), sweep => Assert.True(sweep.GetProperty("gflops").GetDouble() > 0));
            Assert.Equal([25, 10], width.GetProperty("overlaps").EnumerateArray().Select(overlap => overlap.GetProperty("multiply_adds").GetInt32()));
        }

        JsonElement[] parts = [.. result.GetProperty("parts").EnumerateArray()];
        Assert.Equal(9, parts.Length);
        Assert.Equal(result.GetProperty("bound_microseconds").GetDouble(), parts.Sum(part => part.GetProperty("bound_microseconds").GetDouble()), 6);
        Assert.Equal(["dU and AdaGrad", "db, dc and AdaGrad"], parts.Where(part => part.GetProperty("multiply_adds_microseconds").GetDouble() == 0).Skip(1).Select(part => part.GetProperty("name").GetString()));
    }
}
