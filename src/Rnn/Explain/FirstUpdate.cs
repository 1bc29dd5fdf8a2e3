using System.Globalization;
using System.Numerics;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// What the first update of a run did to W, found by doing it again: seed, text and settings give the same numbers. AdaGrad's sums are empty before it, so
/// g / sqrt(g * g) is 1 or -1 whatever the gradient: every weight that has one moves by eta.
/// </summary>
/// <param name="Eta">The learning rate then.</param>
/// <param name="MovedByEta">The share of W's elements, in all layers, that moved by at least 0.9 eta.</param>
/// <param name="Norm">The Frobenius norm of the first layer's W after it.</param>
/// <param name="NormBefore">The same before it.</param>
public sealed record FirstUpdate(double Eta, double MovedByEta, double Norm, double NormBefore)
{
    /// <summary>Does a run's first update again.</summary>
    /// <param name="configuration">The run.</param>
    /// <param name="text">What it is trained on, as indices of the run's vocabulary.</param>
    /// <returns>Null where the weights came from a file, the cell is another than vanilla or the optimiser another than AdaGrad.</returns>
    internal static FirstUpdate? Replay(RunConfiguration configuration, EncodedText text) => !configuration.BeginsWithAdagrad ? null
        : configuration.Precision == Precision.Double ? Replay<double>(configuration, text) : Replay<float>(configuration, text);

    private static FirstUpdate Replay<T>(RunConfiguration configuration, EncodedText text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double eta = AtStart(configuration, "eta", configuration.Eta), clip = AtStart(configuration, "clip", configuration.Clip);
        var shape = configuration.Shape(text.Vocabulary.Size);
        using var network = Network<T>.Create(shape, configuration.SequenceLength, configuration.NetworkOptions);
        var weights = NetworkWeights<T>.Random(shape, configuration.Seed, configuration.WeightStart);
        var before = OfW(weights);
        network.Load(weights);
        new Trainer<T>(network, text, eta, clip, TrainingProgress.Start).Advance();
        var after = OfW(network.ExportWeights());
        var moved = after.SelectMany(values => values).Zip(before.SelectMany(values => values), (left, right) => Math.Abs(left - right)).Count(distance => distance >= 0.9 * eta);
        return new(eta, (double)moved / after.Sum(values => values.Length), Norm(after[0]), Norm(before[0]));

        static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

        static double[][] OfW(NetworkWeights<T> weights) =>
            [.. Enumerable.Range(0, weights.Shape.Layers).Select(layer => Array.ConvertAll(weights[NetworkParameter.NameOf(weights.Shape, layer, "W")], double.CreateChecked))];
    }

    /// <summary>A setting as it was before a resumed run changed it.</summary>
    private static double AtStart(RunConfiguration configuration, string setting, double now) =>
        configuration.Changes.FirstOrDefault(change => change.Setting == setting) is { } first
            && double.TryParse(first.From, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : now;
}
