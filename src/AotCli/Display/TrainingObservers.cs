using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.TensorBoard;
using CharRnn.Rnn.Training;

namespace CharRnn.AotCli.Display;

/// <summary>All that watch a training: the display that fits where standard error goes, and an event file where one is asked for.</summary>
internal sealed class TrainingObservers : ITrainingObserver, IDisposable
{
    private readonly List<ITrainingObserver> _observers = [];

    /// <param name="quiet">No display.</param>
    /// <param name="eventFile">Whether to write a file for TensorBoard.</param>
    public TrainingObservers(bool quiet, bool eventFile)
    {
        if (eventFile)
        {
            _observers.Add(new EventLog(PhysicalFileSystem.Instance));
        }

        if (!quiet)
        {
            _observers.Add(Terminal.ErrorIsTerminal ? new LiveTrainingDisplay() : new PlainTrainingProgress());
        }
    }

    /// <inheritdoc/>
    public void Started(TrainingStart start) => _observers.ForEach(observer => observer.Started(start));

    /// <inheritdoc/>
    public void Advanced(in TrainingProgress progress)
    {
        foreach (var observer in _observers)
        {
            observer.Advanced(progress);
        }
    }

    /// <inheritdoc/>
    public void Logged(MetricsRecord record) => _observers.ForEach(observer => observer.Logged(record));

    /// <inheritdoc/>
    public void Sampled(SampleRecord record) => _observers.ForEach(observer => observer.Sampled(record));

    /// <inheritdoc/>
    public void Saving() => _observers.ForEach(observer => observer.Saving());

    /// <inheritdoc/>
    public void Noticed(UnitNotice notice) => _observers.ForEach(observer => observer.Noticed(notice));

    /// <inheritdoc/>
    public void Noticed(RiseNotice notice) => _observers.ForEach(observer => observer.Noticed(notice));

    /// <inheritdoc/>
    public void Finished(TrainingResult result) => _observers.ForEach(observer => observer.Finished(result));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var observer in _observers.OfType<IDisposable>())
        {
            observer.Dispose();
        }
    }
}
