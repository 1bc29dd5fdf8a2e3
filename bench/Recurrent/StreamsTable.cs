using System.Diagnostics;
using System.Globalization;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>Updates of any cell with many streams, by Adam, on one thread and on all: characters a second and the share of the multiply-add peak.</summary>
internal static class StreamsTable
{
    private const int SequenceLength = 50, VocabularySize = 80, Rounds = 3;
    private const double SecondsARound = 1;

    private static readonly string[] Usual =
    [
        "lstm:128:1", "lstm:128:16", "lstm:128:50", "lstm:256:1", "lstm:256:16", "lstm:256:50", "lstm:512:1", "lstm:512:16", "lstm:512:50", "gru:128:16", "gru:256:16", "vanilla:100:16", "lstm:128:50:2",
    ];

    /// <summary>Each case is cell:hidden size:streams, or that and :layers.</summary>
    public static int Run(string[] cases, TextWriter output)
    {
        var peak = MultiplyAddPeak.Measure<float>();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Adam, T = {SequenceLength}, K = {VocabularySize}, single precision; peak {peak:F1} GFLOP/s of one core; {CoreDistance.RoundTrip() ?? 0:F0} ns to another core and back; the fastest update of {Rounds} rounds of {SecondsARound} s each, threads in turn"));
        output.WriteLine("| case | threads | us an update | characters a second | of one core's peak | times one thread |");
        output.WriteLine("|---|---|---|---|---|---|");
        int[] threads = Environment.ProcessorCount > 1 ? [1, Environment.ProcessorCount] : [1];
        foreach (var name in cases.Length > 0 ? cases : Usual)
        {
            var words = name.Split(':');
            if (words.Length is not (3 or 4) || BuiltInCells.Find(words[0]) is not { } cell || !words[1..].All(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                Console.Error.WriteLine($"'{name}' is no case: write cell:hidden size:streams, such as lstm:128:16, and :layers where there are more than one");
                return 2;
            }

            var (m, streams, layers) = (Number(words[1]), Number(words[2]), words.Length == 4 ? Number(words[3]) : 1);
            var shape = new NetworkShape(m, VocabularySize) { Cell = cell, Layers = layers };
            var fastest = new double[threads.Length];
            Array.Fill(fastest, double.PositiveInfinity);
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < threads.Length; i++)
                {
                    fastest[i] = Math.Min(fastest[i], Fastest(shape, streams, threads[i]));
                }
            }

            var flop = LayeredPart.Operations(shape, SequenceLength * streams);
            for (var i = 0; i < threads.Length; i++)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {threads[i]} | {fastest[i]:F1} | {SequenceLength * streams * 1e6 / fastest[i]:#,0} | {flop / fastest[i] / peak / 10:F0} % | {fastest[0] / fastest[i]:F2} |"));
            }
        }

        return 0;

        static int Number(string word) => int.Parse(word, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static double Fastest(NetworkShape shape, int streams, int threads)
    {
        using var network = new LayeredNetwork<float>(shape, SequenceLength, new() { Optimizer = "adam", Streams = streams, Threads = threads });
        network.Load(NetworkWeights<float>.Random(shape, 1, WeightStart.Scaled));
        var random = new Random(1);
        var x = Enumerable.Range(0, SequenceLength * streams).Select(_ => random.Next(VocabularySize)).ToArray();
        var (fastest, clock) = (double.PositiveInfinity, Stopwatch.StartNew());
        while (clock.Elapsed.TotalSeconds < SecondsARound)
        {
            var start = Stopwatch.GetTimestamp();
            network.Forward(x, x);
            network.BackwardAndUpdate(0.001, double.PositiveInfinity);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return fastest;
    }
}
