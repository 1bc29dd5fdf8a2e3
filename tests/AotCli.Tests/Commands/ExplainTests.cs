using System.Text.Json;
using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.Commands;

public sealed class ExplainTests : ProcessFixture
{
    private const string Training = "--hidden 8 --steps 400 --log-every 5 --sample-every 0 --quiet";

    [Fact]
    public void A_run_is_explained_in_sentences_and_in_numbers()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run {Training}").ExitCode);
        var (exitCode, output, error) = Charrnn("explain run");
        Assert.True(exitCode == 0, error);
        Assert.Equal("next: charrnn report run\n", error);
        string[] titles = ["Units", "The state by itself", "Memory", "The gradient on its way back", "Spikes", "The hardest and the easiest passages"];
        Assert.Equal(titles, output.Split('\n').Where(line => line.Length > 0 && line[0] != ' '));
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains("Anna went to the mill", output);

        using var json = JsonDocument.Parse(Charrnn("explain run text.txt --json").Output);
        var root = json.RootElement;
        Assert.Equal(8, root.GetProperty("layers")[0].GetProperty("units").GetArrayLength());
        Assert.Equal(8, root.GetProperty("layers")[0].GetProperty("eigenvalues").GetArrayLength());
        Assert.Equal(51, root.GetProperty("gradient_norms").GetArrayLength());
        Assert.Equal(["units", "alone", "memory", "gradient", "spikes", "passages"], root.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()));
        // What the sentence says of the memory is what the numbers say.
        Assert.Equal(0, root.GetProperty("memory").GetProperty("points")[0].GetProperty("characters_before").GetInt32());
        // The report has the same sentences, with pictures.
        Assert.Equal(0, Charrnn("report run").ExitCode);
        var page = File.ReadAllText(InFolder("run/report.html"));
        Assert.Contains("id=\"explain1\"", page);
        Assert.Contains("<svg class=\"plane\"", page);
        Assert.All(root.GetProperty("findings").EnumerateArray(), finding => Assert.Contains(System.Net.WebUtility.HtmlEncode(finding.GetProperty("seen").GetString()!), page));
    }

    [Fact]
    public void The_text_is_asked_for_where_it_is_gone_or_another()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run {Training}").ExitCode);
        File.Move(InFolder("text.txt"), InFolder("moved.txt"));
        AssertOneLine(2, Charrnn("explain run"), "charrnn explain run TEXT");
        Assert.Equal(0, Charrnn("explain run moved.txt").ExitCode);
        File.WriteAllText(InFolder("text.txt"), File.ReadAllText(InFolder("moved.txt")) + "!");
        AssertOneLine(2, Charrnn("explain run"), "has changed since the training");
        AssertOneLine(2, Charrnn("explain run text.txt"), "is not the text of this run");
        AssertOneLine(2, Charrnn("explain nowhere"), "no such folder");
        File.WriteAllText(InFolder("run/best.safetensors"), "damaged");
        AssertOneLine(2, Charrnn("explain run moved.txt"), "best.safetensors");
    }

    [Fact]
    public void What_a_text_has_for_terminals_is_not_handed_on()
    {
        File.WriteAllText(InFolder("evil.txt"), string.Concat(Enumerable.Repeat("\u001b[31mred \u009b2J\u202Eback\u0007\n", 60)));
        Assert.Equal(0, Charrnn($"train evil.txt --out run {Training}").ExitCode);
        var (exitCode, output, _) = Charrnn("explain run");
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain(output, character => (char.IsControl(character) && character != '\n') || character == '\u202E');
        Assert.Contains("[31mred", output);
    }

    /// <summary>The exercise's network with a seed whose units tick is told so, once, and the advice stands in the line; with the advice followed nothing is said.</summary>
    [Fact]
    public void A_training_says_what_to_try_where_most_units_tick()
    {
        var (exitCode, _, error) = Charrnn("train --out run --seed 3 --steps 5500 --sample-every 0");
        Assert.Equal(0, exitCode);
        Assert.Matches("(?m)^after update 5000, \\d+ of 100 units only (tick|oscillate).*: try --eta 0\\.05 in a new run; at the end, charrnn explain run says why$", error);
        Assert.Single(error.Split('\n'), line => line.StartsWith("after update", StringComparison.Ordinal));
        Assert.Contains("try --eta 0.05.", Charrnn("explain run").Output.ReplaceLineEndings(" "));
        Assert.DoesNotContain("after update", Charrnn("train --out followed --seed 3 --eta 0.05 --steps 5500 --sample-every 0").Error);
        Assert.DoesNotContain("try --eta", Charrnn("explain followed").Output.ReplaceLineEndings(" "));
    }
}
