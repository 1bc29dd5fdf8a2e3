using System.Text;
using System.Text.Json;
using CharRnn.AotCli.Tests.CommandLine;
using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Tests.Commands;

public sealed class EvalTests : ProcessFixture
{
    private static readonly Vocabulary Characters = Vocabulary.FromText("\n aeinorst");

    private (double Loss, double Bits, double Perplexity, long Characters) Eval(string arguments, byte[]? input = null)
    {
        var (exitCode, output, error) = arguments.Contains("<(") ? Bash($"eval {arguments} --json") : CharrnnProcess.Run(Root, [.. $"eval {arguments} --json".Split(' ')], null, input);
        Assert.Equal((0, ""), (exitCode, error));
        var json = JsonDocument.Parse(output).RootElement;
        return (json.GetProperty("mean_loss").GetDouble(), json.GetProperty("bits_per_character").GetDouble(), json.GetProperty("perplexity").GetDouble(), json.GetProperty("characters").GetInt64());
    }

    private (int ExitCode, string Output, string Error) Bash(string arguments) => CharrnnProcess.Run(Root, ["-c", $"'{CharrnnProcess.Binary}' {arguments}"], null, program: "bash");

    [Fact]
    public void A_model_without_weights_guesses_among_all_characters()
    {
        File.WriteAllBytes(InFolder("model"), ModelFile.Create(Characters, new NetworkWeights<double>(new NetworkShape(3, Characters.Size)), null, [], []).ToBytes());
        File.WriteAllText(InFolder("held"), string.Concat(Enumerable.Repeat("rain on stones\n", 30)));
        var (loss, bits, perplexity, characters) = Eval("model held");
        Assert.Equal(30 * 15 - 1, characters);
        Assert.Equal(Math.Log(10), loss, 1e-12);
        Assert.Equal(Math.Log2(10), bits, 1e-12);
        Assert.Equal(10, perplexity, 1e-10);
        Assert.Equal(loss, Eval("model -", File.ReadAllBytes(InFolder("held"))).Loss);
        Assert.Contains("bits a character      3.32193\n", Charrnn("eval model held").Output);
    }

