using System.Diagnostics;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.AotCli.Tests.Runs;

public sealed class KillTests : ProcessFixture
{
    private const string Settings = "--hidden 16 --seq-length 10 --steps 3000 --log-every 7 --sample-every 50 --sample-length 10 --checkpoint-every 1 --quiet";

    private string Content(string run) => string.Join('\n',
        Convert.ToHexString(Last(run)),
        Convert.ToHexString(File.ReadAllBytes(InFolder($"{run}/best.safetensors"))),
        File.ReadAllText(InFolder($"{run}/best.txt")),
        File.ReadAllText(InFolder($"{run}/samples.jsonl")),
        string.Join('\n', File.ReadLines(InFolder($"{run}/metrics.csv")).Select(line => string.Join(',', line.Split(',')[..4]))),
        string.Join('\n', File.ReadLines(InFolder($"{run}/metrics.jsonl")).Select(line => line[..line.IndexOf(",\"elapsed", StringComparison.Ordinal)])));

    /// <summary>kill -9, with a checkpoint after every update, at 50 random moments of its life: each time the run goes on to the same end.</summary>
    [Fact]
    public void Killed_at_any_moment_a_run_goes_on_to_the_same_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var random = new Random(2026);
        var settings = Settings.Replace("--steps 3000", "--steps 60", StringComparison.Ordinal);
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(0, Charrnn($"train text.txt --out whole {settings}").ExitCode);
        var lifetime = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var whole = Content("whole");
        var interrupted = 0;
        for (var i = 0; interrupted < 50; i++)
        {
            Assert.True(i < 200, $"only {interrupted} of {i} were killed before their end");
            var run = $"run{i}";
            using (var process = CharrnnProcess.Start(Root, [.. $"train text.txt --out {run} {settings}".Split(' ')]))
            {
                Thread.Sleep(TimeSpan.FromSeconds(random.NextDouble() * lifetime));
                process.Kill();
                if (process.Wait().ExitCode != 0)
                {
                    interrupted++;
                }
                else
                {
                    lifetime *= 0.9;   // it lived shorter than the first one did: the machine is faster now
                }
            }

            var begunBefore = File.Exists(InFolder($"{run}/config.json"));
            var (exitCode, _, error) = Charrnn(begunBefore ? $"train --resume {run} --quiet" : $"train text.txt --out {run} {settings}");
            Assert.True(exitCode == 0, error);
            Assert.True(whole == Content(run), $"kill {i} changed the run");
            Assert.Empty(Directory.GetFiles(InFolder(run), "*.tmp"));
        }
    }

    /// <summary>Samples before every update show how far it came; the last checkpoint has that, but for the interval.</summary>
    [Fact]
    public void A_killed_run_has_lost_no_more_than_the_interval()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var i = 0; i < 4; i++)
        {
            string run = $"run{i}", samples = InFolder($"{run}/samples.jsonl");
            using var process = CharrnnProcess.Start(Root, [.. $"train text.txt --out {run} --hidden 16 --seq-length 10 --steps 1000000000 --sample-every 1 --sample-length 1 --checkpoint-every 10 --quiet".Split(' ')]);
            WaitFor(() => Lines() > 200);
            process.Kill();
            process.Wait();
            // The sample of an update is written before it: the last but one was done.
            Assert.InRange(StepOf(run), Lines() - 1 - 10, long.MaxValue);

            long Lines() => File.Exists(samples) ? File.ReadAllText(samples).Count(character => character == '\n') : 0;
        }
    }

    [Fact]
    public void Checkpoints_come_in_seconds_too()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var process = CharrnnProcess.Start(Root, [.. "train text.txt --out run --hidden 16 --seq-length 10 --steps 1000000000 --checkpoint-every 0.2s --quiet".Split(' ')]);
        WaitFor(() => File.Exists(InFolder("run/last.safetensors")));
        var step = StepOf("run");
        WaitFor(() => StepOf("run") > step);
        process.Kill();
        process.Wait();
    }

    private long StepOf(string run) => long.Parse(ModelFile.Read(InFolder($"{run}/last.safetensors")).Metadata["step"]);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_signal_finishes_the_update_and_saves(string signal, int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] arguments = [.. "train text.txt --out run --hidden 16 --seq-length 10 --steps 1000000000 --sample-every 50000 --checkpoint-every 1000s --quiet".Split(' ')];
        using var process = CharrnnProcess.Start(Root, arguments);
        WaitForTraining("run");
        Signal(process, signal);
        var result = process.Wait();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("go on with: charrnn train --resume run", result.Error);
        Assert.Equal(1, result.Error.Count(character => character == '\n'));
        var step = long.Parse(result.Error.Split("after update ")[1].Split(' ')[0]);
        Assert.True(step > 0);
        Assert.Equal(0, Charrnn($"train --resume run --steps {step + 5} --quiet").ExitCode);
        Assert.Equal(0, Charrnn($"train text.txt --out whole --hidden 16 --seq-length 10 --steps {step + 5} --sample-every 50000 --quiet").ExitCode);
        Assert.Equal(Last("whole"), Last("run"));
    }

    /// <summary>The first signal is held up in a checkpoint that waits for a reader: only the second can end the process.</summary>
    [Fact]
    public void A_second_interrupt_stops_at_once()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var process = CharrnnProcess.Start(Root, [.. "train text.txt --out run --hidden 16 --seq-length 10 --steps 1000000000 --quiet".Split(' ')]);
        WaitForTraining("run");
        // The save that follows the first signal stands still here: a named pipe takes the place of the temporary file, and nobody reads it.
        using (var pipe = Process.Start("mkfifo", InFolder("run/last.safetensors.tmp")))
        {
            pipe.WaitForExit();
        }

        Signal(process, "INT");
        Thread.Sleep(500);
        Signal(process, "INT");
        Assert.Equal((130, "", ""), process.Wait());
        File.Delete(InFolder("run/last.safetensors.tmp"));
        Assert.Equal(0, Charrnn("train --resume run --steps 5 --quiet").ExitCode);
    }

    [Fact]
    public void The_second_process_on_a_run_is_refused_and_a_dead_one_does_not_block()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var endless = "train text.txt --out run --hidden 16 --seq-length 10 --steps 1000000000 --checkpoint-every 1 --quiet";
        using (var process = CharrnnProcess.Start(Root, endless.Split(' ')))
        {
            WaitForTraining("run");
            AssertOneLine(2, Charrnn("train --resume run --quiet"), "another process is training in run");
            AssertOneLine(2, Charrnn(endless), "another process is training in run");
            process.Kill();
            process.Wait();
        }

        Assert.Equal(0, Charrnn("train --resume run --steps 1 --quiet").ExitCode);
    }

    private static void Signal(CharrnnProcess process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString()]);
        kill.WaitForExit();
    }

    private void WaitForTraining(string run) => WaitFor(() => File.Exists(InFolder($"{run}/metrics.jsonl")) && new FileInfo(InFolder($"{run}/metrics.jsonl")).Length > 0);

    private static void WaitFor(Func<bool> condition)
    {
        for (var i = 0; i < 1200; i++)
        {
            if (condition())
            {
                return;
            }

            Thread.Sleep(50);
        }

        throw new TimeoutException("it did not come to that within a minute");
    }
}
