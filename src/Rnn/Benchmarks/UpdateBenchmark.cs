using System.Diagnostics;
using System.Numerics;
using CharRnn.Kernels;
using CharRnn.Kernels.Reference;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>Times an update as a whole, and each of its parts on the same buffers in the order in which training runs them.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class UpdateBenchmark<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkShape _shape;
    private readonly int _steps;
    private readonly int[] _text;

    /// <summary>A benchmark on a text of random characters.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="steps">T, characters in a chunk.</param>
    public UpdateBenchmark(NetworkShape shape, int steps)
    {
        (_shape, _steps) = (shape, steps);
        var random = new RandomStream(1);
        _text = new int[(64 * steps) + 1];
        for (var i = 0; i < _text.Length; i++)
        {
            // Some characters are frequent and most are rare, as in a text.
            var unit = random.NextUnit();
            _text[i] = (int)(unit * unit * unit * shape.VocabularySize);
        }
    }

    /// <summary>Floating-point operations of an update's six products, two for each multiply-add.</summary>
    public double Operations => _steps * ((6.0 * _shape.HiddenSize * _shape.HiddenSize) + (6.0 * _shape.HiddenSize * _shape.VocabularySize));

    /// <summary>Times whole updates.</summary>
    /// <param name="kernels">The kernels to run on.</param>
    /// <param name="rounds">How many groups of updates are timed; each takes about a millisecond or one update.</param>
    /// <returns>Microseconds an update, one for each group, fastest first.</returns>
    public double[] TimeUpdates(RecurrentKernels<T> kernels, int rounds)
    {
        using var network = new Network<T>(_shape, _steps, kernels);
        network.Load(NetworkWeights<T>.Random(_shape, 1), null);
        var position = 0;
        void Update()
        {
            position = position + _steps + 1 > _text.Length ? 0 : position;
            network.Forward(_text.AsSpan(position, _steps), _text.AsSpan(position + 1, _steps));
            network.BackwardAndUpdate(0.1, 5);
            position += _steps;
        }

        var start = Stopwatch.GetTimestamp();
        Update();
        var group = (int)Math.Clamp(1000 / Stopwatch.GetElapsedTime(start).TotalMicroseconds, 1, 100);
        return Time(rounds, () =>
        {
            for (var i = 0; i < group; i++)
            {
                Update();
            }
        }).Select(time => time / group).ToArray();
    }

    /// <summary>Times scalar updates: the same formulas in plain loops in the same precision.</summary>
    /// <param name="rounds">How many updates are timed.</param>
    /// <returns>Microseconds an update, fastest first.</returns>
    public double[] TimeScalarUpdates(int rounds)
    {
        var parts = new ScalarParts(_shape, _steps, _text);
        return Time(rounds, () =>
        {
            foreach (var part in parts.All)
            {
                part();
            }
        });
    }

    /// <summary>Times each part.</summary>
    /// <param name="kernels">The kernels to run on.</param>
    /// <param name="rounds">How many updates are timed.</param>
    /// <param name="scalarRounds">How many updates of the scalar reference are timed.</param>
    public unsafe IReadOnlyList<PartTiming> TimeParts(RecurrentKernels<T> kernels, int rounds, int scalarRounds)
    {
        var layout = kernels.Layout;
        var (m, k, t) = (_shape.HiddenSize, _shape.VocabularySize, _steps);
        var (hs, ks) = ((long)layout.HiddenStride, (long)layout.VocabularyStride);
        long[] lengths = [layout.LengthOfW, k * hs, hs, m * ks, k * hs, ks, layout.LengthOfW, k * hs, hs, m * ks, ks, (t + 1) * hs, t * ks, t * hs, (long)t * layout.SpreadStride];
        using var arena = new AlignedArena<T>(lengths);
        var blocks = Array.ConvertAll(lengths, length => new Memory(arena.Take(length), (int)length));
        var (w, u, b, vt, v, c) = (blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5]);
        var (wSums, uSums, bSums, vtSums, cSums) = (blocks[6], blocks[7], blocks[8], blocks[9], blocks[10]);
        var (h, o, dh, spread) = (blocks[11], blocks[12], blocks[13], blocks[14]);
        Draw(layout, w, vt);
        c.Span[k..].Fill(T.NegativeInfinity);
        var (next, first) = (new int[t], new int[k]);
        Array.Fill(first, -1);
        var (x, y) = (_text[..t], _text[1..(t + 1)]);
        var distinct = x.Distinct().Count();
        var rule = new AdagradRule<T>(T.CreateChecked(1e-6), T.CreateChecked(5));

        var size = (double)sizeof(T);
        var (products, outputs) = (2.0 * t * m * m, 2.0 * t * m * k);
        (string Name, double Operations, double Bytes, Action Run)[] parts =
        [
            ("W h and tanh", products, size * ((m * m) + (2.0 * t * m)), () => kernels.Forward(w.Span, u.Span, b.Span, h.Span, x)),
            ("O = V H", outputs, size * ((m * k) + (t * m) + (t * k)), () => kernels.Logits(vt.Span, c.Span, h.Span, o.Span, t)),
            ("softmax", 0, size * 2 * t * k, () => kernels.SoftmaxLoss(o.Span, y)),
            ("dH = V' G", outputs, size * ((m * k) + (t * m) + (t * k)), () => kernels.HiddenGradient(v.Span, o.Span, dh.Span, t)),
            ("W' dz", products, size * ((m * m) + (3.0 * t * m)), () => kernels.Backward(w.Span, h.Span, dh.Span, t)),
            ("dV and AdaGrad", outputs, size * ((5.0 * m * k) + (t * m) + (t * k)), () => kernels.UpdateV(h.Span, o.Span, vt.Span, vtSums.Span, v.Span, t, rule)),
            ("dW and AdaGrad", products, size * ((4.0 * m * m) + (2.0 * t * m)), () => kernels.UpdateW(dh.Span, h.Span, w.Span, wSums.Span, spread.Span, t, rule)),
            ("dU and AdaGrad", 0, size * ((4.0 * distinct * m) + (t * m)), () => kernels.UpdateU(dh.Span, x, u.Span, uSums.Span, next, first, rule)),
            ("db, dc and AdaGrad", 0, size * ((t * m) + (t * k) + (4.0 * (m + k))), () => kernels.UpdateBiases(dh.Span, b.Span, bSums.Span, o.Span, c.Span, cSums.Span, t, rule)),
        ];

        var fast = TimeEach([.. parts.Select(part => part.Run)], rounds);
        var slow = TimeEach(new ScalarParts(_shape, _steps, _text).All, scalarRounds);
        return [.. parts.Select((part, i) => new PartTiming(part.Name, part.Operations, part.Bytes, fast[i][0], fast[i][fast[i].Length / 2], slow[i][0]))];
    }

    private static void Draw(RecurrentLayout layout, Memory w, Memory vt)
    {
        var random = new RandomStream(2);
        var (m, k) = (layout.Shape.HiddenSize, layout.Shape.VocabularySize);
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                w.Span[(int)layout.IndexOfW(i, j)] = T.CreateChecked((random.NextUnit() - 0.5) * 0.1);
            }

            for (var j = 0; j < k; j++)
            {
                vt.Span[(i * layout.VocabularyStride) + j] = T.CreateChecked((random.NextUnit() - 0.5) * 0.1);
            }
        }
    }

    private static double[] Time(int rounds, Action action)
    {
        action();
        return TimeEach([action], rounds)[0];
    }

    /// <summary>Runs all actions in turn, many times; a list of sorted times for each.</summary>
    private static double[][] TimeEach(Action[] actions, int rounds)
    {
        var times = Array.ConvertAll(actions, _ => new double[rounds]);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                actions[i]();
                times[i][round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        foreach (var list in times)
        {
            Array.Sort(list);
        }

        return times;
    }

    private readonly unsafe struct Memory(T* start, int length)
    {
        private readonly T* _start = start;

        public Span<T> Span => new(_start, length);
    }

    /// <summary>The parts of an update in plain loops on plain arrays, in the order of <see cref="TimeParts"/>.</summary>
    private sealed class ScalarParts
    {
        public ScalarParts(NetworkShape shape, int steps, int[] text)
        {
            var (m, k, t) = (shape.HiddenSize, shape.VocabularySize, steps);
            var weights = NetworkWeights<T>.Random(shape, 1);
            var sums = new NetworkWeights<T>(shape);
            var gradients = new NetworkWeights<T>(shape);
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

        public Action[] All { get; }

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
}
