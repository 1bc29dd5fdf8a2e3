using System.Diagnostics;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.TensorBoard;

/// <summary>
/// Writes a training's losses and samples into an event file in its run's folder. A run that goes on writes a new one from its metrics and
/// samples and deletes the older ones, so that the file holds what the logs hold, whatever ended the training before.
/// </summary>
/// <param name="files">The file system.</param>
public sealed class EventLog(IFileSystem files) : ITrainingObserver, IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private EventFile? _file;
    private long _flushed = Stopwatch.GetTimestamp();

    private static double Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Started(TrainingStart start)
    {
        var older = EventFile.FindOwn(files, start.Folder);
        _file = EventFile.Create(files, start.Folder, Now);
        if (older.Count > 0)
        {
            _file.WriteRestart(Now, 1);   // a TensorBoard that is looking on drops what it has read
        }

        WriteLogged(RunFolder.Open(files, start.Folder));
        _file.FlushToDisk();
        foreach (var name in older)
        {
            files.Delete(Path.Combine(start.Folder, name));
        }
    }

    /// <inheritdoc/>
    public void Advanced(in TrainingProgress progress)
    {
    }

    /// <inheritdoc/>
    public void Logged(MetricsRecord record)
    {
        Write(Now, record);
        if (Stopwatch.GetElapsedTime(_flushed) < FlushInterval)
        {
            return;
        }

        _file!.Flush();
        _flushed = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Sampled(SampleRecord record) => Write(Now, record);

    /// <inheritdoc/>
    public void Saving() => _file!.FlushToDisk();

    /// <inheritdoc/>
    public void Finished(TrainingResult result) => _file!.FlushToDisk();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    /// <summary>Writes what the run's logs hold, in the order in which it came: the sample of an update is written before it.</summary>
    private void WriteLogged(RunFolder run)
    {
        var samples = new Queue<SampleRecord>(run.ReadSamples());
        double now = Now, time = now;
        // The logs know how long was trained, not when.
        var end = run.ReadMetrics().LastOrDefault()?.ElapsedSeconds ?? 0;
        foreach (var record in run.ReadMetrics())
        {
            time = now - (end - record.ElapsedSeconds);
            WriteSamples(record.Step);
            Write(time, record);
        }

        WriteSamples(long.MaxValue);

        void WriteSamples(long last)
        {
            while (samples.TryPeek(out var sample) && sample.Step <= last)
            {
                Write(time, samples.Dequeue());
            }
        }
    }

    private void Write(double time, MetricsRecord record)
    {
        // What a run begins with was not trained: it has a loss on held-out text alone.
        if (record.Step > 0)
        {
            _file!.WriteScalars(time, record.Step, ("loss", record.Loss), ("smooth_loss", record.SmoothLoss), ("characters_per_second", record.CharactersPerSecond));
        }

        if (record.ValidationLoss is { } validation)
        {
            _file!.WriteScalars(time, record.Step, ("validation_loss", validation));
        }
    }

    // Indented by four, Markdown shows a text as it is.
    private void Write(double time, SampleRecord record) =>
        _file!.WriteText(time, record.Step, "sample", "    " + record.Text.ReplaceLineEndings("\n").Replace("\n", "\n    ", StringComparison.Ordinal));
}
