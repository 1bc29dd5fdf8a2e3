using System.Text.Json;
using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Commands;
using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.Commands;

public sealed class SweepTests : ProcessFixture
{
    private const string Small = "--hidden 8 --steps 200 --log-every 10 --sample-every 0 --checkpoint-every 50";

    [Theory]
    [InlineData("0.1,0.05", "0.1 0.05")]
    [InlineData("1..4", "1 2 3 4")]
    [InlineData("7,1..3,9", "7 1 2 3 9")]
    [InlineData("off", "off")]
    [InlineData("0..0", "0")]
    public void Lists_and_ranges_are_taken_apart(string text, string expected) => Assert.Equal(expected, string.Join(' ', SweepPlan.Values("--eta", text)));

    [Theory]
    [InlineData("")]
    [InlineData("1,")]
    [InlineData("3..1")]
    [InlineData("1..")]
    [InlineData("1..2..3")]
    [InlineData("0.1..0.5")]
    [InlineData("1..99999999")]
    [InlineData("1,2,1")]
    public void Lists_that_are_none_are_refused(string text) => Assert.Contains("--seed", Assert.Throws<UsageException>(() => SweepPlan.Values("--seed", text)).Message);

    [Fact]
    public void Every_combination_is_a_run_the_same_as_train_alone_makes()
    {
        var (exitCode, output, error) = Charrnn($"sweep text.txt --out s --eta 0.1,0.05 --seed 1..2 {Small}");
        Assert.True(exitCode == 0, error);
        Assert.Equal(["eta-0.05_seed-1", "eta-0.05_seed-2", "eta-0.1_seed-1", "eta-0.1_seed-2"], Directory.GetDirectories(InFolder("s")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        Assert.Equal(0, Charrnn($"train text.txt --out alone --eta 0.05 --seed 2 --quiet {Small}").ExitCode);
        Assert.Equal(Last("alone"), Last("s/eta-0.05_seed-2"));
        var lines = output.Split('\n');
        Assert.Matches("^settings +runs +complete +median +lowest +highest +seconds$", lines[0]);
        Assert.Equal(2, lines.Count(line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^eta 0\.\d+ +2 +2 +\d\.\d{3} +\d\.\d{3} +\d\.\d{3} +\d+\.\d$")));
        Assert.Contains("seeds' spread", output);
        var page = File.ReadAllText(InFolder("s/sweep.html"));
        Assert.Contains("CharRnn report</title>", page);
        Assert.Contains("seconds of training", page);
        Assert.Contains("class=\"band", page);

        // What is there is read again, as numbers.
        using var json = JsonDocument.Parse(Charrnn("sweep --collect s --json").Output);
        JsonElement[] groups = [.. json.RootElement.GetProperty("groups").EnumerateArray()];
        Assert.Equal(2, groups.Length);
        foreach (var group in groups)
        {
            double[] bits = [.. group.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("last_bits").GetDouble())];
            Assert.Equal((bits[0] + bits[1]) / 2, group.GetProperty("median_bits").GetDouble(), 12);
            Assert.All(group.GetProperty("runs").EnumerateArray(), run => Assert.True(run.GetProperty("complete").GetBoolean()));
        }

        Assert.True(groups[0].GetProperty("median_bits").GetDouble() <= groups[1].GetProperty("median_bits").GetDouble());
    }

    [Fact]
    public void The_same_command_goes_on_and_leaves_what_is_complete_alone()
    {
        Assert.Equal(0, Charrnn($"sweep text.txt --out s --seed 1..2 {Small}").ExitCode);
        var complete = Last("s/seed-1");
        var written = File.GetLastWriteTimeUtc(InFolder("s/seed-1/last.safetensors"));
        Directory.Delete(InFolder("s/seed-2"), recursive: true);
        // A run that was killed half way: its folder is there, with a checkpoint before the end.
        Assert.Equal(0, Charrnn("train text.txt --out s/seed-2 --seed 2 --quiet --hidden 8 --steps 100 --log-every 10 --sample-every 0").ExitCode);
        Assert.Equal(0, Charrnn($"sweep text.txt --out s --seed 1..2 {Small}").ExitCode);
        Assert.Equal((complete, written), (Last("s/seed-1"), File.GetLastWriteTimeUtc(InFolder("s/seed-1/last.safetensors"))), ByBytes.Instance);
        Assert.Equal(0, Charrnn($"train text.txt --out alone --seed 2 --quiet {Small}").ExitCode);
        Assert.Equal(Last("alone"), Last("s/seed-2"));
    }

    [Fact]
    public void Each_line_of_the_list_is_a_command_that_may_be_started_again()
    {
        var (exitCode, output, _) = Charrnn($"sweep text.txt --out s --eta 0.1,0.05 --list {Small}");
        Assert.Equal(0, exitCode);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.False(Directory.Exists(InFolder("s")));
        Assert.All(lines, line => Assert.Contains(" --out " + InFolder("s/eta-"), line));
        var command = lines[1].Split(' ');
        Assert.Equal(0, CharrnnProcess.Run(Path.GetTempPath(), command[1..]).ExitCode);   // from another folder, as a queue may
        var first = Last("s/eta-0.05");
        Assert.Equal(0, CharrnnProcess.Run(Path.GetTempPath(), command[1..]).ExitCode);
        Assert.Equal(first, Last("s/eta-0.05"));
        // Whatever names a file does so from any folder.
        Assert.Contains($" --init {InFolder("s/eta-0.05")} ", Charrnn("sweep text.txt --out t --init s/eta-0.05 --seed 1..2 --list").Output);
        // Another run may not slip into the folder.
        AssertOneLine(2, Charrnn("train text.txt --out s/eta-0.05 --go-on --hidden 9 --quiet"), "--hidden");
        AssertOneLine(2, Charrnn("train text.txt --go-on --quiet"), "--go-on needs --out");
    }

    [Fact]
    public void What_train_would_refuse_is_refused_before_the_first_run()
    {
        AssertOneLine(2, Charrnn("sweep text.txt --out s --eta 0.1,-1"), "--eta must be greater than 0");
        AssertOneLine(2, Charrnn("sweep text.txt --out s --hidden 8,x"), "--hidden takes a whole number");
        AssertOneLine(2, Charrnn("sweep - --out s --seed 1..2"), "save it as a file first");
        AssertOneLine(2, Charrnn("sweep nowhere.txt --out s --seed 1..2"), "no such file");
        // Not only what a value looks like, but what it means for the text.
        AssertOneLine(2, Charrnn("sweep text.txt --out s --streams 1,5000"), "too few for 5000 streams");
        AssertOneLine(2, Charrnn("sweep text.txt --out s --seed 1..2 --steps 10 --epochs 1"), "exclude each other");
        AssertOneLine(2, Charrnn("sweep text.txt --out s --validation 0.1,0.999"), "--validation 0.999");
        AssertOneLine(2, Charrnn("sweep text.txt --out s --cell lstm --layers 1,4 --hidden 30000"), "of memory");
        AssertOneLine(2, Charrnn("sweep --collect nowhere"), "no such folder");
        AssertOneLine(2, Charrnn("sweep --collect ."), "no run");
        Assert.False(Directory.Exists(InFolder("s")));
        // A page that is the user's own stays.
        Directory.CreateDirectory(InFolder("t"));
        File.WriteAllText(InFolder("t/sweep.html"), "mine");
        AssertOneLine(2, Charrnn($"sweep text.txt --out t --seed 1..2 {Small}"), "is there already");
        Assert.Equal("mine", File.ReadAllText(InFolder("t/sweep.html")));
    }

    [Fact]
    public void A_run_that_fails_is_named_and_the_others_are_shown()
    {
        var (exitCode, output, error) = Charrnn($"sweep text.txt --out s --eta 0.1,1e30 --clip off {Small}");
        Assert.Equal(1, exitCode);
        Assert.Contains("eta-1E+30 failed: ", error.Replace("1e30", "1E+30", StringComparison.Ordinal));
        Assert.Contains("not finite", error);
        Assert.Contains("eta 0.1", output);
    }

    [Fact]
    public void A_stop_ends_all_runs_saved_and_says_how_to_go_on()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var sweep = CharrnnProcess.Start(Root, "sweep text.txt --out s --seed 1..2 --hidden 8 --steps 100000000 --sample-every 0 --checkpoint-every 50".Split(' '));
        for (var i = 0; i < 600 && !File.Exists(InFolder("s/seed-1/last.safetensors")); i++)
        {
            Thread.Sleep(100);
        }

        using (var kill = System.Diagnostics.Process.Start("kill", ["-TERM", sweep.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        var (exitCode, output, error) = sweep.Wait();
        Assert.Equal((143, ""), (exitCode, output));
        Assert.Contains("stopped with 0 of 2 runs complete", error);
        // No child is left that holds the run.
        Assert.Equal(0, Charrnn("train --resume s/seed-1 --steps 1 --quiet").ExitCode);
    }

    private sealed class ByBytes : IEqualityComparer<(byte[] Content, DateTime Time)>
    {
        public static readonly ByBytes Instance = new();

        public bool Equals((byte[] Content, DateTime Time) left, (byte[] Content, DateTime Time) right) => left.Content.AsSpan().SequenceEqual(right.Content) && left.Time == right.Time;

        public int GetHashCode((byte[] Content, DateTime Time) value) => value.Content.Length;
    }
}
