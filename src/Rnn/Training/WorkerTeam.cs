namespace CharRnn.Rnn.Training;

/// <summary>
/// Threads that do one piece of work together, as many fixed parts as there are threads; the caller is the first of them. What a part is
/// does not depend on who does it, so that what comes out depends on neither time nor luck; and where another program has a thread's
/// core, the others do its part. Between pieces they wait, at first awake, since the next piece is near.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    /// <summary>
    /// How often a waiting thread looks before it gives its turn away, some ten microseconds, and how often it does that before it sleeps. Where
    /// nobody else wants the core a turn given away comes back at once; where somebody does, it may be the very thread that is waited for.
    /// </summary>
    private const int Looks = 50, Turns = 1_000;

    private readonly Thread[] _others;
    private readonly object _gate = new();
    private Action<int>? _work;
    private Exception? _failure;
    private readonly long[] _claims;
    private long _round;
    private int _finished, _asleep, _arrived, _meeting;
    private bool _isOver;

    /// <summary>A team of the calling thread and <paramref name="count"/> - 1 others.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public WorkerTeam(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        (_others, _claims) = (new Thread[count - 1], new long[count]);
        for (var i = 0; i < _others.Length; i++)
        {
            var worker = i + 1;
            _others[i] = new(() => Serve(worker)) { IsBackground = true, Name = $"charrnn {worker}" };
            _others[i].Start();
        }
    }

    /// <summary>How many do the work.</summary>
    public int Count => _others.Length + 1;

    /// <summary>Has all parts done, and waits for that. A part needs no other.</summary>
    /// <param name="work">Given the part's number, from 0, below <see cref="Count"/>.</param>
    public void Run(Action<int> work) => Begin(work, areTogether: false);

    /// <summary>Has all parts done at the same time, each by a thread of its own: they may <see cref="Meet"/>.</summary>
    /// <param name="work">Given the part's number, from 0, below <see cref="Count"/>.</param>
    public void RunTogether(Action<int> work) => Begin(work, areTogether: true);

    private void Begin(Action<int> work, bool areTogether)
    {
        if (_others.Length == 0)
        {
            work(0);
            return;
        }

        (_work, _failure, _arrived) = (work, null, 0);
        Volatile.Write(ref _finished, 0);
        // The number of a round says of which kind it is: whoever sees the one knows the other.
        var round = (((_round / 2) + 1) * 2) + (areTogether ? 1 : 0);
        Volatile.Write(ref _round, round);
        Wake();
        Take(worker: 0, round);
        for (var looks = 0; Volatile.Read(ref _finished) < Count; looks++)
        {
            Pause(looks);
        }

        if (_failure is { } failure)
        {
            throw new InvalidOperationException("A thread of the training failed.", failure);
        }
    }

    /// <summary>Does a worker's own part, whose data its core has near, and then those that nobody has begun. Who comes too late for a round finds nothing of it.</summary>
    private void Take(int worker, long round)
    {
        var areTogether = round % 2 == 1;
        for (var i = 0; i < (areTogether ? 1 : Count); i++)
        {
            var part = (worker + i) % Count;
            var claim = Volatile.Read(ref _claims[part]);
            if (claim < round && Interlocked.CompareExchange(ref _claims[part], round, claim) == claim)
            {
                Do(part);
            }
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
            Volatile.Write(ref _round, ((_round / 2) + 1) * 2);
            Wake();
            foreach (var thread in _others)
            {
                thread.Join();
            }
        }
    }

    private void Serve(int worker)
    {
        for (var done = 0L; ;)
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

            done = Volatile.Read(ref _round);
            Take(worker, done);
        }
    }

    private void Do(int part)
    {
        try
        {
            _work!(part);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }

        Interlocked.Increment(ref _finished);
    }

    private void Sleep(long done)
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
