using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.CommandLine;

/// <summary>Standard error and the terminal only inform, so nothing ends with them; standard input and output may be closed as well.</summary>
public sealed class StandardStreamsTests : ProcessFixture
{
    private const string Run = "--hidden 5 --seq-length 5 --steps 200 --checkpoint-every 50 --log-every 10 --tensorboard";

    private static readonly string[] Commands =
    [
        "lab text.txt --out lab-DIR --hidden 2 --seq-length 2", $"train text.txt --out train-DIR {Run}", "train --resume run --json", "sample run --length 20", "sample run --interactive",
        "eval run text.txt", "gradcheck --hidden 2 --vocabulary 3 --seq-length 2 --cases 2", "gradcheck --export DIR.safetensors --hidden 2 --vocabulary 3 --seq-length 2", "diagnose case",
        "report run", "bench --hidden 2 --vocabulary 3 --seq-length 2", "info run", "completion bash", "man", "--help", "nonsense", "diagnose text.txt", "train none.txt",
    ];

    /// <summary>Closed, full, or a pipe that nobody reads any more: each command exits as it does with a standard error that works, and no file receives what was to go there.</summary>
    [ShellFact("bash")]
    public void Whatever_becomes_of_standard_error_the_work_is_done()
    {
        Assert.Equal(0, Charrnn($"train text.txt --out run {Run}").ExitCode);
        Assert.Equal(0, Charrnn("gradcheck --export case --hidden 2 --vocabulary 3 --seq-length 2").ExitCode);
        foreach (var command in Commands)
        {
            var expected = Charrnn(command.Replace("DIR", "sound", StringComparison.Ordinal));
            (string Name, string Redirection)[] losses = [("closed", "2>&-"), ("full", "2>/dev/full"), ("unread", "2> >(exec true)"), ("all", "<&- 2>&-")];
            foreach (var (name, redirection) in losses)
            {
                var line = $"charrnn {command.Replace("DIR", name, StringComparison.Ordinal)} {redirection}";
                var (exitCode, output, error) = Shell.Run(Root, "bash", "-c", line + "; exit $?");
                Assert.True(expected.ExitCode == exitCode, $"{line}: exit code {exitCode}, not {expected.ExitCode}: {error}");
                Assert.Equal("", error);
                // Times differ, and names.
                Assert.Equal(expected.Output.Length > 0, output.Length > 0);
            }
        }

        foreach (var folder in (string[])["closed", "full", "unread", "all"])
        {
            Assert.Equal(Last("train-sound"), Last($"train-{folder}"));
            Assert.Equal(File.ReadAllText(InFolder("train-sound/samples.jsonl")), File.ReadAllText(InFolder($"train-{folder}/samples.jsonl")));
            Assert.Equal(Directory.GetFiles(InFolder("lab-sound")).Select(Path.GetFileName).Order(), Directory.GetFiles(InFolder($"lab-{folder}")).Select(Path.GetFileName).Order());
            Assert.Equal(File.ReadAllBytes(InFolder("sound.safetensors")), File.ReadAllBytes(InFolder($"{folder}.safetensors")));
        }
    }

    [ShellFact("bash")]
    public void A_closed_standard_input_is_empty()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 5 --steps 20 --quiet").ExitCode);
        foreach (var command in (string[])["eval run -", "train -", "sample run --prime-file -"])
        {
            var (exitCode, output, error) = Shell.Run(Root, "bash", "-c", $"charrnn {command} <&-");
            Assert.Equal((2, "", "charrnn: standard input is empty: give a text of at least one character\n"), (exitCode, output, error));
        }