    /// <summary>The reference reads the text in one piece; the program in chunks, over whose edges the state must be carried.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(129)]
    [InlineData(1000)]
    public void The_loss_is_that_of_the_reference(int length)
    {
        var shape = new NetworkShape(12, Characters.Size);
        var weights = NetworkWeights<double>.Random(shape, 8);
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= 40;
            }
        }

        var random = new Random(3);
        int[] text = [.. Enumerable.Range(0, length).Select(_ => random.Next(Characters.Size))];
        var expected = ReferenceNetwork<double>.From(weights).Forward(text.AsSpan(0, length - 1), text.AsSpan(1)) / (length - 1);
        File.WriteAllBytes(InFolder("model"), ModelFile.Create(Characters, weights, null, [], []).ToBytes());
        File.WriteAllText(InFolder("held"), Characters.Decode(text));
        var (loss, bits, perplexity, characters) = Eval("model held");
        Assert.Equal(length - 1, characters);
        Assert.Equal(expected, loss, 1e-9 * expected);
        Assert.Equal(expected / Math.Log(2), bits, 1e-9 * bits);
        Assert.Equal(Math.Exp(expected), perplexity, 1e-8 * perplexity);
    }

    /// <summary>Reading starts from the state that the model carries, in both precisions, and from h = 0 where it carries none; which of them is said.</summary>
    [Fact]
    public void The_state_that_a_model_carries_is_where_reading_starts()
    {
        var weights = NetworkWeights<double>.Random(new NetworkShape(4, Characters.Size), 5);
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= 40;
            }
        }

        double[] state = [0.9, -0.9, 0.9, -0.9];
        var text = "rain on stones\n";
        var (x, y) = (Characters.Encode(text[..^1]), Characters.Encode(text[1..]));
        var network = ReferenceNetwork<double>.From(weights);
        var fromZero = network.Forward(x, y) / x.Length;
        network.SetHidden(state);
        var fromState = network.Forward(x, y) / x.Length;
        Assert.NotEqual(fromZero, fromState, 1e-3);

        File.WriteAllText(InFolder("held"), text);
        File.WriteAllBytes(InFolder("without"), ModelFile.Create(Characters, weights, null, [], []).ToBytes());
        File.WriteAllBytes(InFolder("with"), ModelFile.Create(Characters, weights, null, state, []).ToBytes());
        File.WriteAllBytes(InFolder("single"), ModelFile.Create(Characters, weights.Convert<float>(), null, Array.ConvertAll(state, value => (float)value), []).ToBytes());
        foreach (var (model, loss, start, said) in new[] { ("without", fromZero, "zero", "h = 0"), ("with", fromState, "saved state", "the state saved with the model"), ("single", fromState, "saved state", "the state saved with the model") })
        {
            Assert.Equal(loss, Eval($"{model} held").Loss, 1e-5);
            Assert.Contains($"\"starting_from\":\"{start}\"", Charrnn($"eval {model} held --json").Output);
            Assert.StartsWith($"starting from         {said}\n", Charrnn($"eval {model} held").Output, StringComparison.Ordinal);
        }
    }

    /// <summary>A perplexity beyond every double is infinite, for which JSON has no number.</summary>
    [Fact]
    public void What_JSON_has_no_number_for_is_null()
    {
        var weights = new NetworkWeights<double>(new NetworkShape(2, Characters.Size));
        weights["c"][0] = 1e6;
        File.WriteAllBytes(InFolder("model"), ModelFile.Create(Characters, weights, null, [], []).ToBytes());
        File.WriteAllText(InFolder("held"), "rain on stones\n");
        var (exitCode, output, error) = Charrnn("eval model held --json");
        Assert.Equal((0, ""), (exitCode, error));
        using var json = JsonDocument.Parse(output);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("perplexity").ValueKind);
        Assert.True(json.RootElement.GetProperty("mean_loss").GetDouble() > 1000);
    }

    /// <summary>A model from a pipe, which has no length; but not to begin a run from, which reads it again.</summary>
    [ShellFact("bash")]
    public void A_model_from_a_pipe()
    {
        var model = ModelFile.Create(Characters, NetworkWeights<double>.Random(new NetworkShape(4, Characters.Size), 5), null, [], []).ToBytes();
        File.WriteAllBytes(InFolder("model"), model);
        File.WriteAllText(InFolder("held"), string.Concat(Enumerable.Repeat("rain on stones\n", 9)));
        Assert.Equal(Eval("model held"), Eval("<(cat model) held"));
        AssertOneLine(2, Bash("train held --init <(cat model) --out x"), "is a pipe, and a run reads the weights it began from more than once");
        Assert.False(Path.Exists(InFolder("x")));
    }

    [Fact]
    public void What_cannot_be_is_one_line()
    {
        File.WriteAllBytes(InFolder("model"), ModelFile.Create(Characters, new NetworkWeights<float>(new NetworkShape(3, Characters.Size)), null, [], []).ToBytes());
        File.WriteAllText(InFolder("one"), "a");
        File.WriteAllText(InFolder("empty"), "");
        File.WriteAllBytes(InFolder("latin1"), Encoding.Latin1.GetBytes("était"));
        foreach ((var arguments, var part) in new[]
        {
            ("model text.txt", "but not in the model's vocabulary"), ("model one", "two are needed"), ("model empty", "is empty"), ("model latin1", "0xE9 at offset 0"),
            ("model none", "no such file"), ("none one", "no such file"), ("model", "eval needs TEXT"), ("model - -", "standard input can be read once"),
        })
        {
            AssertOneLine(2, Charrnn($"eval {arguments}"), part);
        }
    }
}
