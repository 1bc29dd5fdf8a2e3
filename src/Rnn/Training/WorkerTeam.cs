namespace CharRnn.Rnn.Training;

/// <summary>
/// Threads that do one piece of work together, each a part of it; the caller is the first of them. Who does which part is fixed, so that
/// what comes out depends on neither time nor luck. Between pieces the others wait, at first awake, since the next piece is near.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>How often a waiting thread looks before it gives its turn away, and how often it does that before it sleeps.</summary>
    private const int Looks = 2_000, Turns = 200;

    private readonly Thread[] _others;
    private readonly object _gate = new();
    private Action<int>? _work;
    private Exception? _failure;
    private int _round, _running, _asleep, _arrived, _meeting;
    private bool _isOver;

    /// <summary>A team of the calling thread and <paramref name="count"/> - 1 others.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public WorkerTeam(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _others = new Thread[count - 1];
        for (var i = 0; i < _others.Length; i++)
        {
            var worker = i + 1;
            _others[i] = new(() => Serve(worker)) { IsBackground = true, Name = $"charrnn {worker}" };
            _others[i].Start();
        }
    }

    /// <summary>How many do the work.</summary>
    public int Count => _others.Length + 1;

    /// <summary>Has every worker do its part, and waits for all.</summary>
    /// <param name="work">Given the worker's number, from 0.</param>
    public void Run(Action<int> work)
    {
        if (_others.Length == 0)
        {
            work(0);
            return;
        }

        (_work, _failure, _arrived) = (work, null, 0);
        Volatile.Write(ref _running, _others.Length);
        Interlocked.Increment(ref _round);
        Wake();
        Do(0);
        for (var looks = 0; Volatile.Read(ref _running) > 0; looks++)
        {
            Pause(looks);
        }

        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A thread of the training failed.", failure);
        }
    }

    /// <summary>Within a piece of work: waits until every worker has come here.</summary>
    public void Meet()
    {
        var meeting = Volatile.Read(ref _meeting);
        if (Interlocked.Increment(ref _arrived) == Count)
        {
            Volatile.Write(ref _arrived, 0);
            Volatile.Write(ref _meeting, meeting + 1);
            return;
        }

        for (var looks = 0; Volatile.Read(ref _meeting) == meeting; looks++)
        {
            Pause(looks);
            if (Volatile.Read(ref _failure) is not null)
            {
                throw new InvalidOperationException("Another thread of the training failed.");
            }
        }
    }

    /// <summary>Equal parts, one behind the other: where a worker's begins and how much it is.</summary>
    /// <param name="count">How many things there are.</param>
    /// <param name="workers">How many share them.</param>
    /// <param name="worker">Whose part; one that is not among them has nothing.</param>
    public static (int First, int Count) Part(int count, int workers, int worker)
    {
        if (worker >= workers)
        {
            return (count, 0);
        }

        var first = (int)((long)count * worker / workers);
        return (first, (int)((long)count * (worker + 1) / workers) - first);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            Interlocked.Increment(ref _round);
            Wake();
            foreach (var thread in _others)
            {
                thread.Join();
            }
        }
    }

    private void Serve(int worker)
    {
        for (var done = 0; ; done++)
        {
            for (var looks = 0; Volatile.Read(ref _round) == done; looks++)
            {
                if (looks < Looks + Turns)
                {
                    Pause(looks);
                }
                else
                {
                    Sleep(done);
                }
            }

            if (Volatile.Read(ref _isOver))
            {
                return;
            }

            Do(worker);
            Interlocked.Decrement(ref _running);
        }
    }

    private void Do(int worker)
    {
        try
        {
            _work!(worker);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }

    private void Sleep(int done)
    {
        lock (_gate)
        {
            _asleep++;
            while (Volatile.Read(ref _round) == done)
            {
                Monitor.Wait(_gate);
            }

            _asleep--;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_asleep > 0)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private static void Pause(int looks)
    {
        if (looks < Looks)
        {
            Thread.SpinWait(8);
        }
        else
        {
            Thread.Yield();
        }
    }
}