        Assert.Equal(0, Shell.Run(Root, "bash", "-c", "charrnn sample run --interactive <&-").ExitCode);
    }

    [ShellFact("bash")]
    public void A_standard_output_that_cannot_be_written_is_one_line()
    {
        foreach (var (redirection, part) in ((string, string)[])[(">&-", "closed"), (">/dev/full", "No space left")])
        {
            foreach (var command in (string[])["info", "man", "train text.txt --out run --hidden 5 --steps 20 --quiet"])
            {
                AssertOneLine(1, Shell.Run(Root, "bash", "-c", $"charrnn {command} {redirection}"), part);
                if (Directory.Exists(InFolder("run")))
                {
                    Assert.True(File.Exists(InFolder("run/last.safetensors")));
                    Directory.Delete(InFolder("run"), recursive: true);
                }
            }
        }
    }

    /// <summary>No mode of the terminal is changed but colours and places of the cursor: nothing is left to be undone.</summary>
    [ShellFact("script")]
    public void A_terminal_is_left_as_it_was()
    {
        foreach (var command in (string[])["info", "train text.txt --out run --hidden 5 --steps 20000", "sample run --length 5", "sample run --interactive", "report run", "nonsense"])
        {
            var (_, output, _) = Shell.Run(Root, "script", "-qec", $"charrnn {command}", "/dev/null");
            for (var at = output.IndexOf('\e'); at >= 0; at = output.IndexOf('\e', at + 1))
            {
                var end = at + 2;
                while (end < output.Length && (char.IsAsciiDigit(output[end]) || output[end] == ';'))
                {
                    end++;
                }

                Assert.True(output[at + 1] == '[' && "mKJA".Contains(output[end]), $"{command}: {output[at..Math.Min(output.Length, at + 8)].Replace('\e', '^')}");
            }
        }
    }

    /// <summary>So few files may be open that not even the text can be: one line, whatever fails first.</summary>
    [ShellFact("bash")]
    public void Too_few_handles_are_one_line()
    {
        for (var handles = 4; handles <= 14; handles++)
        {
            if (CharrnnProcess.IsNative)
            {
                var (exitCode, _, error) = Shell.Run(Root, "bash", "-c", $"ulimit -n {handles}; charrnn train text.txt --out run{handles} --hidden 5 --steps 20 --quiet");
                Assert.True(exitCode is 0 or 1 or 2 && error.Count(character => character == '\n') <= 1 && !error.Contains("internal error", StringComparison.Ordinal), $"{handles}: {error}");
            }
        }
    }

    [ShellFact("bash")]
    public void A_name_that_is_not_UTF8_is_refused_for_what_it_is()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (var command in (string[])["train $'na\\xefve.txt' --out run", "train text.txt --out $'r\\xefn'", "info $'m\\xef'"])
        {
            AssertOneLine(2, Shell.Run(Root, "bash", "-c", $"cp text.txt $'na\\xefve.txt'; charrnn {command}; code=$?; rm $'na\\xefve.txt'; exit $code"), "is not UTF-8");
        }

        Assert.False(Directory.Exists(InFolder("run")));
        AssertOneLine(2, Shell.Run(Root, "bash", "-c", "mkdir $'d\\xef'; cd $'d\\xef'; charrnn train ../text.txt --out run; code=$?; cd ..; rm -r $'d\\xef'; exit $code"), "is not UTF-8");
        // The character that stands for such bytes may be meant.
        AssertOneLine(2, Shell.Run(Root, "bash", "-c", "charrnn train $'\\xef\\xbf\\xbd.txt'"), "no such file");
    }

    /// <summary>Who typed a path is told a command that can be typed.</summary>
    [ShellFact("bash")]
    public void Hints_name_the_program_as_it_was_called()
    {
        Directory.CreateSymbolicLink(InFolder("my bin"), Path.GetDirectoryName(CharrnnProcess.Binary)!);
        Assert.EndsWith("next: charrnn lab\n", Shell.Run(Root, "bash", "-c", "charrnn info").Error);
        Assert.EndsWith("next: 'my bin/charrnn' lab\n", Shell.Run(Root, "bash", "-c", "'my bin/charrnn' info").Error);
        Assert.Contains("'my bin/charrnn' --help", Shell.Run(Root, "bash", "-c", "'my bin/charrnn' nonsense").Error);
        Assert.Equal(0, Shell.Run(Root, "bash", "-c", "'my bin/charrnn' train text.txt --out run --hidden 5 --steps 20 --quiet").ExitCode);
        Assert.Contains("'my bin/charrnn' train --resume run", Shell.Run(Root, "bash", "-c", "'my bin/charrnn' train text.txt --out run").Error);
    }
}
