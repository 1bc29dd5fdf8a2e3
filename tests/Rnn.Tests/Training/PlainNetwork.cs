using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

/// <summary>
/// Any network's loss in plain loops over double, with the cell's equations run as they are written: the truth that the layered network's
/// kernels are held against. It knows nothing of gradients: those come from differences of this loss.
/// </summary>
internal sealed class PlainNetwork(NetworkWeights<double> weights, NetworkOptions options)
{
    private readonly NetworkShape _shape = weights.Shape;

    /// <summary>The loss as a layered network gives it, from states that are zero.</summary>
    public double Loss(int[] x, int[] y, long update = 1)
    {
        var (m, streams) = (_shape.HiddenSize, options.Streams);
        var mask = new DropoutMask(options.Dropout, options.Seed);
        var cells = Enumerable.Range(0, _shape.Layers).Select(layer => _shape.Cell.Create(
            name => new PlainMatrix(weights[NetworkParameter.NameOf(_shape, layer, name)], m),
            name => new PlainVector(weights[NetworkParameter.NameOf(_shape, layer, name)]))).ToArray();
        var loss = 0.0;
        for (var stream = 0; stream < streams; stream++)
        {
            var states = cells.Select(_ => _shape.Cell.States.Select(_ => (Vector)new PlainVector(new double[m])).ToArray()).ToArray();
            for (var t = 0; t < x.Length / streams; t++)
            {
                Vector input = new OneHotVector(x[(t * streams) + stream], _shape.VocabularySize);
                for (var layer = 0; layer < cells.Length; layer++)
                {
                    states[layer] = cells[layer].Run(states[layer], input);
                    input = new PlainVector([.. ((PlainVector)states[layer][0]).Values.Select((value, unit) => value * mask.Factor(update, layer, t, stream, unit))]);
                }

                var h = ((PlainVector)input).Values;
                var logits = Enumerable.Range(0, _shape.VocabularySize).Select(k => weights["c"][k] + Enumerable.Range(0, m).Sum(j => weights["V"][(k * m) + j] * h[j])).ToArray();
                loss += Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Max()))) + logits.Max() - logits[y[(t * streams) + stream]];
            }
        }

        return loss / streams / (options.MeanLoss ? x.Length / streams : 1);
    }

    /// <summary>The derivative of the loss in one weight, by centred differences.</summary>
    public double Derivative(double[] values, int index, int[] x, int[] y)
    {
        var (value, step) = (values[index], 1e-5);
        values[index] = value + step;
        var above = Loss(x, y);
        values[index] = value - step;
        var below = Loss(x, y);
        values[index] = value;
        return (above - below) / (2 * step);
    }
}

internal class PlainVector(double[] values) : Vector
{
    public double[] Values { get; } = values;

    protected internal override Vector Tanh() => Map(Math.Tanh);

    protected internal override Vector Sigmoid() => Map(a => 1 / (1 + Math.Exp(-a)));

    protected internal override Vector SquareRoot() => Map(Math.Sqrt);

    protected override Vector Add(Vector right) => With(right, (a, b) => a + b);

    protected override Vector Subtract(Vector right) => With(right, (a, b) => a - b);

    protected override Vector Multiply(Vector right) => With(right, (a, b) => a * b);

    protected override Vector Divide(Vector right) => With(right, (a, b) => a / b);

    protected override Vector Constant(double value) => new PlainVector([.. Enumerable.Repeat(value, Values.Length)]);

    private PlainVector Map(Func<double, double> function) => new(Array.ConvertAll(Values, value => function(value)));

    private PlainVector With(Vector right, Func<double, double, double> function) => new([.. Values.Zip(((PlainVector)right).Values, function)]);
}

internal sealed class OneHotVector(int index, int length) : PlainVector([.. Enumerable.Range(0, length).Select(i => i == index ? 1.0 : 0)]);

internal sealed class PlainMatrix(double[] values, int rows) : Matrix
{
    protected override Vector Times(Vector right)
    {
        var x = ((PlainVector)right).Values;
        return new PlainVector([.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, x.Length).Sum(column => values[(row * x.Length) + column] * x[column]))]);
    }
}
