using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Commands;
using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.CommandLine;

/// <summary>What people read of the command line, as approved. A change to it is a decision: <c>UPDATE_SNAPSHOTS=1</c> writes the files anew.</summary>
public sealed partial class HelpTests : ProcessFixture
{
    public static TheoryData<string> Names() => [.. CommandTable.Commands.Select(entry => entry.Name)];

    [Fact]
    public void The_help_of_the_program_is_as_approved()
    {
        var help = Help("--help");
        Approve("charrnn", help);
        Assert.Equal(help, Help("help"));
        Assert.Equal(help, Help(""));
        Assert.All(CommandTable.Commands, entry => Assert.Contains($"\n  {entry.Name} ", help));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_help_of_a_command_is_as_approved(string name)
    {
        var help = Help($"{name} --help");
        Approve(name, help);
        Assert.Equal(help, Help($"help {name}"));
        Assert.Contains($"\nUsage: charrnn {name}", help);
        Assert.Contains("\nExamples:\n", help);
        Assert.Contains($"charrnn {name}", help.Split("\nExamples:\n")[1]);
    }

    /// <summary>Examples are typed as they stand: their options must exist. An example with a pipe is looked at from the program's name on.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_parse(string name)
    {
        var command = (DocumentedCommand)CommandTable.Commands.Single(entry => entry.Name == name).Create();
        foreach (var example in command.Examples)
        {
            var line = Regex.Match(example.CommandLine, "charrnn [^|<>]*").Value;
            var result = CommandRunner.CreateRoot([command]).Parse(Words(line)[1..]);
            Assert.Equal("", string.Join(", ", result.Errors.Select(error => error.Message)));
            Assert.DoesNotContain(result.Tokens, token => token.Type == System.CommandLine.Parsing.TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_version_names_the_commit_and_the_instruction_set()
    {
        var (exitCode, output, error) = Charrnn("--version");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(@"^charrnn \d+\.\d+\.\d+ \((commit [0-9a-f]{10}, )?(AVX-512|AVX2 \+ FMA|AVX2|NEON|SSE2|scalar), [a-z]+-[a-z0-9]+\)\n$", output);
    }

    [Fact]
    public void The_manual_page_has_every_command_and_every_option()
    {
        var page = Help("man").Replace("\\-", "-", StringComparison.Ordinal);
        foreach ((var name, var create) in CommandTable.Commands)
        {
            var start = page.IndexOf($".SS charrnn {name} ", StringComparison.Ordinal);
            Assert.True(start > 0, name);
            var section = page[start..(page.IndexOf("\n.S", start + 1, StringComparison.Ordinal) is > 0 and var end ? end : page.Length)];
            Assert.All(create().Options.Where(option => !option.Hidden), option => Assert.Matches($@"\n\.B {Regex.Escape(option.Name)}[ \n]", section));
        }
    }

    [ShellFact("mandoc")]
    public void The_manual_page_is_sound()
    {
        File.WriteAllText(InFolder("charrnn.1"), Help("man"));
        var (exitCode, output, error) = Shell.Run(Root, "mandoc", "-T", "lint", "-W", "style", "charrnn.1");
        Assert.Equal((0, "", ""), (exitCode, output, error));
    }

    [ShellFact("man")]
    public void The_manual_page_is_read_by_man()
    {
        File.WriteAllText(InFolder("charrnn.1"), Help("man"));
        var (exitCode, output, error) = Shell.Run(Root, "bash", "-c", "man --warnings -l charrnn.1 | col -bx");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("charrnn - train a character-level recurrent network", output);
        Assert.Contains("charrnn train [TEXT...] [options]", output);
    }

    [Theory]
    [InlineData("trian", "there is no command 'trian', did you mean train?")]
    [InlineData("smaple run", "did you mean sample?")]
    [InlineData("gradchek", "did you mean gradcheck?")]
    [InlineData("train --hiden 5", "train has no option --hiden, did you mean --hidden?")]
    [InlineData("sample run --lenght=5", "sample has no option --lenght, did you mean --length?")]
    [InlineData("lab --epoch 3", "did you mean --epochs?")]
    [InlineData("--versoin", "did you mean --version?")]
    public void A_word_mistyped_is_answered_with_the_one_meant(string arguments, string expected) => AssertOneLine(2, Charrnn(arguments), expected);

    [Theory]
    [InlineData("xyzzy")]
    [InlineData("train --frobnicate 5")]
    public void A_word_like_no_other_is_answered_without_a_guess(string arguments)
    {
        var result = Charrnn(arguments);
        AssertOneLine(2, result, "--help' lists");
        Assert.DoesNotContain("did you mean", result.Error);
    }

    [Theory]
    [InlineData("train", "train", 0)]
    [InlineData("train", "trian", 1)]
    [InlineData("train", "rain", 1)]
    [InlineData("train", "trainer", 2)]
    [InlineData("", "abc", 3)]
    [InlineData("sample", "simple", 1)]
    [InlineData("ab", "ba", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_letters_and_swaps(string from, string to, int expected)
    {
        Assert.Equal(expected, Suggestion.Distance(from, to));
        Assert.Equal(expected, Suggestion.Distance(to, from));
    }

    private string Help(string arguments)
    {
        var (exitCode, output, error) = Charrnn(arguments);
        Assert.Equal((0, ""), (exitCode, error));
        return output;
    }

    private static void Approve(string name, string text)
    {
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80 || line.Contains("  charrnn ") || line.Contains(" | "), $"longer than 80: {line}"));
        var path = Path.Combine(Folder(), $"{name}.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string Folder([CallerFilePath] string file = "")
    {
        var beside = Path.Combine(Path.GetDirectoryName(file)!, "Snapshots");
        return Directory.Exists(beside) ? beside : Path.Combine(AppContext.BaseDirectory, "CommandLine", "Snapshots");
    }

    private static string[] Words(string line) => [.. WordPattern().Matches(line).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];

    [GeneratedRegex("'([^']*)'|[^ ]+")]
    private static partial Regex WordPattern();
}
