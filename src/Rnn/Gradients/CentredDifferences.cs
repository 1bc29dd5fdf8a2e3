using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// (loss(theta + h) - loss(theta - h)) / 2h for every coordinate theta. What a coordinate cannot change is computed once:
/// V and c leave the states as they are and touch one logit; W, U and b touch one element of a, and sixteen such networks
/// run side by side, one in each lane. The losses are subtracted time step by time step, which keeps more digits than
/// subtracting their sums.
/// </summary>
public static class CentredDifferences
{
    private const int Lanes = 16;
    private const int Pairs = Lanes / 2;

    /// <summary>The differences of every coordinate of W, U, V, b and c.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="step">h, the distance to each side.</param>
    /// <param name="progress">Is told of every block of W, b and U that is done; see <see cref="Blocks"/>.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static ReferenceParameters<double> Compute(GradientCase of, double step, WorkProgress? progress = null)
    {
        var result = new ReferenceParameters<double>(of.Shape);
        var network = of.Forward();
        LogitCoordinates(of, network, step, result);
        HiddenCoordinates(of, step, Enumerable.Range(0, result.W.Length), "W", result.W, progress);
        HiddenCoordinates(of, step, Enumerable.Range(0, result.b.Length), "b", result.b, progress);
        HiddenCoordinates(of, step, ReadCoordinatesOfU(of), "U", result.U, progress);
        return result;
    }

    /// <summary>How many blocks <see cref="Compute"/> tells of.</summary>
    internal static long Blocks(GradientCase of) =>
        ((of.Weights.W.Length + Pairs - 1) / Pairs) + ((of.Weights.b.Length + Pairs - 1) / Pairs) + ((ReadCoordinatesOfU(of).Count() + Pairs - 1) / Pairs);

    /// <summary>The loss does not read the columns of U whose characters do not occur: both losses are the same number.</summary>
    private static IEnumerable<int> ReadCoordinatesOfU(GradientCase of)
    {
        var occurs = of.X.ToHashSet();
        return Enumerable.Range(0, of.Weights.U.Length).Where(i => occurs.Contains(i % of.Shape.VocabularySize));
    }

    /// <summary>The differences of every n-th coordinate of W alone, for a sweep over step sizes.</summary>
    /// <returns>As W; what was left out is zero.</returns>
    internal static double[] SampleOfW(GradientCase of, double step, int every)
    {
        var result = new double[of.Weights.W.Length];
        HiddenCoordinates(of, step, Enumerable.Range(0, result.Length).Where(i => i % every == 0), "W", result, progress: null);
        return result;
    }

    private static void LogitCoordinates(GradientCase of, ReferenceNetwork<double> network, double step, ReferenceParameters<double> result)
    {
        var (m, k, steps) = (of.Shape.HiddenSize, of.Shape.VocabularySize, of.SequenceLength);
        var largest = network.o.Select(row => row.Max()).ToArray();
        Parallel.For(0, k, character =>
        {
            // The softmax's sum without this character's term.
            var others = new double[steps];
            for (var t = 0; t < steps; t++)
            {
                for (var i = 0; i < k; i++)
                {
                    others[t] += i == character ? 0 : Math.Exp(network.o[t][i] - largest[t]);
                }
            }

            for (var j = 0; j <= m; j++)
            {
                var sum = 0.0;
                for (var t = 0; t < steps; t++)
                {
                    var change = step * (j < m ? network.h[t + 1][j] : 1);
                    sum += Loss(t, change) - Loss(t, -change);
                }

                if (j < m)
                {
                    result.V[(character * m) + j] = sum / (2 * step);
                }
                else
                {
                    result.c[character] = sum / (2 * step);
                }
            }

            double Loss(int t, double change)
            {
                var logit = network.o[t][character] + change - largest[t];
                var target = of.Y[t] == character ? logit : network.o[t][of.Y[t]] - largest[t];
                return Math.Log(others[t] + Math.Exp(logit)) - target;
            }
        });
    }

    private static void HiddenCoordinates(GradientCase of, double step, IEnumerable<int> coordinates, string name, double[] into, WorkProgress? progress)
    {
        var blocks = coordinates.Chunk(Pairs).ToArray();
        Parallel.For(
            0,
            blocks.Length,
            () => new Batch(of),
            (block, _, batch) =>
            {
                batch.Run(name, blocks[block], step, into);
                progress?.Advance();
                return batch;
            },
            _ => { });
    }

