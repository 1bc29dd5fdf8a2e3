using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.CommandLine;

/// <summary>The scripts of <c>charrnn completion</c> in the shells they are for: commands, options, their words, and files where nothing else fits.</summary>
public sealed class CompletionTests : ProcessFixture
{
    /// <summary>Whatever a shell says of its line and its cursor, the answer is a list.</summary>
    [Theory]
    [InlineData("[suggest:3]", "sample", "")]
    [InlineData("[suggest]", "x", "")]
    [InlineData("[suggest:0]", "", null)]
    [InlineData("[suggest:99]", "charrnn", "")]
    [InlineData("[suggest:-1]", "charrnn trai", "train")]
    [InlineData("[suggest:8]", "charrnn ", null)]
    public void At_any_place_of_any_line(string directive, string line, string? word)
    {
        var (exitCode, output, error) = CharrnnProcess.Run(Root, directive, line);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith(word ?? "lab\t", output, StringComparison.Ordinal);
        Assert.Equal(word?.Length == 0, output.Length == 0);
    }

    [ShellFact("bash")]
    public void In_bash()
    {
        // What bash itself sets before it calls the function that `complete -F` names.
        const string ask = """
            source <(charrnn completion bash)
            complete -p charrnn
            ask() {
                COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDS=($1)
                [[ $1 == *" " ]] && COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _charrnn
                (IFS=,; echo "${COMPREPLY[*]}")
            }
            """;
        var lines = Ask(line => $"ask '{line}'\n", questions => Shell.Run(Root, "bash", "--norc", "-c", ask + "\n" + questions));
        Assert.Equal(["complete -F _charrnn charrnn", "train", "text.txt", "--hidden", "single,double", "bash,zsh,fish", "text.txt", "--top-k,--top-p"], lines);
    }

    /// <summary>A student types the path of what was just published: nothing called charrnn is in PATH.</summary>
    [ShellFact("bash")]
    public void In_bash_by_its_path()
    {
        Directory.CreateSymbolicLink(InFolder("out"), Path.GetDirectoryName(CharrnnProcess.Binary)!);
        const string ask = "source <(out/charrnn completion bash); PATH=/usr/bin:/bin; COMP_LINE='out/charrnn trai' COMP_POINT=16 COMP_WORDS=(out/charrnn trai) COMP_CWORD=1; _charrnn; echo ${COMPREPLY[@]}; echo ${line-none}";
        Assert.Equal((0, "train\nnone\n", ""), Shell.Run(Root, "bash", "--norc", "-c", ask));
    }

    [ShellFact("fish")]
    public void In_fish()
    {
        var lines = Ask(line => $"complete -C '{line}' | string replace -r '\t.*' '' | string join ,\n",
            questions => Shell.Run(Root, "fish", "--no-config", "-c", "charrnn completion fish | source\necho ready\n" + questions));
        Assert.Equal(["ready", "train", "text.txt", "--hidden", "double,single", "bash,fish,zsh", "text.txt", "--top-k,--top-p"], lines);
    }

    /// <summary>A zsh on a terminal of its own, into which the line and a tab are typed; control-X writes down what stands there then.</summary>
    [ShellFact("zsh")]
    public void In_zsh()
    {
        const string type = """
            zmodload zsh/zpty
            charrnn completion zsh > script.zsh
            for line in 'echo | charrnn trai' 'charrnn train te' 'charrnn train --hid' 'charrnn train --precision d' 'charrnn completion f' 'charrnn train --out te' 'charrnn sample --top-'; do
                rm -f line
                zpty z zsh -f -i
                zpty -w z "PS1='PRO''MPT>'; autoload -U compinit; compinit -u -D; source script.zsh; show() { print -r -- \$BUFFER > line.new; mv line.new line; zle send-break }; zle -N show; bindkey '^X' show; echo RE''ADY"
                zpty -r -m z out '*READY*PROMPT>*'
                zpty -w -n z "$line"$'\t\x18'
                for i in {1..200}; do [[ -s line ]] && break; sleep 0.05; done
                cat line
                zpty -d z
            done
            """;
        var (_, output, error) = Shell.Run(Root, "zsh", "-f", "-c", type);
        Assert.Equal(
            ["echo | charrnn train ", "charrnn train text.txt ", "charrnn train --hidden ", "charrnn train --precision double ", "charrnn completion fish ", "charrnn train --out text.txt ", "charrnn sample --top-"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", error);
    }

    [Fact]
    public void Another_shell_is_refused() => AssertOneLine(2, Charrnn("completion tcsh"), "the shells are bash, zsh, fish");

    private static string[] Ask(Func<string, string> question, Func<string, (int ExitCode, string Output, string Error)> run)
    {
        string[] asked = ["charrnn trai", "charrnn train te", "charrnn train --hid", "charrnn train --precision ", "charrnn completion ", "charrnn train --out te", "charrnn sample --top-"];
        var (_, output, error) = run(string.Concat(asked.Select(question)));
        Assert.Equal("", error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
