using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>Every classic mistake, written here a second time, apart from the catalogue, so that a mistake in the catalogue shows.</summary>
internal static class Plants
{
    public static IReadOnlyDictionary<string, (string? Name, Func<GradientCase, ReferenceParameters<double>> Gradients)> All { get; } =
        new Dictionary<string, (string? Name, Func<GradientCase, ReferenceParameters<double>> Gradients)>
        {
            ["none"] = (null, of => of.Solve().Gradients),
            ["recurrence"] = ("recurrent term dropped", of => Plant.Backward(of, carry: (_, _) => 0)),
            ["without slope"] = ("recurrent term without its slope", of => Plant.Backward(of, carriedWithoutSlope: true)),
            ["dh twice"] = ("dh accumulated twice", of => Plant.Backward(of, carry: (_, value) => 2 * value)),
            ["slope missing"] = ("(1 - h^2) missing", of => Plant.Backward(of, slope: (_, _, _) => 1)),
            ["slope before"] = ("(1 - h^2) at the wrong step", of => Plant.Backward(of, slope: (h, t, i) => 1 - (h[t][i] * h[t][i]))),
            ["slope of a"] = ("(1 - h^2) of the wrong quantity", of => Plant.Backward(of, slope: (h, t, i) => 1 - Math.Pow(Math.Atanh(h[t + 1][i]), 2))),
            ["slope of tanh h"] = ("(1 - h^2) of the wrong quantity", of => Plant.Backward(of, slope: (h, t, i) => 1 - Math.Pow(Math.Tanh(h[t + 1][i]), 2))),
            ["W transposed"] = ("W transposed", of => Plant.Backward(of, transposeW: true)),
            ["h_t in dW"] = ("h_t for h_{t-1} in dW", of => Plant.Backward(of, stateInW: (h, t) => h[t + 1])),
            ["h_0 left out"] = ("h_0 ignored", of => Plant.Backward(of, stateInW: (h, t) => t == 0 ? new double[h[0].Length] : h[t])),
            ["h_0 zero"] = ("h_0 ignored", of => (of with { InitialHidden = new double[of.InitialHidden.Length] }).Solve().Gradients),
            ["one-hot"] = ("one-hot not subtracted", of => Plant.Backward(of, oneHot: 0)),
            ["p[y] alone"] = ("gradient of p[y] alone", of => Plant.Backward(of, onlyTarget: true)),
            ["targets"] = ("targets not shifted", of => Plant.Backward(of with { Y = of.X })),
            ["last step"] = ("last step dropped", of => of.SequenceLength == 1 ? of.Solve().Gradients : (of with { X = of.X[..^1], Y = of.Y[..^1] }).Solve().Gradients),
            ["sign"] = ("sign", of => Plant.Times(of, -1)),
            ["clip 0.3"] = ("clipped before comparing", of => Plant.Clip(of, 0.3)),
            ["twice"] = ("gradients not zeroed between batches", of => Plant.Times(of, 2)),
            ["V before"] = ("V's gradient fed to the wrong step", of => Plant.Backward(of, stateInV: (h, t) => h[t])),
            ["U overwritten"] = ("U's columns overwritten instead of added", of => Plant.Backward(of, overwriteU: true)),
            ["b twice"] = ("b double-counted", of => Plant.Edit(of, g => Plant.Scale(g.b, 2))),
            ["truncated after 2"] = ("truncated after k steps", of => Plant.Truncated(of, 2)),
            ["zeros"] = ("all zero", of => Plant.Times(of, 0)),
            ["NaN"] = ("not a number", of => Plant.Edit(of, g => g.W[0] = double.NaN)),
        };
}