    /// <summary>Sixteen networks: lane 2 i has coordinate i raised by the step, lane 2 i + 1 has it lowered.</summary>
    private sealed class Batch(GradientCase of)
    {
        private readonly int _m = of.Shape.HiddenSize;
        private readonly int _k = of.Shape.VocabularySize;
        private double[] _h = new double[of.Shape.HiddenSize * Lanes];
        private double[] _next = new double[of.Shape.HiddenSize * Lanes];
        private readonly double[] _o = new double[of.Shape.VocabularySize * Lanes];

        public void Run(string name, int[] coordinates, double step, double[] into)
        {
            var columns = name switch { "W" => _m, "U" => _k, _ => 1 };
            for (var i = 0; i < _m; i++)
            {
                _h.AsSpan(i * Lanes, Lanes).Fill(of.InitialHidden[i]);
            }

            Span<double> sums = stackalloc double[Pairs];
            sums.Clear();
            for (var t = 0; t < of.SequenceLength; t++)
            {
                MatrixTimesLanes(of.Weights.W, _m, _h, _next);
                for (var i = 0; i < _m; i++)
                {
                    var constant = of.Weights.U[(i * _k) + of.X[t]] + of.Weights.b[i];
                    for (var lane = 0; lane < Lanes; lane++)
                    {
                        _next[(i * Lanes) + lane] += constant;
                    }
                }

                for (var pair = 0; pair < coordinates.Length; pair++)
                {
                    var (row, column) = (coordinates[pair] / columns, coordinates[pair] % columns);
                    for (var side = 0; side < 2; side++)
                    {
                        var lane = (2 * pair) + side;
                        var input = name switch { "W" => _h[(column * Lanes) + lane], "U" => of.X[t] == column ? 1 : 0, _ => 1 };
                        _next[(row * Lanes) + lane] += (side == 0 ? step : -step) * input;
                    }
                }

                for (var i = 0; i < _next.Length; i++)
                {
                    _next[i] = Math.Tanh(_next[i]);
                }

                (_h, _next) = (_next, _h);
                MatrixTimesLanes(of.Weights.V, _m, _h, _o);
                for (var pair = 0; pair < coordinates.Length; pair++)
                {
                    sums[pair] += Loss(of.Y[t], 2 * pair) - Loss(of.Y[t], (2 * pair) + 1);
                }
            }

            for (var pair = 0; pair < coordinates.Length; pair++)
            {
                into[coordinates[pair]] = sums[pair] / (2 * step);
            }
        }

        private double Loss(int target, int lane)
        {
            var largest = double.NegativeInfinity;
            for (var i = 0; i < _k; i++)
            {
                largest = Math.Max(largest, _o[(i * Lanes) + lane] + of.Weights.c[i]);
            }

            var sum = 0.0;
            for (var i = 0; i < _k; i++)
            {
                sum += Math.Exp(_o[(i * Lanes) + lane] + of.Weights.c[i] - largest);
            }

            return Math.Log(sum) - (_o[(target * Lanes) + lane] + of.Weights.c[target] - largest);
        }

        private static void MatrixTimesLanes(double[] matrix, int columns, double[] lanes, double[] result)
        {
            var input = MemoryMarshal.Cast<double, Vector256<double>>(lanes);
            var output = MemoryMarshal.Cast<double, Vector256<double>>(result.AsSpan());
            for (var row = 0; row < output.Length / 4; row++)
            {
                var (sum0, sum1, sum2, sum3) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
                var weights = matrix.AsSpan(row * columns, columns);
                for (var j = 0; j < weights.Length; j++)
                {
                    var weight = Vector256.Create(weights[j]);
                    sum0 += weight * input[4 * j];
                    sum1 += weight * input[(4 * j) + 1];
                    sum2 += weight * input[(4 * j) + 2];
                    sum3 += weight * input[(4 * j) + 3];
                }

                output[4 * row] = sum0;
                output[(4 * row) + 1] = sum1;
                output[(4 * row) + 2] = sum2;
                output[(4 * row) + 3] = sum3;
            }
        }
    }
}
