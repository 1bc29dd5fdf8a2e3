using System.Diagnostics;
using System.Numerics;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>The same network trained from the same start in several ways: the text in three orders, and one to sixteen places of it at once.</summary>
public static class TrainingTrials
{
    /// <summary>The updates of each training, and how many of them lie between two judgements.</summary>
    public const int Updates = 15_000, JudgedEvery = 1000;

    /// <summary>What is held out is the end of the text: a twentieth, and of long texts no more than so many characters.</summary>
    public const int HeldOutPart = 20, MostHeldOut = 20_000;

    private static readonly (string Order, int Streams)[] Trials =
    [
        (TextOrder.Sequential, 1), (TextOrder.Pieces, 1), (TextOrder.Random, 1), (TextOrder.Sequential, 4), (TextOrder.Sequential, 8), (TextOrder.Sequential, 16),
    ];

    /// <summary>Trains each, one after the other, on one core.</summary>
    /// <typeparam name="T">The element type.</typeparam>
    /// <param name="configuration">The run's settings: network, optimiser, learning rate and seed are those of the trials.</param>
    /// <param name="text">The run's text, as long as the settings say.</param>
    /// <param name="progress">Told what is trained and which part is done, from 0 to 1.</param>
    /// <returns>Without those for which the text is too short.</returns>
    public static IReadOnlyList<TrainingTrial> Make<T>(RunConfiguration configuration, EncodedText text, Action<string, double>? progress = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var heldOut = Math.Min(text.Length / HeldOutPart, MostHeldOut);
        if (heldOut < 2)
        {
            return [];
        }

        var (read, unseen) = (text.Part(0, text.Length - heldOut), text.Part(text.Length - heldOut, heldOut));
        // Pieces of ten chunks at least: shorter ones would be random places under another name.
        var pieces = (int)Math.Clamp(read.Length / (10 * configuration.SequenceLength), 1, RunConfiguration.DefaultPieces);
        var (work, done) = (Trials.Sum(trial => trial.Streams), 0);
        var trials = new List<TrainingTrial>();
        foreach (var (order, streams) in Trials)
        {
            var settings = configuration with { HeldOut = heldOut, Order = order, Pieces = pieces, Streams = streams };
            if (settings.StepsPerEpoch > 0)
            {
                var begun = done;
                var points = Train<T>(settings, read, unseen, share => progress?.Invoke(streams == 1 ? $"order {order}" : $"{streams} streams", (begun + (share * streams)) / work));
                if (points.Count > 0)
                {
                    trials.Add(new(order, streams, points));
                }
            }

            done += streams;
        }

        return trials;
    }

    private static List<TrialPoint> Train<T>(RunConfiguration settings, EncodedText text, EncodedText heldOut, Action<double> progress)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var network = Network<T>.Create(settings.Shape(text.Vocabulary.Size), settings.SequenceLength, settings.NetworkOptions);
        network.Load(NetworkWeights<T>.Random(network.Shape, settings.Seed, settings.WeightStart));
        var trainer = new Trainer<T>(network, text, settings.LearningRate, settings.Clip, TrainingProgress.Start, order: settings.TextOrder);
        var points = new List<TrialPoint>();
        for (var (updates, seconds) = (JudgedEvery, 0.0); updates <= Updates; updates += JudgedEvery)
        {
            var start = Stopwatch.GetTimestamp();
            var isFinite = trainer.Advance(JudgedEvery);
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            var loss = isFinite ? Evaluation.MeanLoss<T>(network.ExportWeights(), [], heldOut) : double.NaN;
            if (!double.IsFinite(loss))
            {
                break;
            }

            points.Add(new(updates, seconds, loss));
            progress((double)updates / Updates);
        }

        return points;
    }
}
