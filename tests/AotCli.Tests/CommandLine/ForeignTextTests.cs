using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Tests.Runs;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.AotCli.Tests.CommandLine;

/// <summary>What others wrote cannot do anything to a terminal; files and pipes receive it as it is.</summary>
public sealed class ForeignTextTests : ProcessFixture
{
    private const string Hostile = "a\e]0;title\a\e[2J\u009B31m\u202Eb\u2066c\u200Fd\u2028e\u007F\b\U000E0041";

    [Theory]
    [InlineData(Hostile, "a\\u001b]0;title\\u0007\\u001b[2J\\u009b31m\\u202eb\\u2066c\\u200fd\\u2028e\\u007f\\u0008\\udb40\\udc41")]
    [InlineData("one\r\ntwo\tthree\rfour\n", "one\ntwo\tthree\\rfour\n")]
    [InlineData("é漢😀 👩\u200D🚀 می\u200Cشود a\u0301", "é漢😀 👩\u200D🚀 می\u200Cشود a\u0301")]
    public void Only_what_is_harmless_reaches_a_terminal(string text, string shown)
    {
        Assert.Equal(shown, Written(writer => writer.Write(text)));
        Assert.Equal(shown, Written(writer =>
        {
            foreach (var unit in text)
            {
                writer.Write(unit);
            }
        }));
        Assert.Equal(shown + "\n", Written(writer => writer.WriteLine(text)));
    }

    [Fact]
    public void Half_of_a_pair_is_none() => Assert.Equal("half \uFFFD of a pair", Written(writer => writer.Write("half \uD83D of a pair")));

    [Fact]
    public void A_text_in_one_line_shows_its_line_ends() => Assert.Equal("a\\nb\\r\\tc\\u001b", ForeignText.Line("a\nb\r\tc\e"));

    /// <summary>A terminal of its own shows codes; a pipe receives the metadata, JSON the value. The shell is the user's, or plain sh.</summary>
    [ShellFact("script")]
    public void On_a_terminal_and_in_a_pipe()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 20 --quiet").ExitCode);
        var model = SafetensorsFile.Read(InFolder("run/best.safetensors"));
        var hostile = new SafetensorsFile(model.Metadata.Append(new("note", Hostile + "\nforged 1")), model.Tensors);
        File.WriteAllBytes(InFolder("model"), hostile.ToBytes());

        var (_, terminal, _) = Shell.Run(Root, "script", "-qec", "charrnn info model; charrnn info model --json; charrnn info 'none\e[2J'; charrnn sample model --length 5 --until '\e'", "/dev/null");
        Assert.DoesNotContain(terminal, character => char.IsControl(character) && character is not ('\r' or '\n'));
        Assert.Contains("\\u001b]0;title", terminal);
        Assert.Contains("\\nforged", terminal);
        Assert.DoesNotContain('\u202E', terminal);
        Assert.Contains("none\\u001b[2J", terminal);

        Assert.Contains(Hostile, Charrnn("info model").Output);
        using var json = System.Text.Json.JsonDocument.Parse(Charrnn("info model --json").Output);
        Assert.Equal(Hostile + "\nforged 1", json.RootElement.GetProperty("metadata").GetProperty("note").GetString());
    }

    private static string Written(Action<TextWriter> write)
    {
        var written = new StringWriter { NewLine = "\n" };
        write(new ForeignTextWriter(written));
        return written.ToString();
    }
}
