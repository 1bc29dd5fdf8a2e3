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
/// <param name="MovedByEta">The share of W's elements that moved by at least 0.9 eta.</param>
/// <param name="Norm">The Frobenius norm of W after it.</param>
/// <param name="NormBefore">The same before it.</param>
public sealed record FirstUpdate(double Eta, double MovedByEta, double Norm, double NormBefore)
{
    /// <summary>Does a run's first update again.</summary>
    /// <param name="configuration">The run.</param>
    /// <param name="text">Its text, as indices of the run's vocabulary.</param>
    /// <returns>Null where the weights came from a file, or the network is not one vanilla layer trained by AdaGrad.</returns>
    internal static FirstUpdate? Replay(RunConfiguration configuration, EncodedText text) => configuration is not { Init: null, Cell: "vanilla", Layers: 1, Optimizer: "adagrad", Streams: 1 } ? null
        : configuration.Precision == Precision.Double ? Replay<double>(configuration, text) : Replay<float>(configuration, text);

    private static FirstUpdate Replay<T>(RunConfiguration configuration, EncodedText text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double eta = AtStart(configuration, "eta", configuration.Eta), clip = AtStart(configuration, "clip", configuration.Clip);
        var shape = configuration.Shape(text.Vocabulary.Size);
        using var network = Network<T>.Create(shape, configuration.SequenceLength, configuration.NetworkOptions);
        var weights = NetworkWeights<T>.Random(shape, configuration.Seed, configuration.WeightStart);
        T[] before = [.. weights["W"]];
        network.Load(weights);
        var characters = new int[configuration.SequenceLength + 1];
        text.CopyTo(0, characters);
        network.Forward(characters.AsSpan(..^1), characters.AsSpan(1..));
        network.BackwardAndUpdate(eta, clip);
        var after = network.ExportWeights()["W"];
        var moved = after.Zip(before, (left, right) => double.CreateChecked(T.Abs(left - right))).Count(distance => distance >= 0.9 * eta);
        return new(eta, (double)moved / after.Length, Norm(after), Norm(before));

        static double Norm(T[] values) => Math.Sqrt(values.Sum(value => double.CreateChecked(value) * double.CreateChecked(value)));
    }

    /// <summary>A setting as it was before a resumed run changed it.</summary>
    private static double AtStart(RunConfiguration configuration, string setting, double now) =>
        configuration.Changes.FirstOrDefault(change => change.Setting == setting) is { } first
            && double.TryParse(first.From, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : now;
}
