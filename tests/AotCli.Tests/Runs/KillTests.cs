using System.Diagnostics;
using System.Runtime.InteropServices;
using CharRnn.AotCli.Commands;
using CharRnn.AotCli.Tests.CommandLine;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.AotCli.Tests.Runs;

public sealed partial class KillTests : ProcessFixture
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
            Assert.Empty(Directory.GetFiles(InFolder(run), ".charrnn-*"));
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
    [InlineData("HUP", 129)]
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

        using var process = CharrnnProcess.Start(Root, [.. "train text.txt --out run --hidden 16 --seq-length 10 --steps 1000000000 --checkpoint-every 1000s --quiet".Split(' ')]);
        WaitForTraining("run");
        // The save that follows the first signal stands still here: a named pipe takes the place of the checkpoint, and nobody reads it.
        MakePipe("run/best.safetensors");

        Signal(process, "INT");
        Thread.Sleep(500);
        Signal(process, "INT");
        Assert.Equal((130, "", ""), process.Wait());
        File.Delete(InFolder("run/best.safetensors"));
        Assert.Equal(0, Charrnn("train --resume run --steps 5 --quiet").ExitCode);
    }

    /// <summary>Held up where nothing can be finished, a process that is asked to end does so after a while.</summary>
    [Fact]
    public void A_process_that_is_blocked_ends_too()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(0, Charrnn("train text.txt --out run --hidden 16 --seq-length 10 --steps 5 --quiet").ExitCode);
        File.Delete(InFolder("run/best.safetensors"));
        MakePipe("run/best.safetensors");
        using var process = CharrnnProcess.Start(Root, [.. "train --resume run --steps 10 --quiet".Split(' ')]);
        Thread.Sleep(3000);
        Signal(process, "TERM");
        Assert.Equal((143, "", ""), process.Wait());
    }

    /// <summary>Nobody reads what it says, and the pipe is full: it saves and ends all the same.</summary>
    [ShellFact("bash")]
    public void A_reader_who_does_not_read_does_not_keep_it_from_saving()
    {
        // The pipe's only reader sleeps; its 64 KB are filled before the training begins to speak.
        var (_, output, _) = Shell.Run(Root, "bash", "-c", """
            mkfifo pipe; sleep 1000 < pipe & reader=$!
            exec 3> pipe; head -c 65536 /dev/zero >&3
            charrnn train text.txt --out run --hidden 16 --seq-length 10 --steps 1000000000 --checkpoint-every 1000s 2>&3 & training=$!
            for i in {1..200}; do [ -e run/config.json ] && break; sleep 0.1; done; sleep 1
            kill -TERM $training; wait $training; echo "exit code $?"; kill $reader
            """);
        Assert.Equal("run\nexit code 143\n", output);
        Assert.True(File.Exists(InFolder("run/last.safetensors")));
    }

    /// <summary>A signal at any moment of the end: exit code 0 or the signal's, and never an exception.</summary>
    [ShellFact("bash")]
    public void A_signal_of_the_last_moment_is_no_exception()
    {
        var random = new Random(7);
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(0, Charrnn("train text.txt --out probe --hidden 5 --steps 20 --quiet").ExitCode);
        var lifetime = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        const int terminate = 15;
        var stopped = 0;
        for (var i = 0; stopped < 20; i++)
        {
            Assert.True(i < 400, $"only {stopped} of {i} were stopped before their end");
            using var process = CharrnnProcess.Start(Root, [.. $"train text.txt --out run{i} --hidden 5 --steps 20 --quiet".Split(' ')]);
            Thread.Sleep(TimeSpan.FromSeconds(lifetime * (0.6 + (0.5 * random.NextDouble()))));
            _ = kill(process.Id, terminate);   // a program that sends it would come too late: a native one lives for some milliseconds
            var (exitCode, _, error) = process.Wait();
            stopped += exitCode == 143 ? 1 : 0;
            lifetime *= exitCode == 143 ? 1.02 : 0.98;   // so that about half of them are
            Assert.True(exitCode is 0 or 143 && (error.Length == 0 || error.StartsWith("charrnn: stopped", StringComparison.Ordinal)), $"exit code {exitCode}: {error}");
        }

        // The handler may run when all that it stops is gone.
        var signals = new StopSignals();
        signals.Dispose();
        Assert.True(signals.Stop(15));
        Assert.Equal(143, signals.ExitCode);
    }

    /// <summary>After kill -9 the events reach the checkpoint from which the run goes on.</summary>
    [Fact]
    public void A_killed_run_has_its_events_up_to_the_checkpoint()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var i = 0; i < 4; i++)
        {
            var run = $"run{i}";
            using var process = CharrnnProcess.Start(Root, [.. $"train text.txt --out {run} --hidden 16 --seq-length 10 --steps 1000000000 --sample-every 0 --log-every 1 --checkpoint-every 100 --tensorboard --quiet".Split(' ')]);
            WaitFor(() => File.Exists(InFolder($"{run}/last.safetensors")) && StepOf(run) > 300);
            process.Kill();
            process.Wait();
            Assert.InRange(LastEvent(Assert.Single(Directory.GetFiles(InFolder(run), "events.out.tfevents.*"))), StepOf(run), long.MaxValue);
        }

        // The step of the last whole event: field 2 of the message, after the time, a varint.
        static long LastEvent(string path)
        {
            var bytes = File.ReadAllBytes(path);
            long step = 0;
            for (var at = 0; at + 12 <= bytes.Length;)
            {
                var length = (int)BitConverter.ToInt64(bytes, at);
                if (at + 16 + length > bytes.Length)
                {
                    break;
                }

                if (bytes[at + 12 + 9] == 0x10)
                {
                    (step, var shift) = (0, 0);
                    for (var field = at + 12 + 10; ; field++, shift += 7)
                    {
                        step |= (long)(bytes[field] & 0x7F) << shift;
                        if (bytes[field] < 0x80)
                        {
                            break;
                        }
                    }
                }

                at += 16 + length;
            }

            return step;
        }
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

    private void MakePipe(string name)
    {
        File.Delete(InFolder(name));
        using var make = Process.Start("mkfifo", InFolder(name));
        make.WaitForExit();
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

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
