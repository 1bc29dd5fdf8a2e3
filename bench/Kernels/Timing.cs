using System.Diagnostics;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>How loops of direct calls are timed, and on what; bench/Small is compiled with this file too.</summary>
internal static class Timing
{
    /// <summary>Repetitions of all loops in turn, so that a busy machine disturbs all of them alike.</summary>
    /// <param name="loops">Each does as many calls as it is told.</param>
    /// <param name="rounds">Repetitions of each.</param>
    /// <param name="nanoseconds">How long a repetition is, about.</param>
    /// <returns>For each loop the nanoseconds of a call in its fastest repetition.</returns>
    public static double[] Least(Action<int>[] loops, int rounds, double nanoseconds)
    {
        // Until what each loop reads is in the caches; then enough calls for a repetition.
        const int FirstCalls = 50;
        int[] calls = [.. loops.Select(_ => FirstCalls)];
        for (var round = 0; round < 60; round++)
        {
            for (var i = 0; i < loops.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                var count = Math.Min(FirstCalls, calls[i]);
                loops[i](count);
                calls[i] = Math.Max(1, (int)(nanoseconds * count / Math.Max(1, Stopwatch.GetElapsedTime(start).TotalNanoseconds)));
            }
        }

        var least = Enumerable.Repeat(double.MaxValue, loops.Length).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < loops.Length; i++)
            {
                // Else the next one with the same operands would find them in the caches, and this one not.
                loops[i](Math.Max(1, calls[i] / 8));
                var start = Stopwatch.GetTimestamp();
                loops[i](calls[i]);
                least[i] = Math.Min(least[i], Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls[i]);
            }
        }

        return least;
    }

    /// <summary>The processor's name, or what kind it is where the system does not say.</summary>
    public static string Processor()
    {
        try
        {
            return File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
