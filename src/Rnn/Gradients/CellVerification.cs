using System.Numerics;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// A network of any cell on its kernels, in whatever register form, against the cell's equations run as they are written over double, each
/// stream by itself: the loss of a chunk, the states that it leaves, and the gradient of every parameter.
/// </summary>
public sealed class CellVerification
{
    private const int Steps = 4;

    /// <summary>How far an element may be from the right one, as a part of the largest of its parameter: rounding stays a tenth of it, a mistake in one term does not.</summary>
    private const double AllowedSingle = 2e-5, AllowedDouble = 1e-12;

    /// <summary>A parameter's largest gradient counts as this much at least.</summary>
    private const double Least = 1e-2;

    private readonly NetworkShape _shape;
    private readonly int[] _x, _y;
    private readonly ReferenceParameters<double> _weights, _gradients;
    private readonly double[] _initial, _final;
    private readonly double _loss;

    /// <summary>Draws weights, states and a chunk, and runs the equations.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="streams">How many places of the text are read at once.</param>
    /// <param name="seed">Of what is drawn.</param>
    public CellVerification(NetworkShape shape, int streams, ulong seed)
    {
        (_shape, Streams, _gradients) = (shape, streams, new(shape));
        (_x, _y) = (new int[Steps * streams], new int[Steps * streams]);
        (_initial, _final) = (new double[streams * shape.StateSize], new double[streams * shape.StateSize]);

        // Numbers that single precision has: what is true is the same for both types.
        var scale = 1 / Math.Sqrt(shape.HiddenSize + 1.0);
        _weights = ReferenceParameters<double>.From(GradientCase.Random(shape, Steps, scale, seed).Weights.ToWeights<float>());
        for (var stream = 0; stream < streams; stream++)
        {
            var own = GradientCase.Random(shape, Steps, scale, seed + (ulong)stream + 1);
            var of = own with { Weights = _weights, InitialHidden = Array.ConvertAll(own.InitialHidden, value => (double)(float)value) };
            var solved = of.Solve();
            for (var t = 0; t < Steps; t++)
            {
                (_x[(t * streams) + stream], _y[(t * streams) + stream]) = (of.X[t], of.Y[t]);
                _loss += (Math.Log(solved.o[t].Sum(Math.Exp)) - solved.o[t][of.Y[t]]) / streams;
            }

            of.InitialHidden.CopyTo(_initial, stream * shape.StateSize);
            solved.FinalState.CopyTo(_final, stream * shape.StateSize);
            foreach (var (sum, tensor) in _gradients.Tensors.Zip(solved.Gradients.Tensors))
            {
                for (var i = 0; i < sum.Values.Length; i++)
                {
                    sum.Values[i] += tensor.Values[i] / streams;
                }
            }
        }
    }

    /// <summary>How many places of the text are read at once.</summary>
    public int Streams { get; }

    /// <summary>Runs the kernels.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="instructionSet">The register form, one that the processor can run.</param>
    /// <returns>One line for each quantity that differs; empty where all is right.</returns>
    public IReadOnlyList<string> Run<T>(string instructionSet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var failures = new List<string>();
        using var network = new LayeredNetwork<T>(_shape, Steps, new() { Streams = Streams }, instructionSet);
        network.Load(_weights.ToWeights<T>());
        network.SetHidden(Array.ConvertAll(_initial, T.CreateChecked));
        Compare("loss", [_loss], [network.Forward(_x, _y)]);
        foreach (var (right, tensor) in _gradients.Tensors.Zip(network.Gradients().Tensors))
        {
            Compare($"gradient of {right.Name}", right.Values, Array.ConvertAll(tensor.Values, double.CreateChecked));
        }

        network.CarryHidden();
        var states = new T[network.StateSize];
        network.CopyHidden(states);
        Compare("states", _final, Array.ConvertAll(states, double.CreateChecked));
        return failures;

        void Compare(string what, double[] expected, double[] actual)
        {
            var allowed = (typeof(T) == typeof(float) ? AllowedSingle : AllowedDouble) * Math.Max(Least, expected.Max(Math.Abs));
            var wrong = Enumerable.Range(0, expected.Length).FirstOrDefault(i => !(Math.Abs(actual[i] - expected[i]) <= allowed), -1);
            if (wrong >= 0)
            {
                failures.Add($"{network.Shape.Cell.Name}, {network.KernelName}, {Streams} stream{(Streams == 1 ? string.Empty : "s")}: {what}, element {wrong} is {actual[wrong]:R}, not {expected[wrong]:R} within {allowed:e1}");
            }
        }
    }
}
