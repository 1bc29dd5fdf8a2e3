using System.Numerics;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Benchmarks.Recurrent;

/// <summary>The update in plain loops over arrays, all along rows.</summary>
internal sealed class LoopUpdate<T> : IUpdate
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _m, _k, _steps;
    private readonly VanillaTensors<T> _weights, _sums, _gradients;
    private readonly T[] _h, _p, _dz;

    public LoopUpdate(NetworkShape shape, int steps)
    {
        (_m, _k, _steps) = (shape.HiddenSize, shape.VocabularySize, steps);
        (_weights, _sums, _gradients) = (NetworkWeights<T>.Random(shape, 1).Vanilla, new NetworkWeights<T>(shape).Vanilla, new NetworkWeights<T>(shape).Vanilla);
        (_h, _p, _dz) = (new T[(steps + 1) * _m], new T[steps * _k], new T[steps * _m]);
    }

    public string Name => "plain loops";

    public int Bits => 0;

    public double Run(ReadOnlySpan<int> x, ReadOnlySpan<int> y, double eta)
    {
        var loss = 0.0;
        for (var t = 0; t < _steps; t++)
        {
            var state = _h.AsSpan(t * _m, _m);
            var next = _h.AsSpan((t + 1) * _m, _m);
            var p = _p.AsSpan(t * _k, _k);
            for (var i = 0; i < _m; i++)
            {
                next[i] = T.Tanh(Dot(_weights.W.AsSpan(i * _m, _m), state) + _weights.U[(i * _k) + x[t]] + _weights.b[i]);
            }

            var largest = T.NegativeInfinity;
            for (var k = 0; k < _k; k++)
            {
                p[k] = Dot(_weights.V.AsSpan(k * _m, _m), next) + _weights.c[k];
                largest = T.Max(largest, p[k]);
            }

            loss += double.CreateChecked(largest - p[y[t]]);
            var sum = T.Zero;
            for (var k = 0; k < _k; k++)
            {
                p[k] = T.Exp(p[k] - largest);
                sum += p[k];
            }

            for (var k = 0; k < _k; k++)
            {
                p[k] /= sum;
            }

            p[y[t]] -= T.One;
            loss += Math.Log(double.CreateChecked(sum));
        }

        foreach (var gradient in (T[][])[_gradients.W, _gradients.U, _gradients.V, _gradients.b, _gradients.c])
        {
            Array.Clear(gradient);
        }

        for (var t = _steps - 1; t >= 0; t--)
        {
            var before = _h.AsSpan(t * _m, _m);
            var state = _h.AsSpan((t + 1) * _m, _m);
            var p = _p.AsSpan(t * _k, _k);
            var dz = _dz.AsSpan(t * _m, _m);
            dz.Clear();
            for (var k = 0; k < _k; k++)
            {
                AddScaled(_weights.V.AsSpan(k * _m, _m), p[k], dz);
                AddScaled(state, p[k], _gradients.V.AsSpan(k * _m, _m));
                _gradients.c[k] += p[k];
            }

            for (var i = 0; t < _steps - 1 && i < _m; i++)
            {
                AddScaled(_weights.W.AsSpan(i * _m, _m), _dz[((t + 1) * _m) + i], dz);
            }

            for (var i = 0; i < _m; i++)
            {
                dz[i] *= T.One - (state[i] * state[i]);
                AddScaled(before, dz[i], _gradients.W.AsSpan(i * _m, _m));
                _gradients.U[(i * _k) + x[t]] += dz[i];
                _gradients.b[i] += dz[i];
            }
        }

        Adagrad(_weights.W, _sums.W, _gradients.W, eta);
        Adagrad(_weights.U, _sums.U, _gradients.U, eta);
        Adagrad(_weights.V, _sums.V, _gradients.V, eta);
        Adagrad(_weights.b, _sums.b, _gradients.b, eta);
        Adagrad(_weights.c, _sums.c, _gradients.c, eta);
        _h.AsSpan(_steps * _m).CopyTo(_h);
        return loss;
    }

    public void Dispose()
    {
    }

    private static T Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        var sum = T.Zero;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void AddScaled(ReadOnlySpan<T> x, T scale, Span<T> sum)
    {
        for (var i = 0; i < x.Length; i++)
        {
            sum[i] += x[i] * scale;
        }
    }

    private static void Adagrad(T[] weights, T[] sums, T[] gradients, double eta)
    {
        var (rate, clip, epsilon) = (T.CreateChecked(eta), T.CreateChecked(5), T.CreateChecked(AdagradRule<T>.Epsilon));
        for (var i = 0; i < weights.Length; i++)
        {
            var g = T.Clamp(gradients[i], -clip, clip);
            sums[i] += g * g;
            weights[i] -= rate * g / T.Sqrt(sums[i] + epsilon);
        }
    }
}
