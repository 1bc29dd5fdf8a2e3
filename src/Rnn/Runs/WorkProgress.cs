namespace CharRnn.Rnn.Runs;

/// <summary>Says how far a piece of long work is, and lets it be stopped. Calls come from any thread, many times a second.</summary>
/// <param name="report">Takes the name of the stage and the share of the whole that is done, from 0 to 1.</param>
/// <param name="stop">Asks the work to stop.</param>
public sealed class WorkProgress(Action<string, double> report, CancellationToken stop = default)
{
    private string _stage = "";
    private double _from, _share, _whole = 1;
    private long _of, _done;

    /// <summary>Says what the shares of all stages add up to; 1 where nothing is said.</summary>
    /// <param name="whole">Their sum.</param>
    public void Expect(double whole) => _whole = whole;

    /// <summary>Begins the next stage.</summary>
    /// <param name="name">What is being done.</param>
    /// <param name="share">The share of the whole that the stage takes.</param>
    /// <param name="parts">How many parts it has.</param>
    /// <exception cref="OperationCanceledException">The work is to stop.</exception>
    public void Begin(string name, double share, long parts)
    {
        (_from, _share, _stage, _of) = (_from + _share, share, name, Math.Max(1, parts));
        Interlocked.Exchange(ref _done, 0);
        stop.ThrowIfCancellationRequested();
        report(_stage, Math.Min(1, _from / _whole));
    }

    /// <summary>One part of the stage is done.</summary>
    /// <exception cref="OperationCanceledException">The work is to stop.</exception>
    public void Advance()
    {
        var done = Interlocked.Increment(ref _done);
        stop.ThrowIfCancellationRequested();
        report(_stage, Math.Min(1, (_from + (_share * done / _of)) / _whole));
    }
}
