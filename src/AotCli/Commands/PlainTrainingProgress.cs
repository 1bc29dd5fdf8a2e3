using System.Diagnostics;
using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>A training's progress as plain lines on standard error: one every other second, and the samples.</summary>
internal sealed class PlainTrainingProgress : ITrainingObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private long _written = Stopwatch.GetTimestamp();
    private long _total;

    public void Started(TrainingStart start)
    {
        _total = start.TotalSteps;
        Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{(start.Step > 0 ? $"going on at update {start.Step}" : "training")} to update {start.TotalSteps}: {start.Kernels}; run folder {start.Folder}"));
    }

    public void Logged(MetricsRecord record)
    {
        if (Stopwatch.GetElapsedTime(_written) < Interval) return;
        _written = Stopwatch.GetTimestamp();
        Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"update {record.Step} of {_total}, epoch {record.Epoch}, smooth loss {record.SmoothLoss:F3}, {record.CharactersPerSecond:F0} characters a second"));
    }

    public void Sampled(SampleRecord record) => Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"--- before update {record.Step}, epoch {record.Epoch}{(record.SmoothLoss is { } smooth ? $", smooth loss {smooth:F3}" : "")} ---\n{record.Text}\n"));

    public void Finished(TrainingResult result) => Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{result.Updates} updates in {result.Seconds:F2} s ({result.MicrosecondsPerUpdate:F1} microseconds each), smooth loss {result.Progress.SmoothLoss:F3}, lowest {result.Progress.BestSmoothLoss:F3} at update {result.Progress.BestStep}"));
}
