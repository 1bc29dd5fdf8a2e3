using System.Diagnostics;
using System.Globalization;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;
using CharRnn.Rnn.Units;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>
/// What watching the units costs a training of 100,000 updates on the built-in tale: the looks alone, timed within the training, beside all of it. Differences of
/// two whole trainings would drown half a per cent in noise.
/// </summary>
internal static class WatchCost
{
    private const long Updates = 100_000;

    /// <summary>Trains so many times and prints each; the exit code is 1 where even the cheapest is over half a per cent.</summary>
    public static int Run(TextWriter output, int times)
    {
        var text = BuiltInText.Read();
        var least = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            using var network = Network<float>.Create(new NetworkShape(100, text.Vocabulary.Size), 25);
            network.Load(NetworkWeights<float>.Random(network.Shape, 1));
            var trainer = new Trainer<float>(network, text, 0.1, 5, TrainingProgress.Start);
            var watch = new UnitWatch<float>(network);
            long start = Stopwatch.GetTimestamp(), watching = 0;
            for (long step = 1; step <= Updates; step++)
            {
                trainer.Advance();
                var before = Stopwatch.GetTimestamp();
                watch.Look(step, trainer.LastChunk);
                watching += Stopwatch.GetTimestamp() - before;
            }

            double whole = Stopwatch.GetElapsedTime(start).TotalSeconds, watched = (double)watching / Stopwatch.Frequency, share = watched / (whole - watched);
            least = Math.Min(least, share);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{whole:0.00} s, of which watching {1000 * watched:0.0} ms with the timer: {100 * share:0.00} %"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"least {100 * least:0.00} %"));
        return least < 0.005 ? 0 : 1;
    }
}
