using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// How far a gradient of single-precision accuracy may be from the exact one, row by row and column by column: the case is
/// run several times over numbers with rounding noise, <see cref="Noisy"/>, and the farthest run is taken four times over.
/// </summary>
internal sealed class RoundingAllowance
{
    private const int Runs = 8;
    private const double Safety = 4;

    /// <summary>Part of a row's norm that is always allowed: no float gradient is asked to be better.</summary>
    private const double Always = 2e-6;

    /// <summary>Where rounding to float changes a gradient by this part of its norm, errors no longer add up: the chunk is chaotic.</summary>
    private const double Chaotic = 0.02;

    /// <summary>A gradient of a smaller norm is next to none, as all are with a vocabulary of one: that rounding makes much of it is no chaos.</summary>
    private const double Least = 5e-3;

    private readonly Dictionary<string, (double[] Rows, double[] Columns, double Whole)> _allowed = [];

    private RoundingAllowance()
    {
    }

    /// <summary>What is allowed for a parameter, as Euclidean norms of rows, of columns, and of the whole.</summary>
    public (double[] Rows, double[] Columns, double Whole) this[string name] => _allowed[name];

    /// <summary>Whether rounding alone can make anything of the gradients, so that no float gradient can be told from a mistake.</summary>
    public bool IsChaotic { get; private set; }

    /// <summary>Works out the allowance of every parameter.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="truth">Its exact gradients.</param>
    public static RoundingAllowance Of(GradientCase of, ReferenceParameters<double> truth)
    {
        var result = new RoundingAllowance();
        foreach (var tensor in truth.Tensors)
        {
            var (rows, columns, whole) = Norms(tensor, tensor.Values);
            result._allowed[tensor.Name] = (Scaled(rows, Always), Scaled(columns, Always), whole * Always);
        }

        var farthest = truth.Tensors.ToDictionary(tensor => tensor.Name, tensor => Norms(tensor, new double[tensor.Values.Length]));
        for (var run = 0; run < Runs; run++)
        {
            var noisy = NoisyGradients(of, (ulong)run + 1);
            foreach (var tensor in truth.Tensors)
            {
                var difference = noisy[tensor.Name];
                for (var i = 0; i < difference.Length; i++)
                {
                    difference[i] -= tensor.Values[i];
                }

                var (rows, columns, whole) = Norms(tensor, difference);
                var most = farthest[tensor.Name];
                farthest[tensor.Name] = (Larger(most.Rows, rows), Larger(most.Columns, columns), Math.Max(most.Whole, whole));
            }
        }

        foreach (var (name, (rows, columns, whole)) in farthest)
        {
            var always = result._allowed[name];
            result.IsChaotic |= whole > Chaotic * Math.Max(always.Whole / Always, Least);
            result._allowed[name] = (Sum(always.Rows, Scaled(rows, Safety)), Sum(always.Columns, Scaled(columns, Safety)), always.Whole + (Safety * whole));
        }

        return result;
    }

    /// <summary>Euclidean norms of the rows, of the columns (of a vector: the whole is its one column) and of the whole.</summary>
    public static (double[] Rows, double[] Columns, double Whole) Norms(NamedTensor<double> like, double[] values)
    {
        var columns = like.Shape.Length == 2 ? like.Shape[1] : 1;
        var (rowNorms, columnNorms, whole) = (new double[values.Length / columns], new double[columns], 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var square = values[i] * values[i];
            rowNorms[i / columns] += square;
            columnNorms[i % columns] += square;
            whole += square;
        }

        return (Array.ConvertAll(rowNorms, Math.Sqrt), Array.ConvertAll(columnNorms, Math.Sqrt), Math.Sqrt(whole));
    }

    /// <summary>The gradients that a run with random errors finds: see <see cref="Noisy"/>.</summary>
    private static ReferenceParameters<double> NoisyGradients(GradientCase of, ulong seed)
    {
        Noisy.Seed(seed);
        var network = new ReferenceNetwork<Noisy>(of.Weights.Convert<Noisy>()) { Dropout = of.Dropout, IsMean = of.IsMean };
        network.SetHidden(Array.ConvertAll(of.InitialHidden, value => new Noisy(value)));
        network.Forward(of.X, of.Y);
        network.Backward();
        return network.Gradients.Convert<double>();
    }

    private static double[] Scaled(double[] values, double factor) => Array.ConvertAll(values, value => value * factor);

    private static double[] Larger(double[] left, double[] right) => [.. left.Zip(right, Math.Max)];

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];
}
