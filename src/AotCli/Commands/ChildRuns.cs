using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CharRnn.AotCli.Commands;

/// <summary>Runs this program for each run of a sweep, so many at a time. A run that is stopped or killed goes on from its last checkpoint.</summary>
/// <param name="jobs">How many at a time.</param>
/// <param name="stop">Asks all to stop: each saves itself and ends.</param>
internal sealed partial class ChildRuns(int jobs, CancellationToken stop)
{
    private const int Terminate = 15, MostStarts = 3;

    private readonly Lock _running = new();
    private readonly HashSet<Process> _processes = [];

    /// <summary>Runs all.</summary>
    /// <param name="runs">What to run.</param>
    /// <param name="ended">Told of each run that has ended well, from any thread.</param>
    /// <returns>The runs that failed, each with the last line that it wrote on standard error.</returns>
    public IReadOnlyList<(PlannedRun Run, string Message)> Run(IReadOnlyList<PlannedRun> runs, Action ended)
    {
        var waiting = new ConcurrentQueue<PlannedRun>(runs);
        var failed = new ConcurrentQueue<(PlannedRun, string)>();
        using var stopping = stop.Register(StopAll);
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(jobs, runs.Count)).Select(_ => new Thread(Work))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return [.. failed];

        void Work()
        {
            while (!stop.IsCancellationRequested && waiting.TryDequeue(out var run))
            {
                var (exitCode, message) = (0, "");
                for (var start = 0; start < MostStarts && !stop.IsCancellationRequested; start++)
                {
                    (exitCode, message) = RunOnce(run);
                    // Over 128: a signal ended it, such as the system's when memory ran out. It goes on where it was.
                    if (exitCode <= 128)
                    {
                        break;
                    }
                }

                if (exitCode == 0)
                {
                    ended();
                }
                else if (!stop.IsCancellationRequested)
                {
                    failed.Enqueue((run, message.Length > 0 ? message : $"exit code {exitCode}"));
                }
            }
        }
    }

    private (int ExitCode, string Message) RunOnce(PlannedRun run)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true } };
        foreach (var argument in run.Arguments)
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        var last = "";
        process.ErrorDataReceived += (_, line) => last = line.Data is { Length: > 0 } text ? text : last;
        process.OutputDataReceived += (_, _) => { };
        lock (_running)
        {
            if (stop.IsCancellationRequested)
            {
                return (0, "");
            }

            process.Start();
            _processes.Add(process);
        }

        process.StandardInput.Close();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        process.WaitForExit();
        lock (_running)
        {
            _processes.Remove(process);
        }

        return (process.ExitCode, last.StartsWith("charrnn: ", StringComparison.Ordinal) ? last["charrnn: ".Length..] : last);
    }

    /// <summary>On a terminal Ctrl-C has reached them already; a second word to stop changes nothing then.</summary>
    private void StopAll()
    {
        lock (_running)
        {
            foreach (var process in _processes)
            {
                if (OperatingSystem.IsWindows())
                {
                    process.Kill();
                }
                else
                {
                    _ = kill(process.Id, Terminate);
                }
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
