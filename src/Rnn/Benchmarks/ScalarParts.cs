using System.Numerics;
using CharRnn.Kernels.Reference;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>The parts of an update in plain loops on plain arrays; each works on what the ones before it left.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class ScalarParts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Parts on random weights.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="steps">T.</param>
    /// <param name="text">T + 1 characters.</param>
    public ScalarParts(NetworkShape shape, int steps, int[] text)
    {
        var (m, k, t) = (shape.HiddenSize, shape.VocabularySize, steps);
        var weights = NetworkWeights<T>.Random(shape, 1).Vanilla;
        var sums = new NetworkWeights<T>(shape).Vanilla;
        var gradients = new NetworkWeights<T>(shape).Vanilla;
        var (h, o, dh, work) = (new T[(t + 1) * m], new T[t * k], new T[t * m], new T[m]);
        All =
        [
            () =>
            {
                for (var s = 0; s < t; s++)
                {
                    ScalarKernels.MatVec<T>(m, m, weights.W, h.AsSpan(s * m, m), work);
                    for (var i = 0; i < m; i++)
                    {
                        h[((s + 1) * m) + i] = T.Tanh(work[i] + weights.U[(i * k) + text[s]] + weights.b[i]);
                    }
                }
            },
            () =>
            {
                ScalarKernels.MatMul<T>(t, m, k, h.AsSpan(m), weights.V, o, transposeRight: true);
                for (var i = 0; i < o.Length; i++)
                {
                    o[i] += weights.c[i % k];
                }
            },
            () =>
            {
                for (var s = 0; s < t; s++)
                {
                    var row = o.AsSpan(s * k, k);
                    var (largest, sum) = (row[0], T.Zero);
                    foreach (var value in row)
                    {
                        largest = T.Max(largest, value);
                    }

                    for (var i = 0; i < k; i++)
                    {
                        row[i] = T.Exp(row[i] - largest);
                        sum += row[i];
                    }

                    for (var i = 0; i < k; i++)
                    {
                        row[i] /= sum;
                    }

                    row[text[s + 1]] -= T.One;
                }
            },
            () => ScalarKernels.MatMul<T>(t, k, m, o, weights.V, dh),
            () =>
            {
                for (var s = t - 1; s >= 0; s--)
                {
                    if (s < t - 1)
                    {
                        ScalarKernels.MatVecTransposed<T>(m, m, weights.W, dh.AsSpan((s + 1) * m, m), dh.AsSpan(s * m, m), accumulate: true);
                    }

                    for (var i = 0; i < m; i++)
                    {
                        dh[(s * m) + i] *= T.One - (h[((s + 1) * m) + i] * h[((s + 1) * m) + i]);
                    }
                }
            },
            () =>
            {
                ScalarKernels.MatMul<T>(k, t, m, o, h.AsSpan(m), gradients.V, transposeLeft: true);
                Adagrad(weights.V, gradients.V, sums.V);
            },
            () =>
            {
                ScalarKernels.MatMul<T>(m, t, m, dh, h.AsSpan(0, t * m), gradients.W, transposeLeft: true);
                Adagrad(weights.W, gradients.W, sums.W);
            },
            () =>
            {
                Array.Clear(gradients.U);
                for (var s = 0; s < t; s++)
                {
                    for (var i = 0; i < m; i++)
                    {
                        gradients.U[(i * k) + text[s]] += dh[(s * m) + i];
                    }
                }

                Adagrad(weights.U, gradients.U, sums.U);
            },
            () =>
            {
                Sum(dh, m, gradients.b);
                Adagrad(weights.b, gradients.b, sums.b);
                Sum(o, k, gradients.c);
                Adagrad(weights.c, gradients.c, sums.c);
            },
        ];
    }

    /// <summary>The parts in the order of <see cref="UpdatePart.All"/>.</summary>
    public IReadOnlyList<Action> All { get; }

    private static void Sum(T[] rows, int columns, T[] sum)
    {
        Array.Clear(sum);
        for (var i = 0; i < rows.Length; i++)
        {
            sum[i % columns] += rows[i];
        }
    }

    private static void Adagrad(T[] weights, T[] gradients, T[] sums)
    {
        var (eta, clip, epsilon) = (T.CreateChecked(0.1), T.CreateChecked(5), T.CreateChecked(AdagradRule<T>.Epsilon));
        for (var i = 0; i < weights.Length; i++)
        {
            var g = T.Clamp(gradients[i], -clip, clip);
            sums[i] += g * g;
            weights[i] -= eta * g / T.Sqrt(sums[i] + epsilon);
        }
    }
}
