using CharRnn.AotCli.Tests.CommandLine;
using CsCheck;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>Command lines at random, with a standard error, with one that is closed and with one that is full: never a stack trace, a hang, or an exit code other than 0, 1 and 2.</summary>
public sealed class CommandLineProperties : ProcessFixture
{
    private static readonly string[] Words =
    [
        "train", "train", "train", "lab", "info", "sample", "eval", "report", "report", "gradcheck", "gradcheck", "diagnose", "bench", "explain", "export", "import", "sweep", "completion", "man", "help", "trian", "",
        "text.txt", "none.txt", ".", "/dev/null", "-", "--", "@text.txt", "bash", "[suggest:3]", "100x80", "run", "ä😀", "a b", "'", "%s", "\\", "\t",
        "--out", "--resume", "--hidden", "--seq-length", "--epochs", "--eta", "--clip", "--seed", "--init", "--precision", "--sample-every", "--sample-length", "--log-every",
        "--checkpoint-every", "--kernels", "--quiet", "--json", "--help", "--version", "--hiden", "--steps=1", "--steps=-1", "--eta=1e400", "-x", "--length", "--prime", "--temperature", "--top-k", "--export", "--replay", "--watch-word",
        "--to", "--cell", "--validation", "--unknown", "--interactive", "--until", "--hand-in", "--list", "onnx", "lstm", "case", "case",
        "0", "1", "5", "-1", "1e9", "99999999999999999999", "0.5", "nan", "inf", "single", "double", "off", "10s", "auto", "run-time",
    ];

    [Fact]
    public void Any_command_line_ends_in_order()
    {
        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 2 --steps 3 --quiet").ExitCode);
        Assert.Equal(0, Charrnn("gradcheck --export case --hidden 2 --vocabulary 3 --seq-length 2").ExitCode);
        Gen.OneOf(Words).Array[0, 8].Sample(
            line =>
            {
                // Whatever else is asked for, no more than a few small updates and no more than a few characters.
                string[] arguments =
                [
                    .. line, .. line switch
                    {
                        ["lab", ..] => (string[])["--hidden", "2", "--seq-length", "2"],
                        ["gradcheck", ..] => ["--hidden", "2", "--vocabulary", "3", "--seq-length", "2", "--cases", "2"],
                        ["bench", ..] => ["--hidden", "2", "--vocabulary", "3", "--seq-length", "2"],
                        ["sweep", ..] => ["--hidden", "2", "--steps", "3"],
                        _ when line.Contains("train") => ["--steps", "3"],
                        _ => [],
                    },
                ];
                var (exitCode, _, error) = CharrnnProcess.Run(Root, arguments, null, [.. "some text, some more text; and more\n"u8]);
                var trace = error.Contains("   at ", StringComparison.Ordinal) || error.Contains("Unhandled", StringComparison.Ordinal) || error.Contains("internal error", StringComparison.Ordinal);
                var (closed, full) = OperatingSystem.IsWindows() ? (0, 0) : (WithError("2>&-"), WithError("2>/dev/full"));
                Assert.True(
                    exitCode is 0 or 1 or 2 && closed is (0 or 1 or 2) && full is (0 or 1 or 2) && !trace && (exitCode == 0 || error.StartsWith("charrnn: ", StringComparison.Ordinal) || error.Contains("\ncharrnn: ", StringComparison.Ordinal)),
                    $"charrnn {string.Join(' ', arguments)}\nexit code {exitCode}, with standard error closed {closed}, full {full}\n{error}");

                int WithError(string redirection) => Shell.Run(Root, "sh", ["-c", $"exec charrnn \"$@\" {redirection}", "sh", .. arguments]).ExitCode;
            },
            iter: 120,
            threads: 1);
    }
}
