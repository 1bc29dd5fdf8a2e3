using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Runs;

public class WorkProgressTests
{
    [Fact]
    public void Parts_of_stages_come_to_the_whole()
    {
        var reports = new List<(string, double)>();
        var progress = new WorkProgress((stage, share) => reports.Add((stage, share)));
        progress.Expect(2);
        progress.Begin("one", 0.5, 2);
        progress.Advance();
        progress.Advance();
        progress.Begin("two", 1.5, 0);
        progress.Advance();
        progress.Advance();
        Assert.Equal([("one", 0), ("one", 0.125), ("one", 0.25), ("two", 0.25), ("two", 1), ("two", 1)], reports);
    }

    [Fact]
    public void Work_that_is_to_stop_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        var progress = new WorkProgress((_, _) => { }, stop.Token);
        progress.Begin("one", 1, 2);
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(progress.Advance);
        Assert.Throws<OperationCanceledException>(() => progress.Begin("two", 1, 2));
    }
}
