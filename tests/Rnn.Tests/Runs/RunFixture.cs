using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.TensorBoard;
using CharRnn.Rnn.Tests.Checkpoints;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>Small runs in a folder of their own.</summary>
public abstract class RunFixture : IDisposable
{
    // 71 characters and chunks of 5: 14 updates an epoch.
    protected static readonly EncodedText SmallText = EncodedText.FromString("Anna went to the mill, and Otto to the well. \"Who waits there?\" 😀 No one.");

    private readonly string _root = Directory.CreateTempSubdirectory("charrnn-runs-").FullName;

    public void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Folder(string name) => Path.Combine(_root, name);

    protected static RunConfiguration Settings(long steps) => new()
    {
        TextSha256 = SmallText.Sha256,
        TextLength = SmallText.Length,
        Vocabulary = SmallText.Vocabulary.ToString(),
        HiddenSize = 7,
        SequenceLength = 5,
        Steps = steps,
        Eta = 0.3,   // the lowest smooth loss is that of update 3 until after update 14, then that of the last
        SampleEvery = 10,
        SampleLength = 20,
        LogEvery = 3,
        CheckpointEvery = new(1_000_000, 0),
    };

    protected static TrainingResult Begin(string folder, RunConfiguration settings, IFileSystem? files = null, Func<TrainingProgress, bool>? stop = null, int snapshotInterval = 1024, bool events = false) =>
        settings.Precision == Precision.Double ? Begin<double>(folder, settings, files, stop, snapshotInterval, events) : Begin<float>(folder, settings, files, stop, snapshotInterval, events);

    protected static TrainingResult Resume(string folder, RunConfiguration settings, IFileSystem? files = null, Func<TrainingProgress, bool>? stop = null, bool events = false)
    {
        files ??= new FaultyFileSystem(Fault.None, 0);
        using var log = events ? new EventLog(files) : null;
        using var writer = RunWriter.Resume(files, folder);
        Assert.Equal(settings.TextSha256, writer.ReadConfiguration().TextSha256);
        var last = writer.ReadModel(RunFolder.LastName);
        using var run = last is null
            ? TrainingRun<float>.Begin(writer, settings, SmallText, null, null, log)
            : TrainingRun<float>.Resume(writer, settings, SmallText, last, null, log);
        return run.Train(() => stop?.Invoke(run.Progress) ?? false);
    }

    private static TrainingResult Begin<T>(string folder, RunConfiguration settings, IFileSystem? files, Func<TrainingProgress, bool>? stop, int snapshotInterval, bool events)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        files ??= new FaultyFileSystem(Fault.None, 0);
        using var log = events ? new EventLog(files) : null;
        using var writer = RunWriter.Create(files, folder, settings);
        using var run = TrainingRun<T>.Begin(writer, settings, SmallText, null, null, log);
        run.SnapshotInterval = snapshotInterval;
        return run.Train(() => stop?.Invoke(run.Progress) ?? false);
    }

    /// <summary>What must not depend on where a run was stopped.</summary>
    protected static (string Last, string Best, string BestText, string Metrics, string Table, string Samples) Content(string folder)
    {
        var run = RunFolder.Open(folder);
        var table = File.ReadAllLines(Path.Combine(folder, RunFolder.MetricsTableName));
        return (
            Convert.ToHexString(File.ReadAllBytes(run.LastWeights)),
            Convert.ToHexString(File.ReadAllBytes(run.BestWeights)),
            run.ReadBestText()!,
            string.Join("\n", run.ReadMetrics().Select(record => record with { ElapsedSeconds = 0, CharactersPerSecond = 0 })),
            string.Join("\n", table.Select(line => string.Join(",", (string[])[.. line.Split(',')[..4], .. line.Split(',')[6..]]))),
            string.Join("\n", run.ReadSamples()));
    }
}
