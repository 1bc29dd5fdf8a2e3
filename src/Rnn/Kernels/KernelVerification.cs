using System.Numerics;
using CharRnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Kernels;

/// <summary>
/// Every step of one set of kernels against plain scalar loops. On small integers (and tanh's derivative at 0, 1/2 and 1)
/// all sums and products are exact, so the results must agree to the bit, whatever the order of summation. On real numbers
/// the error must stay within the bound for any order, gamma(n) sum |a| |b| (Higham, "Accuracy and Stability of Numerical
/// Algorithms", 2002, section 3.1). Outputs hold NaN before, buffers lie between NaNs and off the boundaries of registers.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class KernelVerification<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Largest errors of tanh and of exp that are allowed for, in units of the last place; docs/numerics.md has the measured ones.</summary>
    private const double TanhUlps = 6, ExpUlps = 3;

    private const int Guard = 32;

    private static readonly double Slack = RoundingBound<T>.Slack, Epsilon = RoundingBound<T>.Unit;

    private readonly RecurrentKernels<T> _kernels;
    private readonly int _m, _k, _steps, _shift, _hiddenStride, _vocabularyStride;
    private readonly List<string> _failures = [];
    private readonly List<Buffer> _buffers = [];
    private readonly RandomStream _random;

    private KernelVerification(RecurrentKernels<T> kernels, int steps, int shift, ulong seed)
    {
        (_kernels, _steps, _shift, _random) = (kernels, steps, shift, new RandomStream(seed));
        (_m, _k) = (kernels.Layout.Shape.HiddenSize, kernels.Layout.Shape.VocabularySize);
        (_hiddenStride, _vocabularyStride) = (kernels.Layout.HiddenStride, kernels.Layout.VocabularyStride);
    }

    /// <summary>Runs all checks.</summary>
    /// <param name="kernels">What to verify.</param>
    /// <param name="steps">Time steps, at least 1.</param>
    /// <param name="shift">How many elements the buffers lie past a 64-byte boundary.</param>
    /// <param name="seed">Of the inputs.</param>
    /// <returns>One line for each step that is wrong; empty where all is right.</returns>
    public static IReadOnlyList<string> Run(RecurrentKernels<T> kernels, int steps, int shift, ulong seed)
    {
        var verification = new KernelVerification<T>(kernels, steps, shift, seed);
        verification.VerifyForward(integers: true);
        verification.VerifyForward(integers: false);
        verification.VerifySoftmax();
        verification.VerifyBackward(integers: true);
        verification.VerifyBackward(integers: false);
        verification.VerifyUpdates();
        verification.Release();
        return verification._failures;
    }

    private void VerifyForward(bool integers)
    {
        var (w, u, b, vt, c) = (NewW(), New("U", (long)_k * _hiddenStride), New("b", _hiddenStride), New("V'", (long)_m * _vocabularyStride), New("c", _vocabularyStride));
        var (h, o) = (New("h", (_steps + 1L) * _hiddenStride), New("o", (long)_steps * _vocabularyStride));
        Each(_m, _m, (i, j) => w[(int)_kernels.Layout.IndexOfW(i, j)] = Draw(integers, 3, 0.3));
        Fill(u, _k, _m, _hiddenStride, integers, 0.3);
        Fill(b, 1, _m, _hiddenStride, integers, 0.3);
        Fill(vt, _m, _k, _vocabularyStride, integers, 0.3);
        Fill(c, 1, _k, _vocabularyStride, integers, 0.3);
        c.Span[_k.._vocabularyStride].Fill(T.NegativeInfinity);
        h.Span[_hiddenStride..].Fill(T.NaN);
        o.Span.Fill(T.NaN);
        Fill(h, 1, _m, _hiddenStride, integers, 0.9);
        var x = Characters();

        _kernels.Forward(w, u, b, h, x);
        var wrong = new WorstElement();
        for (var t = 0; t < _steps; t++)
        {
            for (var i = 0; i < _m; i++)
            {
                var (sum, size) = (Value(u[(x[t] * _hiddenStride) + i]) + Value(b[i]), Math.Abs(Value(u[(x[t] * _hiddenStride) + i])) + Math.Abs(Value(b[i])));
                for (var j = 0; j < _m; j++)
                {
                    var term = Value(w[(int)_kernels.Layout.IndexOfW(i, j)]) * Value(h[(t * _hiddenStride) + j]);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                var expected = Math.Tanh(sum);
                var rounding = integers && t == 0 ? 0 : Gamma(_m + 3) * size;
                wrong.Add(Value(h[((t + 1) * _hiddenStride) + i]), expected, rounding + (TanhUlps * 2 * Epsilon * Math.Abs(expected)) + double.Epsilon, t, i);
            }

            VerifyZero(h.Span.Slice((t + 1) * _hiddenStride, _hiddenStride), _m, "h");
        }

        Report("forward", wrong);

        // The product of the time steps, on states that are exact where the weights are.
        if (integers)
        {
            for (var t = 0; t <= _steps; t++)
            {
                Fill(h.Span[(t * _hiddenStride)..], 1, _m, _hiddenStride, true, 1);
            }
        }

        _kernels.Logits(vt, c, h, o, _steps);
        wrong = new WorstElement();
        for (var t = 0; t < _steps; t++)
        {
            for (var k = 0; k < _k; k++)
            {
                var (sum, size) = (Value(c[k]), Math.Abs(Value(c[k])));
                for (var j = 0; j < _m; j++)
                {
                    var term = Value(vt[(j * _vocabularyStride) + k]) * Value(h[((t + 1) * _hiddenStride) + j]);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                wrong.Add(Value(o[(t * _vocabularyStride) + k]), sum, integers ? 0 : Gamma(_m + 1) * size, t, k);
            }
        }

        Report("logits", wrong);
        VerifyGuards();
    }

    private void VerifySoftmax()
    {
        var o = New("o", (long)_steps * _vocabularyStride);
        for (var t = 0; t < _steps; t++)
        {
            var row = o.Span.Slice(t * _vocabularyStride, _vocabularyStride);
            Fill(row, 1, _k, _vocabularyStride, false, t % 3 == 2 ? 80 : 4);
            row[_k..].Fill(T.NegativeInfinity);
        }

        var logits = o.Span.ToArray();
        var y = Characters();
        var loss = _kernels.SoftmaxLoss(o, y);
        var (expectedLoss, wrong) = (0.0, new WorstElement());
        for (var t = 0; t < _steps; t++)
        {
            var row = Array.ConvertAll(logits[(t * _vocabularyStride)..((t * _vocabularyStride) + _k)], Value);
            var largest = row.Max();
            var sum = row.Sum(value => Math.Exp(value - largest));
            expectedLoss += Math.Log(sum) + largest - row[y[t]];
            for (var k = 0; k < _k; k++)
            {
                var p = Math.Exp(row[k] - largest) / sum;
                var gap = largest - row[k];
                // Besides exp's own error: the shift's rounding is scaled by the exponent, the sum takes K additions, and results below the smallest normal number are zero.
                var tolerance = Slack * ((p * 2 * Epsilon * (gap + (2 * ExpUlps) + _k + 4)) + Epsilon + 1e-37);
                wrong.Add(Value(o[(t * _vocabularyStride) + k]), p - (k == y[t] ? 1 : 0), tolerance, t, k);
            }

            VerifyZero(o.Span.Slice(t * _vocabularyStride, _vocabularyStride), _k, "g");
        }

        wrong.Add(loss, expectedLoss, 2 * Slack * Epsilon * ((_steps * (_k + 10)) + Math.Abs(expectedLoss)), -1, 0);
        Report("softmax", wrong);
        VerifyGuards();
    }

    private void VerifyBackward(bool integers)
    {
        var (w, v, g, h, dh) = (NewW(), New("V", (long)_k * _hiddenStride), New("g", (long)_steps * _vocabularyStride), New("h", (_steps + 1L) * _hiddenStride), New("dh", (long)_steps * _hiddenStride));
        Each(_m, _m, (i, j) => w[(int)_kernels.Layout.IndexOfW(i, j)] = Draw(integers, 1, 0.3));
        Fill(v, _k, _m, _hiddenStride, integers, 0.3);
        Fill(g, _steps, _k, _vocabularyStride, integers, 0.5);
        Each(_steps + 1, _m, (t, j) => h[(t * _hiddenStride) + j] = integers ? T.CreateChecked(0.5 * ((long)(_random.NextBits() % 5) - 2)) : Draw(false, 1, 0.9));
        dh.Span.Fill(T.NaN);

        _kernels.HiddenGradient(v, g, dh, _steps);
        var wrong = new WorstElement();
        for (var t = 0; t < _steps; t++)
        {
            for (var j = 0; j < _m; j++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var k = 0; k < _k; k++)
                {
                    var term = Value(v[(k * _hiddenStride) + j]) * Value(g[(t * _vocabularyStride) + k]);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                wrong.Add(Value(dh[(t * _hiddenStride) + j]), sum, integers ? 0 : Gamma(_k) * size, t, j);
            }

            VerifyZero(dh.Span.Slice(t * _hiddenStride, _hiddenStride), _m, "dh");
        }

        Report("hidden gradient", wrong);

        // Few steps stay exact: each multiplies by W's integers and by 0, 3/4 or 1.
        var steps = integers ? Math.Min(_steps, 3) : _steps;
        if (integers)
        {
            Fill(dh, _steps, _m, _hiddenStride, true, 1);
        }

        var given = dh.Span.ToArray();
        _kernels.Backward(w, h, dh, steps);
        wrong = new WorstElement();
        for (var t = steps - 1; t >= 0; t--)
        {
            for (var j = 0; j < _m; j++)
            {
                var (sum, size) = (Value(given[(t * _hiddenStride) + j]), Math.Abs(Value(given[(t * _hiddenStride) + j])));
                for (var i = 0; t < steps - 1 && i < _m; i++)
                {
                    var term = Value(w[(int)_kernels.Layout.IndexOfW(i, j)]) * Value(dh[((t + 1) * _hiddenStride) + i]);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }

                var state = Value(h[((t + 1) * _hiddenStride) + j]);
                var derivative = 1 - (state * state);
                wrong.Add(Value(dh[(t * _hiddenStride) + j]), sum * derivative, integers ? 0 : (Gamma(_m + 2) * size * Math.Abs(derivative)) + (size * 4 * Epsilon), t, j);
            }

            VerifyZero(dh.Span.Slice(t * _hiddenStride, _hiddenStride), _m, "dz");
        }

        Report("backward", wrong);
        VerifyGuards();
    }

    private void VerifyUpdates()
    {
        var (dz, h, g) = (New("dz", (long)_steps * _hiddenStride), New("h", (_steps + 1L) * _hiddenStride), New("g", (long)_steps * _vocabularyStride));
        Fill(dz, _steps, _m, _hiddenStride, true, 1);
        Fill(h, _steps + 1, _m, _hiddenStride, true, 1);
        Fill(g, _steps, _k, _vocabularyStride, true, 1);
        var x = Characters();
        var rule = new AdagradRule<T>(T.CreateChecked(0.1), T.CreateChecked(5));
        var (states, gradients, logits) = (h.Span.ToArray(), dz.Span.ToArray(), g.Span.ToArray());

        var (vt, vSums, v) = (New("V'", (long)_m * _vocabularyStride), New("sums of V'", (long)_m * _vocabularyStride), New("V", (long)_k * _hiddenStride));
        VerifyUpdate("update of V", vt, vSums, _m, _k, (j, k) => (j * _vocabularyStride) + k,
            (j, k, t) => Value(states[((t + 1) * _hiddenStride) + j]) * Value(logits[(t * _vocabularyStride) + k]),
            () => _kernels.UpdateV(h, g, vt, vSums, v, _steps, rule), rule);
        var copy = new WorstElement();
        Each(_m, _k, (j, k) => copy.Add(Value(v[(k * _hiddenStride) + j]), Value(vt[(j * _vocabularyStride) + k]), 0, k, j));
        Report("transposed V", copy);
        for (var k = 0; k < _k; k++)
        {
            VerifyZero(v.Span.Slice(k * _hiddenStride, _hiddenStride), _m, "V");
        }

        var (w, wSums) = (NewW(), New("sums of W", _kernels.Layout.LengthOfW));
        var spread = New("scratch", (long)_steps * _kernels.Layout.SpreadStride);
        spread.Span.Fill(T.NaN);
        VerifyUpdate("update of W", w, wSums, _m, _m, (i, j) => (int)_kernels.Layout.IndexOfW(i, j),
            (i, j, t) => Value(gradients[(t * _hiddenStride) + i]) * Value(states[(t * _hiddenStride) + j]),
            () => _kernels.UpdateW(dz, h, w, wSums, spread, _steps, rule), rule);

        var (u, uSums) = (New("U", (long)_k * _hiddenStride), New("sums of U", (long)_k * _hiddenStride));
        var (next, first) = (new int[_steps], new int[_k]);
        Array.Fill(first, -1);
        VerifyUpdate("update of U", u, uSums, _k, _m, (k, i) => (k * _hiddenStride) + i,
            (k, i, t) => x[t] == k ? Value(gradients[(t * _hiddenStride) + i]) : 0,
            () => _kernels.UpdateU(dz, x, u, uSums, next, first, rule), rule);

        var (b, bSums, c, cSums) = (New("b", _hiddenStride), New("sums of b", _hiddenStride), New("c", _vocabularyStride), New("sums of c", _vocabularyStride));
        c.Span[_k..].Fill(T.NegativeInfinity);
        void UpdateBiases() => _kernels.UpdateBiases(dz, b, bSums, g, c, cSums, _steps, rule);
        VerifyUpdate("update of b", b, bSums, 1, _m, (_, i) => i, (_, i, t) => Value(gradients[(t * _hiddenStride) + i]), UpdateBiases, rule);
        VerifyUpdate("update of c", c, cSums, 1, _k, (_, k) => k, (_, k, t) => Value(logits[(t * _vocabularyStride) + k]), UpdateBiases, rule);
        for (var k = _k; k < _vocabularyStride; k++)
        {
            if (!T.IsNegativeInfinity(c[k]))
            {
                _failures.Add($"{_kernels.Name}: the padding of c is no longer minus infinity");
            }
        }

        VerifyGuards();
    }

    /// <summary>AdaGrad is three exact operations in a given order: on exact gradients every implementation gives the same bits.</summary>
    private void VerifyUpdate(string step, Buffer weights, Buffer sums, int rows, int columns, Func<int, int, int> index, Func<int, int, int, double> term, Action run, AdagradRule<T> rule)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                weights[index(i, j)] = Draw(false, 1, 1);
                sums[index(i, j)] = (Draw(true, 2, 1) * T.CreateChecked(2)) + T.CreateChecked(4);
            }
        }

        var (weightsBefore, sumsBefore) = (weights.Span.ToArray(), sums.Span.ToArray());
        run();
        var wrong = new WorstElement();
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var gradient = 0.0;
                for (var t = 0; t < _steps; t++)
                {
                    gradient += term(i, j, t);
                }

                var clipped = T.Clamp(T.CreateChecked(gradient), -rule.Clip, rule.Clip);
                var sum = sumsBefore[index(i, j)] + (clipped * clipped);
                var weight = weightsBefore[index(i, j)] - (rule.Eta * clipped / T.Sqrt(sum + T.CreateChecked(AdagradRule<T>.Epsilon)));
                wrong.Add(Value(sums[index(i, j)]), Value(sum), 0, i, j);
                wrong.Add(Value(weights[index(i, j)]), Value(weight), 0, i, j);
            }
        }

        Report(step, wrong);
    }

    private Buffer NewW() => New("W", _kernels.Layout.LengthOfW);

    /// <summary>A zeroed buffer between NaNs.</summary>
    private Buffer New(string name, long length)
    {
        var arena = new AlignedArena<T>(length + (2 * Guard) + 64);
        var all = arena.Take(length + (2 * Guard) + 64);
        var start = all + Guard + _shift;
        for (var i = 1; i <= Guard; i++)
        {
            start[-i] = T.NaN;
            start[length + i - 1] = T.NaN;
        }

        _buffers.Add(new Buffer(arena, start, (int)length, name));
        return _buffers[^1];
    }

    private void VerifyGuards()
    {
        foreach (var buffer in _buffers)
        {
            for (var i = 1; i <= Guard; i++)
            {
                if (!T.IsNaN(buffer.Start[-i]) || !T.IsNaN(buffer.Start[buffer.Length + i - 1]))
                {
                    _failures.Add($"{_kernels.Name}: wrote outside {buffer.Name}");
                    return;
                }
            }
        }
    }

    private void Release()
    {
        foreach (var buffer in _buffers)
        {
            buffer.Arena.Dispose();
        }
    }

    private void VerifyZero(ReadOnlySpan<T> row, int from, string name)
    {
        if (row[from..].ContainsAnyExcept(T.Zero))
        {
            _failures.Add($"{_kernels.Name}: the padding of {name} is no longer zero");
        }
    }

    private int[] Characters()
    {
        var characters = new int[_steps];
        for (var t = 0; t < _steps; t++)
        {
            characters[t] = t % 4 == 3 ? characters[t - 2] : (int)(_random.NextBits() % (ulong)_k);
        }

        return characters;
    }

    private void Fill(Span<T> target, int rows, int columns, int stride, bool integers, double scale)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                target[(row * stride) + column] = Draw(integers, 2, scale);
            }
        }
    }

    private static void Each(int rows, int columns, Action<int, int> action)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                action(row, column);
            }
        }
    }

    private T Draw(bool integer, int most, double scale) => integer
        ? T.CreateChecked((long)(_random.NextBits() % (ulong)((2 * most) + 1)) - most)
        : T.CreateChecked(scale * ((2 * _random.NextUnit()) - 1));

    private static double Value(T value) => double.CreateChecked(value);

    private static double Gamma(int n) => RoundingBound<T>.Gamma(n);

    private void Report(string step, WorstElement worst)
    {
        if (worst.Message is { } message)
        {
            _failures.Add($"{_kernels.Name}: {step}, {message} (T = {_steps}, {_shift} elements off the boundary)");
        }
    }

    /// <summary>Elements between NaNs, in native memory.</summary>
    private sealed class Buffer(AlignedArena<T> arena, T* start, int length, string name)
    {
        public AlignedArena<T> Arena { get; } = arena;

        public T* Start { get; } = start;

        public int Length { get; } = length;

        public string Name { get; } = name;

        public Span<T> Span => new(Start, Length);

        public T this[int index]
        {
            get => Span[index];
            set => Span[index] = value;
        }

        public static implicit operator Span<T>(Buffer buffer) => buffer.Span;

        public static implicit operator ReadOnlySpan<T>(Buffer buffer) => buffer.Span;
    }
}
