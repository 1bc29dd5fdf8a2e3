using System.Diagnostics;
using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Display;

/// <summary>A training's progress where there is no terminal to draw on: a line every other second, after a while every minute.</summary>
internal sealed class PlainTrainingProgress : ITrainingObserver
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(1);

    private long _start, _written, _writtenStep, _total;
    private TimeSpan _interval = First;

    /// <inheritdoc/>
    public void Started(TrainingStart start)
    {
        (_total, _writtenStep) = (start.TotalSteps, start.Step);
        _start = _written = Stopwatch.GetTimestamp();
        TrainingLines.WriteStart(start);
    }

    /// <inheritdoc/>
    public void Advanced(in TrainingProgress progress)
    {
        var now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_written, now) < _interval)
        {
            return;
        }

        var speed = (progress.Step - _writtenStep) / Stopwatch.GetElapsedTime(_written, now).TotalSeconds;
        (_written, _writtenStep) = (now, progress.Step);
        // A training of hours shall not fill its log.
        _interval = TimeSpan.FromSeconds(Math.Clamp(Stopwatch.GetElapsedTime(_start, now).TotalSeconds / 20, First.TotalSeconds, Longest.TotalSeconds));
        Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"update {progress.Step} of {_total}, epoch {progress.Epoch}, smooth loss {progress.SmoothLoss:F3}{(double.IsNaN(progress.ValidationLoss) ? "" : string.Create(CultureInfo.InvariantCulture, $", validation loss {progress.ValidationLoss:F4}"))}, {Duration.Speed(speed)} updates a second, {Duration.Describe((_total - progress.Step) / speed)} left"));
    }

    /// <inheritdoc/>
    public void Logged(MetricsRecord record)
    {
    }

    /// <inheritdoc/>
    public void Sampled(SampleRecord record)
    {
    }

    /// <inheritdoc/>
    public void Noticed(UnitNotice notice) => TrainingLines.WriteNotice(notice);

    /// <inheritdoc/>
    public void Noticed(RiseNotice notice) => TrainingLines.WriteNotice(notice);

    /// <inheritdoc/>
    public void Finished(TrainingResult result) => TrainingLines.WriteEnd(result);
}
