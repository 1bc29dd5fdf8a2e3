using System.Text;
using System.Text.Json;
using CharRnn.AotCli.Tests.CommandLine;
using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.AotCli.Tests.Commands;

public sealed class SampleTests : ProcessFixture
{
    private const string Alphabet = "\n aeinorst";

    public SampleTests()
    {
        // Large weights: what is written hangs on all that was read.
        var weights = NetworkWeights<float>.Random(new NetworkShape(12, Alphabet.Length), 5);
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= 60;
            }
        }

        File.WriteAllBytes(InFolder("model"), ModelFile.Create(Vocabulary.FromText(Alphabet), weights, null, [], []).ToBytes());
    }

    private string Sample(params string[] arguments)
    {
        var (exitCode, output, error) = CharrnnProcess.Run(Root, ["sample", "model", .. arguments]);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    [Fact]
    public void A_seed_repeats_and_another_differs()
    {
        var text = Sample("--length", "80");
        Assert.Equal(81, text.Length);
        Assert.Equal(text, Sample("--length", "80", "--seed", "1"));
        Assert.NotEqual(text, Sample("--length", "80", "--seed", "2"));
        Assert.Equal("\n", Sample("--length", "0"));
    }

    [Fact]
    public void Each_of_several_texts_has_its_own_stream()
    {
        var texts = Sample("--length", "30", "--count", "3", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] written = [.. texts.Select(text => JsonDocument.Parse(text).RootElement.GetProperty("text").GetString()!)];
        Assert.Equal(3, written.Distinct().Count());
        Assert.Equal(written[0] + "\n", Sample("--length", "30"));
        Assert.Equal(string.Join("\n\n\n", written) + "\n", Sample("--length", "30", "--count", "3"));
    }

    [Fact]
    public void Temperature_zero_top_1_and_the_least_top_p_are_the_arg_max()
    {
        var text = Sample("--temperature", "0", "--length", "50");
        Assert.Equal(text, Sample("--temperature", "0", "--length", "50", "--seed", "7"));
        Assert.Equal(text, Sample("--top-k", "1", "--length", "50"));
        Assert.Equal(text, Sample("--top-p", "1e-9", "--length", "50"));
        Assert.NotEqual(text, Sample("--length", "50"));
        Assert.NotEqual(text, Sample("--length", "50", "--temperature", "100"));
    }

    [Fact]
    public void A_beginning_is_written_first_and_carried_on()
    {
        var whole = Sample("--temperature", "0", "--length", "40", "--prime", "rain on stones")[..^1];
        Assert.StartsWith("rain on stones", whole);
        Assert.Equal("rain on stones".Length + 40, whole.Length);
        // What was written, given as a beginning, leads on to the same.
        Assert.Equal(whole, Sample("--temperature", "0", "--length", "25", "--prime", whole[..^25])[..^1]);
        Assert.NotEqual(whole[^40..], Sample("--temperature", "0", "--length", "40", "--prime", "tin on stones")[..^1][^40..]);

        File.WriteAllText(InFolder("beginning"), "rain on stones");
        Assert.Equal(whole, Sample("--temperature", "0", "--length", "40", "--prime-file", "beginning")[..^1]);
        Assert.Equal(whole, CharrnnProcess.Run(Root, ["sample", "model", "--temperature", "0", "--length", "40", "--prime-file", "-"], null, "rain on stones"u8.ToArray()).Output[..^1]);
    }

    [Fact]
    public void It_ends_once_the_text_asked_for_is_written()
    {
        var whole = Sample("--length", "400");
        var until = whole.Substring(60, 2);
        Assert.Equal(whole[..(whole.IndexOf(until, StringComparison.Ordinal) + 2)] + "\n", Sample("--length", "400", "--until", until));
        Assert.Equal(whole, Sample("--length", "400", "--until", "aaaaaaaaaaaaaaaaa"));
    }

    [Fact]
    public void The_likeliest_characters_stand_beside_each_that_was_drawn()
    {
        var rows = Sample("--length", "30", "--show-probabilities", "--top-k", "4").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var text = Sample("--length", "30", "--top-k", "4");
        Assert.Equal(30, rows.Length);
        for (var i = 0; i < 30; i++)
        {
            var drawn = text[i] switch { '\n' => "\\n", ' ' => "' '", var other => other.ToString() };
            Assert.StartsWith(drawn.PadRight(3) + " | ", rows[i]);
            var likely = rows[i][6..].Split('%', StringSplitOptions.RemoveEmptyEntries);
            double[] shares = [.. likely.Select(one => double.Parse(one.Trim()[^5..]))];
            Assert.Equal(4, shares.Length);
            Assert.Equal(shares.OrderDescending(), shares);
            Assert.InRange(shares.Sum(), 99.7, 100.3);
            Assert.Contains(likely, one => one.Trim().StartsWith(drawn, StringComparison.Ordinal));
        }
    }

    /// <summary>A mark stands on a circle, what would turn the line is named, and wide characters leave the columns where they are.</summary>
    [Fact]
    public void Marks_hidden_and_wide_characters_keep_the_table_of_probabilities_in_order()
    {
        const string alphabet = "\n\u0301\u202E\u0007日a";
        File.WriteAllBytes(InFolder("strange"), ModelFile.Create(Vocabulary.FromText(alphabet), NetworkWeights<float>.Random(new NetworkShape(4, 6), 5), null, [], []).ToBytes());
        var (_, output, error) = CharrnnProcess.Run(Root, ["sample", "strange", "--length", "60", "--show-probabilities"]);
        Assert.Equal("", error);
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] expected = ["\\u0007 | ", "\\u202e | ", "\\n  | ", "a   | ", "日  | ", "◌\u0301   | "];
        Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Select(row => row[..(row.IndexOf('|') + 2)]).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain('\u202E', output);
    }

    [Fact]
    public void Lines_typed_are_gone_on_with_in_one_state()
    {
        var (exitCode, output, error) = CharrnnProcess.Run(Root, ["sample", "model", "--interactive", "--length", "20", "--temperature", "0"], null, "rain\n\nno\n"u8.ToArray());
        Assert.Equal(0, exitCode);
        Assert.StartsWith("Type a beginning", error);
        var first = Sample("--temperature", "0", "--length", "20", "--prime", "\nrain")[1..^1];
        Assert.StartsWith(first + "\n", output);
        // The empty line goes on where the first text ended; the third is read after the second text.
        var second = output[(first.Length + 1)..];
        var all = Sample("--temperature", "0", "--length", "40", "--prime", "\nrain")[1..^1];
        Assert.StartsWith(all[first.Length..] + "\nno", second);
        Assert.Equal(first.Length + 1 + 20 + 1 + 22 + 1, output.Length);
    }

    [Fact]
    public void What_cannot_be_is_one_line()
    {
        foreach ((var arguments, var part) in new[]
        {
            ("model --prime été", "'é' (U+00E9) is not in the model's vocabulary of 10 characters; use the characters that charrnn info model names"),
            ("none", "no such file"), (".", "is a folder without best.safetensors"), ("text.txt", "not a safetensors file"), ("model --temperature -1", "at least 0"),
            ("model --top-p 0", "greater than 0"), ("model --top-k -1", "at least 0"), ("model --length -1", "at least 0"), ("model --count 0", "at least 1"),
            ("model --prime a --prime-file text.txt", "exclude each other"), ("model --prime-file none", "no such file"), ("model --prime-file - --interactive", "give one of them"), ("model --prime-file -", "standard input is empty"),
            ("model --until rest,", "what --until waits for can never be written: ',' (U+002C)"), ("model --interactive --json", "leave --json"),
            ("model --json --show-probabilities", "exclude each other"), ("", "sample needs MODEL"),
        })
        {
            AssertOneLine(2, Charrnn($"sample {arguments}"), part);
        }
    }

    /// <summary>Without an end to be written, nothing but the closed pipe can stop it.</summary>
    [ShellFact("bash")]
    public void A_pipe_that_nobody_reads_ends_it_without_a_word()
    {
        var (exitCode, output, error) = Shell.Run(Root, "bash", "-c", "charrnn sample model --length 1000000000000 | head -c 5; echo \":${PIPESTATUS[0]}\"");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.EndsWith(":141\n", output);
        Assert.Equal(Sample("--length", "5")[..5], output[..5]);
    }

    [ShellFact("bash")]
    public void Two_programs_write_into_one_file()
    {
        Shell.Run(Root, "bash", "-c", "(charrnn sample model --length 5; charrnn sample model --length 5; echo end) > both");
        var text = Sample("--length", "5");
        Assert.Equal(text + text + "end\n", File.ReadAllText(InFolder("both"), Encoding.UTF8));
    }

    [ShellFact("bash")]
    public void A_full_disk_is_one_line()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        var (exitCode, _, error) = Shell.Run(Root, "bash", "-c", "charrnn sample model > /dev/full");
        Assert.Equal(1, exitCode);
        Assert.Matches("^charrnn: standard output cannot be written: [^\n]*\n$", error);
    }
}
