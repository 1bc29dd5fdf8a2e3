using System.Globalization;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// The gradients that the generator derived from a cell's equations, against centred differences of the loss, in double precision:
/// every coordinate of a small network. What <c>charrnn gradcheck</c> is for the built-in cells, in one call for a cell of your own.
/// </summary>
/// <param name="Parameters">For each parameter its name and |gradient - differences| / |differences|, in the 2-norm.</param>
public sealed record CellGradientCheck(IReadOnlyList<(string Parameter, double Error)> Parameters)
{
    /// <summary>
    /// The most that a right gradient may differ. With h the step, the differences themselves are off by h^2 f'''/6, some 1e-10, and by
    /// rounding, u |loss| / h, as much; a mistake in one term of a derivative shows at 1e-2.
    /// </summary>
    public const double Allowed = 1e-6;

    private const double StepSize = 1e-5;

    /// <summary>Whether every parameter's gradient is right; what is not a number is not.</summary>
    public bool Ok => Parameters.All(parameter => parameter.Error <= Allowed);

    /// <summary>Checks a cell in a network of one layer.</summary>
    /// <param name="cell">The cell, such as <c>MinimalGatedUnit.Description</c>.</param>
    /// <param name="hiddenSize">m: the default fills a register and leaves a remainder.</param>
    /// <param name="sequenceLength">T, how many time steps are backpropagated through.</param>
    /// <param name="seed">Of the weights, the state and the characters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static CellGradientCheck Run(CellDescription cell, int hiddenSize = 11, int sequenceLength = 6, ulong seed = 1)
    {
        const int VocabularySize = 5;
        var shape = new NetworkShape(hiddenSize, VocabularySize) { Cell = cell };
        using var network = new LayeredNetwork<double>(shape, sequenceLength, NetworkOptions.Default);
        var random = new RandomStream(seed);
        var weights = new NetworkWeights<double>(shape);
        foreach (var tensor in weights.Tensors)
        {
            Draw(tensor.Values);
        }

        var state = new double[network.StateSize];
        Draw(state);
        int[] characters = [.. Enumerable.Range(0, sequenceLength + 1).Select(_ => (int)(random.NextUnit() * VocabularySize))];
        Loss();
        var gradients = network.Gradients();
        return new([.. weights.Tensors.Select(tensor => (tensor.Name, Error(tensor.Values, gradients[tensor.Name])))]);

        // Wide enough that gates are neither open nor closed and no derivative is small by chance.
        void Draw(double[] values)
        {
            foreach (ref var value in values.AsSpan())
            {
                value = 0.5 * random.NextNormal();
            }
        }

        double Loss()
        {
            network.Load(weights);
            network.SetHidden(state);
            return network.Forward(characters.AsSpan(0, sequenceLength), characters.AsSpan(1));
        }

        double Error(double[] values, double[] gradient)
        {
            var (error, norm) = (0.0, 0.0);
            for (var i = 0; i < values.Length; i++)
            {
                var value = values[i];
                values[i] = value + StepSize;
                var difference = Loss();
                values[i] = value - StepSize;
                difference = (difference - Loss()) / (2 * StepSize);
                values[i] = value;
                error += (gradient[i] - difference) * (gradient[i] - difference);
                norm += difference * difference;
            }

            return Math.Sqrt(error / norm);
        }
    }

    /// <summary>A line on the whole, with the worst parameter.</summary>
    public override string ToString()
    {
        var (name, error) = Parameters.MaxBy(parameter => double.IsNaN(parameter.Error) ? double.PositiveInfinity : parameter.Error);
        return string.Create(CultureInfo.InvariantCulture, $"gradient check {(Ok ? "passed" : "failed")}: against centred differences the largest relative error of {Parameters.Count} parameters is {error:E1}, in {name}; allowed are {Allowed:E0}");
    }
}
