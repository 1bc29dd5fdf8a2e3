using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// How far a gradient of single-precision accuracy may be from the exact one, row by row and column by column: the case is
/// run several times in double precision with random errors put into every operation, of the size that rounding to float
/// makes there, and the farthest run is taken four times over. Source of the method: Parker, "Monte Carlo Arithmetic",
/// UCLA CSD-970002 (1997).
/// </summary>
internal sealed class RoundingAllowance
{
    private const int Runs = 8;
    private const double Safety = 4;
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>Part of a row's norm that is always allowed: no float gradient is asked to be better.</summary>
    private const double Always = 2e-6;

    /// <summary>Where rounding to float changes a gradient by this part of its norm, errors no longer add up: the chunk is chaotic.</summary>
    private const double Chaotic = 0.02;

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
            var noisy = NoisyGradients(of, new RandomStream((ulong)run + 1));
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
            result.IsChaotic |= !(whole <= Chaotic * always.Whole / Always) && whole > 1e-6;
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

    private static ReferenceParameters<double> NoisyGradients(GradientCase of, RandomStream random)
    {
        var (m, k, steps) = (of.Shape.HiddenSize, of.Shape.VocabularySize, of.SequenceLength);
        var weights = of.Weights;
        double Noise(double size) => ((2 * random.NextUnit()) - 1) * Unit * size;

        var h = new double[steps + 1][];
        var g = new double[steps][];
        h[0] = of.InitialHidden;
        for (var t = 0; t < steps; t++)
        {
            h[t + 1] = new double[m];
            for (var i = 0; i < m; i++)
            {
                var (u, b) = (weights.U[(i * k) + of.X[t]], weights.b[i]);
                var (sum, size) = Dot(weights.W.AsSpan(i * m, m), h[t]);
                var state = Math.Tanh(sum + u + b + Noise(Math.Sqrt(m + 3) * (size + Math.Abs(u) + Math.Abs(b))));
                h[t + 1][i] = state + Noise(8 * state);
            }

            g[t] = new double[k];
            for (var i = 0; i < k; i++)
            {
                var (sum, size) = Dot(weights.V.AsSpan(i * m, m), h[t + 1]);
                g[t][i] = sum + weights.c[i] + Noise(Math.Sqrt(m + 2) * (size + Math.Abs(weights.c[i])));
            }

            var largest = g[t].Max();
            g[t] = Array.ConvertAll(g[t], logit => Math.Exp(logit - largest) * (1 + Noise(8 + Math.Abs(logit - largest))));
            var total = g[t].Sum() * (1 + Noise(Math.Sqrt(k)));
            g[t] = Array.ConvertAll(g[t], power => power / total * (1 + Noise(2)));
            g[t][of.Y[t]] -= 1;
            g[t][of.Y[t]] += Noise(g[t][of.Y[t]]);
        }

        var (gradients, sizes) = (new ReferenceParameters<double>(of.Shape), new ReferenceParameters<double>(of.Shape));
        var (carried, carriedSize) = (new double[m], new double[m]);
        for (var t = steps - 1; t >= 0; t--)
        {
            var (sums, size) = TransposedProduct(weights.V, m, g[t]);
            var dz = new double[m];
            for (var i = 0; i < m; i++)
            {
                var dh = sums[i] + carried[i] + Noise(Math.Sqrt(m + k) * (size[i] + carriedSize[i]));
                var square = h[t + 1][i] * h[t + 1][i];
                dz[i] = dh * (1 - square + Noise(2 * (square + Math.Abs(1 - square)))) * (1 + Noise(2));
            }

            Accumulate(gradients.V, sizes.V, g[t], h[t + 1]);
            Accumulate(gradients.c, sizes.c, g[t], [1]);
            Accumulate(gradients.W, sizes.W, dz, h[t]);
            Accumulate(gradients.b, sizes.b, dz, [1]);
            for (var i = 0; i < m; i++)
            {
                gradients.U[(i * k) + of.X[t]] += dz[i];
                sizes.U[(i * k) + of.X[t]] += Math.Abs(dz[i]);
            }

            (carried, carriedSize) = TransposedProduct(weights.W, m, dz);
        }

        foreach (var (gradient, size) in gradients.Tensors.Zip(sizes.Tensors))
        {
            for (var i = 0; i < gradient.Values.Length; i++)
            {
                gradient.Values[i] += Noise(Math.Sqrt(steps + 1) * size.Values[i]);
            }
        }

        return gradients;
    }

    private static (double Sum, double Size) Dot(ReadOnlySpan<double> row, double[] vector)
    {
        var (sum, size) = (0.0, 0.0);
        for (var i = 0; i < row.Length; i++)
        {
            var term = row[i] * vector[i];
            sum += term;
            size += Math.Abs(term);
        }

        return (sum, size);
    }

    private static (double[] Sums, double[] Sizes) TransposedProduct(double[] matrix, int columns, double[] vector)
    {
        var (sums, sizes) = (new double[columns], new double[columns]);
        for (var row = 0; row < vector.Length; row++)
        {
            for (var j = 0; j < columns; j++)
            {
                var term = matrix[(row * columns) + j] * vector[row];
                sums[j] += term;
                sizes[j] += Math.Abs(term);
            }
        }

        return (sums, sizes);
    }

    private static void Accumulate(double[] sums, double[] sizes, double[] rows, double[] columns)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                var term = rows[i] * columns[j];
                sums[(i * columns.Length) + j] += term;
                sizes[(i * columns.Length) + j] += Math.Abs(term);
            }
        }
    }

    private static double[] Scaled(double[] values, double factor) => Array.ConvertAll(values, value => value * factor);

    private static double[] Larger(double[] left, double[] right) => [.. left.Zip(right, Math.Max)];

    private static double[] Sum(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a + b)];
}
