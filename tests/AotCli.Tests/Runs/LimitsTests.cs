using System.Text.Json;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary><c>bench</c> of any cell, and <c>bench --limits</c>, as a process. What it measures is the machine's; what is tested is that its figures belong together.</summary>
public sealed class LimitsTests
{
    private static readonly string[] Layered =
    [
        "layer0 forward", "layer1 inputs", "layer1 forward", "O = V H", "softmax", "dV and dc", "dH = V' G", "layer1 backward", "layer1 gradients", "layer1 to layer0",
        "layer0 backward", "layer0 gradients", "Adam", "copies of weights",
    ];

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

    [Fact]
    public void Bench_limits_of_a_cell_bound_the_parts_that_are_timed()
    {
        (var exitCode, var output, var error) = CharrnnProcess.Run(Path.GetTempPath(), [.. "bench --limits --cell gru --layers 2 --streams 2 --hidden 16 --vocabulary 10 --seq-length 4 --json".Split(' ')]);
        Assert.Equal((0, string.Empty), (exitCode, error));
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("gru", 2, 2, "adam"), (result.GetProperty("cell").GetString(), result.GetProperty("layers").GetInt32(), result.GetProperty("streams").GetInt32(), result.GetProperty("optimizer").GetString()));
        JsonElement[] parts = [.. result.GetProperty("parts").EnumerateArray()];
        Assert.Equal(Layered, parts.Select(part => part.GetProperty("name").GetString()));
        Assert.Equal(result.GetProperty("bound_microseconds").GetDouble(), parts.Sum(part => part.GetProperty("bound_microseconds").GetDouble()), 6);
        Assert.All(parts, part => Assert.True(part.GetProperty("memory_microseconds").GetDouble() > 0));
        Assert.Equal(["softmax", "Adam", "copies of weights"], parts.Where(part => part.GetProperty("multiply_adds_microseconds").GetDouble() == 0).Select(part => part.GetProperty("name").GetString()));
    }

    [Fact]
    public void Bench_of_a_cell_as_json_and_as_text_has_every_part()
    {
        const string Arguments = "bench --cell lstm --layers 2 --streams 4 --threads 2 --hidden 8 --vocabulary 5 --seq-length 3 --precision double";
        (var exitCode, var output, var error) = CharrnnProcess.Run(Path.GetTempPath(), [.. $"{Arguments} --json".Split(' ')]);
        Assert.Equal((0, string.Empty), (exitCode, error));
        var result = JsonDocument.Parse(output).RootElement;
        Assert.Equal(2, result.GetProperty("threads").GetInt32());
        JsonElement[] parts = [.. result.GetProperty("parts").EnumerateArray()];
        Assert.Equal(Layered, parts.Select(part => part.GetProperty("name").GetString()));

        // 24 m^2 + 48 m^2 + 6 m K for each of 12 characters.
        Assert.Equal(12 * ((72 * 8 * 8) + (6 * 8 * 5)), result.GetProperty("update").GetProperty("operations").GetDouble());
        Assert.True(result.GetProperty("update").GetProperty("characters_per_second").GetDouble() > 0);
        Assert.False(result.GetProperty("update").TryGetProperty("scalar_min_microseconds", out _));

        (exitCode, output, _) = CharrnnProcess.Run(Path.GetTempPath(), [.. Arguments.Split(' ')]);
        Assert.Equal(0, exitCode);
        Assert.Contains("lstm:2x8x5, double", output);
        Assert.Contains("3 characters of each of 4 streams an update, Adam, 2 threads", output);
        Assert.Matches(@"(?m)^[\d,]+ characters a second$", output);
        Assert.All(Layered, name => Assert.Matches($"(?m)^{System.Text.RegularExpressions.Regex.Escape(name)} ", output));
    }

    /// <summary>Of one core are the limits and the textbooks' network; and nobody waits for memory that is not there.</summary>
    [Theory]
    [InlineData("bench --threads 2", "give more --streams")]
    [InlineData("bench --limits --cell lstm --threads 2", "leave --threads away")]
    [InlineData("bench --cell lstm --layers 8 --hidden 16000", "choose a smaller --hidden")]
    public void What_cannot_be_timed_is_refused(string arguments, string hint)
    {
        var (exitCode, output, error) = CharrnnProcess.Run(Path.GetTempPath(), [.. arguments.Split(' ')]);
        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.Contains(hint, error);
    }
}
