using System.Globalization;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// The gradients that the generator derived from a cell's equations, against centred differences of those equations run as they are
/// written, in double precision: every coordinate of a small network. What <c>charrnn gradcheck</c> is for the built-in cells, in one call for a cell of your own.
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
        const double Scale = 0.5;   // wide enough that gates are neither open nor closed and no derivative is small by chance
        var shape = new NetworkShape(hiddenSize, VocabularySize) { Cell = cell };
        var of = GradientCase.Random(shape, sequenceLength, Scale, seed);
        using var network = new LayeredNetwork<double>(shape, sequenceLength, NetworkOptions.Default);
        network.Load(of.Weights.ToWeights<double>());
        network.SetHidden(of.InitialHidden);
        network.Forward(of.X, of.Y);
        var gradients = network.Gradients();
        return new([.. CentredDifferences.Compute(of, StepSize).Tensors.Select(differences => (differences.Name, Error(gradients[differences.Name], differences.Values)))]);
    }

    private static double Error(double[] gradient, double[] differences) =>
        Math.Sqrt(gradient.Zip(differences, (value, difference) => (value - difference) * (value - difference)).Sum() / differences.Sum(difference => difference * difference));

    /// <summary>A line on the whole, with the worst parameter.</summary>
    public override string ToString()
    {
        var (name, error) = Parameters.MaxBy(parameter => double.IsNaN(parameter.Error) ? double.PositiveInfinity : parameter.Error);
        return string.Create(CultureInfo.InvariantCulture, $"gradient check {(Ok ? "passed" : "failed")}: against centred differences the largest relative error of {Parameters.Count} parameters is {error:E1}, in {name}; allowed are {Allowed:E0}");
    }
}
