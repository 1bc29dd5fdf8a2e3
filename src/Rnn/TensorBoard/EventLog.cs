using System.Diagnostics;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.TensorBoard;

/// <summary>Writes a training's losses and samples into an event file in its run's folder.</summary>
public sealed class EventLog : ITrainingObserver, IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private EventFile? _file;
    private long _flushed = Stopwatch.GetTimestamp();

    private static double Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Started(TrainingStart start)
    {
        _file = EventFile.Create(start.Folder, Now);
        // The run goes on from a checkpoint; what was logged after it comes again.
        if (start.Step > 0)
        {
            _file.WriteRestart(Now, start.Step + 1);
        }

        _file.Flush();
    }

    /// <inheritdoc/>
    public void Advanced(in TrainingProgress progress)
    {
    }

    /// <inheritdoc/>
    public void Logged(MetricsRecord record)
    {
        _file!.WriteScalars(Now, record.Step, ("loss", record.Loss), ("smooth_loss", record.SmoothLoss), ("characters_per_second", record.CharactersPerSecond));
        if (Stopwatch.GetElapsedTime(_flushed) < FlushInterval)
        {
            return;
        }

        _file.Flush();
        _flushed = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Sampled(SampleRecord record)
    {
        // Indented by four, Markdown shows a text as it is.
        _file!.WriteText(Now, record.Step, "sample", "    " + record.Text.ReplaceLineEndings("\n").Replace("\n", "\n    ", StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    public void Finished(TrainingResult result) => _file!.Flush();

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();
}
