using System.Diagnostics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>What is timed over and over, and the text that it is timed on.</summary>
internal static class RoundTiming
{
    /// <summary>Random characters, the same every time: some are frequent and most are rare, as in a text.</summary>
    /// <param name="length">How many.</param>
    /// <param name="vocabularySize">K.</param>
    public static int[] Text(int length, int vocabularySize)
    {
        var random = new RandomStream(1);
        var text = new int[length];
        for (var i = 0; i < text.Length; i++)
        {
            var unit = random.NextUnit();
            text[i] = (int)(unit * unit * unit * vocabularySize);
        }

        return text;
    }

    /// <summary>Runs an action once, and then times it.</summary>
    /// <param name="rounds">How many times.</param>
    /// <param name="action">What is timed.</param>
    /// <returns>Microseconds, one for each round, fastest first.</returns>
    public static double[] Of(int rounds, Action action)
    {
        action();
        return OfEach([action], rounds)[0];
    }

    /// <summary>Runs all actions in turn, over and over.</summary>
    /// <param name="actions">What is timed; each may work on what the ones before it left.</param>
    /// <param name="rounds">How many times.</param>
    /// <returns>For each action its times in microseconds, fastest first.</returns>
    public static double[][] OfEach(IReadOnlyList<Action> actions, int rounds)
    {
        var times = actions.Select(_ => new double[rounds]).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < actions.Count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                actions[i]();
                times[i][round] = (Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency;   // a TimeSpan counts tenths of microseconds
            }
        }

        foreach (var list in times)
        {
            Array.Sort(list);
        }

        return times;
    }
}
