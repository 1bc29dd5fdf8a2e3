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

    private static RunConfiguration Often(long steps) => Settings(steps) with { CheckpointEvery = new(4, 0) };

    private static void Begin(string folder, IFileSystem files, Func<TrainingProgress, bool>? stop = null) => Begin(folder, Often(Total), files, stop, events: true);

    private static void Resume(string folder, IFileSystem files) => Resume(folder, Often(Total), files, events: true);

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
            var isTidying = at == "find .charrnn-" || (at.StartsWith("delete", StringComparison.Ordinal) && at != "delete events");
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
