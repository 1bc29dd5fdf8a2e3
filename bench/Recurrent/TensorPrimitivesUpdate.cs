using System.Numerics;
using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using Tensor = System.Numerics.Tensors.TensorPrimitives;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>
/// The update over System.Numerics.Tensors, as a .NET engineer would write it: no allocation, every operand contiguous, one
/// row of a gradient summed over the time steps while it is in the nearest cache and applied there.
/// </summary>
internal sealed class TensorPrimitivesUpdate<T> : IUpdate
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _m, _k, _steps;
    private readonly T[] _w, _u, _v, _b, _c;   // U by column
    private readonly T[] _wSums, _uSums, _vSums, _bSums, _cSums;
    private readonly T[] _h, _p, _dz, _gradient, _work;
    private readonly bool[] _done;

    public TensorPrimitivesUpdate(NetworkShape shape, int steps)
    {
        (_m, _k, _steps) = (shape.HiddenSize, shape.VocabularySize, steps);
        var weights = NetworkWeights<T>.Random(shape, 1).Vanilla;
        (_w, _v, _b, _c, _u) = (weights.W, weights.V, weights.b, weights.c, new T[_k * _m]);
        for (var i = 0; i < _m; i++)
        {
            for (var k = 0; k < _k; k++)
            {
                _u[(k * _m) + i] = weights.U[(i * _k) + k];
            }
        }

        (_wSums, _uSums, _vSums, _bSums, _cSums) = (new T[_w.Length], new T[_u.Length], new T[_v.Length], new T[_m], new T[_k]);
        (_h, _p, _dz) = (new T[(steps + 1) * _m], new T[steps * _k], new T[steps * _m]);
        (_gradient, _work, _done) = (new T[Math.Max(_m, _k)], new T[Math.Max(_m, _k)], new bool[_k]);
    }

    public string Name => "TensorPrimitives";

    public int Bits => 0;

    /// <summary>The parts of one update on the same chunk, in the order of <see cref="UpdatePart.All"/>.</summary>
    public IReadOnlyList<Action> Parts(int[] text, double eta)
    {
        var (x, y) = (text[.._steps], text[1..(_steps + 1)]);
        return
        [
            () => Hidden(x), Logits, () => Softmax(y), HiddenGradient, Backward,
            () => UpdateV(eta), () => UpdateW(eta), () => UpdateU(x, eta), () => UpdateBiases(eta),
        ];
    }

    public double Run(ReadOnlySpan<int> x, ReadOnlySpan<int> y, double eta)
    {
        Hidden(x);
        Logits();
        var loss = Softmax(y);
        HiddenGradient();
        Backward();
        UpdateV(eta);
        UpdateW(eta);
        UpdateU(x, eta);
        UpdateBiases(eta);
        Row(_h, _steps, _m).CopyTo(_h);
        return loss;
    }

    public void Dispose()
    {
    }

    /// <summary>h_{t+1} = tanh(W h_t + U[:, x_t] + b).</summary>
    private void Hidden(ReadOnlySpan<int> x)
    {
        for (var t = 0; t < _steps; t++)
        {
            var state = Row(_h, t, _m);
            var next = Row(_h, t + 1, _m);
            for (var i = 0; i < _m; i++)
            {
                next[i] = Tensor.Dot<T>(Row(_w, i, _m), state);
            }

            Tensor.Add<T>(next, Row(_u, x[t], _m), next);
            Tensor.Add<T>(next, _b, next);
            Tensor.Tanh<T>(next, next);
        }
    }

    /// <summary>o_t = V h_{t+1} + c.</summary>
    private void Logits()
    {
        for (var t = 0; t < _steps; t++)
        {
            var state = Row(_h, t + 1, _m);
            var logits = Row(_p, t, _k);
            for (var k = 0; k < _k; k++)
            {
                logits[k] = Tensor.Dot<T>(Row(_v, k, _m), state);
            }

            Tensor.Add<T>(logits, _c, logits);
        }
    }

    /// <summary>p_t = softmax(o_t) less one at y_t, in the logits' place.</summary>
    private double Softmax(ReadOnlySpan<int> y)
    {
        var loss = 0.0;
        for (var t = 0; t < _steps; t++)
        {
            var row = Row(_p, t, _k);
            var largest = Tensor.Max<T>(row);
            loss += double.CreateChecked(largest - row[y[t]]);
            Tensor.Subtract(row, largest, row);
            Tensor.Exp<T>(row, row);
            var sum = Tensor.Sum<T>(row);
            Tensor.Multiply(row, T.One / sum, row);
            row[y[t]] -= T.One;
            loss += Math.Log(double.CreateChecked(sum));
        }

        return loss;
    }

    /// <summary>dh_t = V' g_t.</summary>
    private void HiddenGradient()
    {
        for (var t = 0; t < _steps; t++)
        {
            var g = Row(_p, t, _k);
            var dh = Row(_dz, t, _m);
            Tensor.Multiply(Row(_v, 0, _m), g[0], dh);
            for (var k = 1; k < _k; k++)
            {
                Tensor.MultiplyAddEstimate(Row(_v, k, _m), g[k], dh, dh);
            }
        }
    }

    /// <summary>dz_t = (dh_t + W' dz_{t+1}) (1 - h_{t+1}^2).</summary>
    private void Backward()
    {
        var slope = _work.AsSpan(0, _m);
        for (var t = _steps - 1; t >= 0; t--)
        {
            var state = Row(_h, t + 1, _m);
            var dz = Row(_dz, t, _m);
            if (t < _steps - 1)
            {
                var later = Row(_dz, t + 1, _m);
                for (var i = 0; i < _m; i++)
                {
                    Tensor.MultiplyAddEstimate(Row(_w, i, _m), later[i], dz, dz);
                }
            }

            Tensor.Multiply<T>(state, state, slope);
            Tensor.Subtract(T.One, slope, slope);
            Tensor.Multiply<T>(dz, slope, dz);
        }
    }

    /// <summary>dV = sum_t g_t h_{t+1}', and AdaGrad.</summary>
    private void UpdateV(double eta)
    {
        var gradient = _gradient.AsSpan(0, _m);
        for (var k = 0; k < _k; k++)
        {
            Tensor.Multiply(Row(_h, 1, _m), _p[k], gradient);
            for (var t = 1; t < _steps; t++)
            {
                Tensor.MultiplyAddEstimate(Row(_h, t + 1, _m), _p[(t * _k) + k], gradient, gradient);
            }

            Adagrad(Row(_v, k, _m), Row(_vSums, k, _m), gradient, eta);
        }
    }

    /// <summary>dW = sum_t dz_t h_t', and AdaGrad.</summary>
    private void UpdateW(double eta)
    {
        var gradient = _gradient.AsSpan(0, _m);
        for (var i = 0; i < _m; i++)
        {
            Tensor.Multiply(Row(_h, 0, _m), _dz[i], gradient);
            for (var t = 1; t < _steps; t++)
            {
                Tensor.MultiplyAddEstimate(Row(_h, t, _m), _dz[(t * _m) + i], gradient, gradient);
            }

            Adagrad(Row(_w, i, _m), Row(_wSums, i, _m), gradient, eta);
        }
    }

    /// <summary>dU, column by column of the characters that occur, and AdaGrad.</summary>
    private void UpdateU(ReadOnlySpan<int> x, double eta)
    {
        var gradient = _gradient.AsSpan(0, _m);
        for (var t = 0; t < _steps; t++)
        {
            if (_done[x[t]])
            {
                continue;
            }

            _done[x[t]] = true;
            Row(_dz, t, _m).CopyTo(gradient);
            for (var s = t + 1; s < _steps; s++)
            {
                if (x[s] == x[t])
                {
                    Tensor.Add<T>(gradient, Row(_dz, s, _m), gradient);
                }
            }

            Adagrad(Row(_u, x[t], _m), Row(_uSums, x[t], _m), gradient, eta);
        }

        foreach (var character in x)
        {
            _done[character] = false;
        }
    }

    /// <summary>db = sum_t dz_t, dc = sum_t g_t, and AdaGrad.</summary>
    private void UpdateBiases(double eta)
    {
        Sum(_dz, _m);
        Adagrad(_b, _bSums, _gradient.AsSpan(0, _m), eta);
        Sum(_p, _k);
        Adagrad(_c, _cSums, _gradient.AsSpan(0, _k), eta);
    }

    private void Sum(T[] rows, int columns)
    {
        var sum = _gradient.AsSpan(0, columns);
        Row(rows, 0, columns).CopyTo(sum);
        for (var t = 1; t < _steps; t++)
        {
            Tensor.Add<T>(sum, Row(rows, t, columns), sum);
        }
    }

    private void Adagrad(Span<T> weights, Span<T> sums, Span<T> gradient, double eta)
    {
        var clip = T.CreateChecked(5);
        var root = _work.AsSpan(0, weights.Length);
        Tensor.Max(gradient, -clip, gradient);
        Tensor.Min(gradient, clip, gradient);
        Tensor.MultiplyAddEstimate<T>(gradient, gradient, sums, sums);
        Tensor.Add(sums, T.CreateChecked(AdagradRule<T>.Epsilon), root);
        Tensor.Sqrt<T>(root, root);
        Tensor.Divide<T>(gradient, root, root);
        Tensor.MultiplyAddEstimate(root, T.CreateChecked(-eta), weights, weights);
    }

    private static Span<T> Row(T[] matrix, int row, int columns) => matrix.AsSpan(row * columns, columns);
}
