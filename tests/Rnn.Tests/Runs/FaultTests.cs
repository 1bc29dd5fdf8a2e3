using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Tests.TensorBoard;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>The n-th operation on files fails, for every n: what was saved before stays, and the run goes on to the same end.</summary>
public sealed class FaultTests : RunFixture
{
    private const int Total = 12;

    private static FaultyFileSystem Sound => new(Fault.None, 0);

    private static RunConfiguration Often(long steps) => Settings(steps) with { CheckpointEvery = new(4, 0), KeptCheckpoints = 2 };

    private static void Begin(string folder, IFileSystem files, Func<TrainingProgress, bool>? stop = null) => Begin(folder, Often(Total), files, stop, events: true);

    private static void Resume(string folder, IFileSystem files) => Resume(folder, Often(Total), files, events: true);

    /// <summary>The folder that the run is told of is nowhere: what went past the interface would find nothing there, or leave something.</summary>
    [Fact]
    public void Nothing_of_a_run_goes_past_the_interface()
    {
        Begin(Folder("whole"), Sound);
        string nowhere = Folder("nowhere"), run = Path.Combine(nowhere, "run");
        FaultyFileSystem files = new(Fault.None, 0) { Elsewhere = (run, Folder("run")) };
        Begin(run, files, stop: progress => progress.Step == 6);
        Resume(run, files);
        Assert.False(Path.Exists(nowhere));
        Assert.Equal(Content(Folder("whole")), Content(Folder("run")));
        EventReader.AssertHoldsLogs(Folder("run"));
        foreach (var operation in (string[])["lock folder", "lock .lock", "create events", "write events", "flush events", "delete events", "delete step-4.safetensors"])
        {
            Assert.Contains(operation, files.Log);
        }
    }

    /// <summary>Logs on the disk reach at least as far as the state: a machine that ends after a checkpoint has the lines before it.</summary>
    [Fact]
    public void The_logs_are_on_the_disk_before_each_checkpoint()
    {
        var files = Sound;
        Begin(Folder("run"), files);
        int[] checkpoints = [.. Enumerable.Range(0, files.Log.Count).Where(i => files.Log[i] == $"rename temporary {RunFolder.LastName}")];
        Assert.Equal(3, checkpoints.Length);
        foreach (var checkpoint in checkpoints)
        {
            var before = files.Log[..checkpoint];
            foreach (var log in (string[])[RunFolder.MetricsName, RunFolder.MetricsTableName, RunFolder.SamplesName, "events"])
            {
                Assert.Contains($"write {log}", before);
                Assert.True(before.LastIndexOf($"flush {log}") > before.LastIndexOf($"write {log}"), $"{log} before operation {checkpoint}");
            }
        }
    }

    public static TheoryData<Fault, bool> Faults()
    {
        // Once, and then never again; and, as of a full disk, from then on.
        var data = new TheoryData<Fault, bool>
        {
            { Fault.NoSpace, false }, { Fault.InputOutput, false }, { Fault.ShortWrite, false }, { Fault.Permission, false },
            { Fault.NoSpace, true }, { Fault.ShortWrite, true },
        };
        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void In_a_whole_run(Fault fault, bool persistent)
    {
        Begin(Folder("whole"), Sound);
        var whole = Content(Folder("whole"));
        var operations = Sweep(fault, persistent, "run", (folder, files) => Begin(folder, files), whole);
        Assert.True(operations > 60, $"only {operations} operations could fail");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void In_a_resumed_run(Fault fault, bool persistent)
    {
        Begin(Folder("whole"), Sound);
        var whole = Content(Folder("whole"));
        var operations = Sweep(fault, persistent, "resume", (folder, files) =>
        {
            Begin(folder, Sound, stop: progress => progress.Step == 6);
            Resume(folder, files);
        }, whole);
        Assert.True(operations > 50, $"only {operations} operations could fail");
    }

    private int Sweep(Fault fault, bool persistent, string name, Action<string, IFileSystem> act, (string, string, string, string, string, string) whole)
    {
        for (var n = 1; ; n++)
        {
            var folder = Folder($"{name}{n}");
            var files = new FaultyFileSystem(fault, n, persistent);
            var exception = Record.Exception(() => act(folder, files));
            if (files.Operations < n)
            {
                Assert.Null(exception);
                Assert.Equal(whole, Content(folder));
                EventReader.AssertHoldsLogs(folder);
                return n - 1;
            }

            var at = files.Log[n - 1];
            // What could not be tidied up is in nobody's way: the work is done all the same.
            var isTidying = at is "find .charrnn-" or "find step-" || (at.StartsWith("delete", StringComparison.Ordinal) && at != "delete events");
            Assert.True(exception is IOException or UnauthorizedAccessException || (exception is null && isTidying), $"operation {n} ({at}): {exception}");
            Assert.DoesNotContain('\n', exception?.Message ?? "");
            // Whatever stands under the checkpoint's names is whole.
            foreach (var model in (string[])[RunFolder.LastName, RunFolder.BestName])
            {
                if (File.Exists(Path.Combine(folder, model)))
                {
                    ModelFile.Read(Path.Combine(folder, model));
                }
            }

            if (File.Exists(Path.Combine(folder, RunFolder.ConfigurationName)))
            {
                Resume(folder, Sound);
            }
            else
            {
                Begin(folder, Sound);
            }

            Assert.True(whole == Content(folder), $"operation {n} ({at}) changed the run");
            EventReader.AssertHoldsLogs(folder);
            Assert.DoesNotContain(Directory.GetFiles(folder), path => AtomicFile.IsTemporary(Path.GetFileName(path)));
        }
    }
}
