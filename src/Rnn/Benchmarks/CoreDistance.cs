using System.Diagnostics;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>
/// How far two cores are from each other: what one has written takes its time to the other. Virtual machines are moved, and with them whatever
/// two threads hand to each other takes one time or five.
/// </summary>
public static class CoreDistance
{
    private const int Rounds = 30, Trips = 1_000;

    /// <summary>Nanoseconds that a line of memory takes to another core and back, the least of some rounds; null where there is one core.</summary>
    public static double? RoundTrip()
    {
        if (Environment.ProcessorCount == 1)
        {
            return null;
        }

        // Alone in its lines: the number of the last trip there, or, one higher, back.
        var (line, last, least) = (new long[64], 2L * Trips * Rounds, double.PositiveInfinity);
        ref var turn = ref line[32];
        var other = new Thread(() =>
        {
            ref var own = ref line[32];
            for (var trip = 1L; trip < last; trip += 2)
            {
                WaitFor(ref own, trip);
                Volatile.Write(ref own, trip + 1);
            }
        }) { IsBackground = true };
        other.Start();
        for (var round = 0L; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var trip = 2 * Trips * round; trip < 2 * Trips * (round + 1); trip += 2)
            {
                Volatile.Write(ref turn, trip + 1);
                WaitFor(ref turn, trip + 2);
            }

            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Trips);
        }

        other.Join();
        return least;
    }

    private static void WaitFor(ref long turn, long value)
    {
        // Where somebody else has the other's core, it must get it.
        for (var looks = 1; Volatile.Read(ref turn) != value; looks++)
        {
            if (looks % 10_000 == 0)
            {
                Thread.Yield();
            }
        }
    }
}
