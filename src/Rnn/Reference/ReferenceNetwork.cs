using System.Numerics;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// The network in scalar loops, one line a formula: the truth that every kernel and every gradient is tested against.
/// Forward stands beside backward, and every intermediate can be read. For speed take <see cref="Training.Network{T}"/>.
/// Source of the gradients: Werbos, "Backpropagation through time", Proc. IEEE 78 (1990).
/// </summary>
/// <typeparam name="T">float, double or <see cref="Dual"/>.</typeparam>
/// <param name="weights">The parameters; kept, not copied: <see cref="Update"/> changes them.</param>
public sealed class ReferenceNetwork<T>(ReferenceParameters<T> weights)
    where T : struct,
        IAdditionOperators<T, T, T>,
        ISubtractionOperators<T, T, T>,
        IMultiplyOperators<T, T, T>,
        IDivisionOperators<T, T, T>,
        IUnaryNegationOperators<T, T>,
        IComparisonOperators<T, T, bool>
{
    private readonly int _m = weights.Shape.HiddenSize;
    private readonly int _k = weights.Shape.VocabularySize;
    private int[] _x = [];
    private int[] _y = [];

    /// <summary>m and K.</summary>
    public NetworkShape Shape => Weights.Shape;

    /// <summary>The parameters.</summary>
    public ReferenceParameters<T> Weights { get; } = weights;

    /// <summary>The loss's gradients, summed over the chunk and not clipped; written by <see cref="Backward"/>.</summary>
    public ReferenceParameters<T> Gradients { get; } = new(weights.Shape);

    /// <summary>AdaGrad's sums of squared gradients; written by <see cref="Update"/>.</summary>
    public ReferenceParameters<T> AdagradSums { get; } = new(weights.Shape);

    /// <summary>The states, [T + 1] rows of m: row 0 is h_0, the state carried in, and row t is h_t.</summary>
    public T[][] h { get; private set; } = [new T[weights.Shape.HiddenSize]];

    /// <summary>The arguments of tanh, [T] rows of m: row t - 1 is a_t.</summary>
    public T[][] a { get; private set; } = [];

    /// <summary>The logits, [T] rows of K: row t - 1 is o_t.</summary>
    public T[][] o { get; private set; } = [];

    /// <summary>The probabilities, [T] rows of K: row t - 1 is p_t.</summary>
    public T[][] p { get; private set; } = [];

    /// <summary>The loss's gradient in h_0, m elements: what a chunk hands back to the one before it. Written by <see cref="Backward"/>.</summary>
    public T[] InitialHiddenGradient { get; private set; } = new T[weights.Shape.HiddenSize];

    /// <summary>A network on a copy of a network's weights, rounded to this number type.</summary>
    public static ReferenceNetwork<T> From<TWeight>(NetworkWeights<TWeight> weights)
        where TWeight : unmanaged, IBinaryFloatingPointIeee754<TWeight> => new(ReferenceParameters<T>.From(weights));

    /// <summary>Sets h_0.</summary>
    /// <param name="source">m elements.</param>
    public void SetHidden(ReadOnlySpan<T> source) => source.CopyTo(h[0]);

    /// <summary>h_0 of the next chunk is the last state of this one.</summary>
    public void CarryHidden() => h[^1].CopyTo(h[0], 0);

    /// <summary>Runs a chunk from h_0.</summary>
    /// <param name="x">T indices of the characters read, each below K.</param>
    /// <param name="y">T indices of the characters to predict.</param>
    /// <returns>The loss -sum_t log p_t[y_t], in nats.</returns>
    /// <exception cref="ArgumentException">x and y differ in length.</exception>
    public T Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        ForwardHidden(x);
        return ForwardLogits(y);
    }

    /// <summary>The first half of <see cref="Forward"/>, which reads W, U and b: a_t = W h_{t-1} + U x_t + b, h_t = tanh(a_t).</summary>
    public void ForwardHidden(ReadOnlySpan<int> x)
    {
        Resize(x.Length);
        _x = x.ToArray();
        for (var t = 0; t < x.Length; t++)
        {
            for (var i = 0; i < _m; i++)
            {
                a[t][i] = Dot(Weights.W.AsSpan(i * _m, _m), h[t]) + Weights.U[(i * _k) + x[t]] + Weights.b[i];
                h[t + 1][i] = RealFunctions.Tanh(a[t][i]);
            }
        }
    }

    /// <summary>The second half, which reads V and c and the states as they are: o_t = V h_t + c, p_t = softmax(o_t), and the loss.</summary>
    public T ForwardLogits(ReadOnlySpan<int> y)
    {
        if (y.Length != _x.Length)
        {
            throw new ArgumentException($"A chunk has as many characters to predict as to read; this has {_x.Length} and {y.Length}.");
        }

        _y = y.ToArray();
        var loss = default(T);
        for (var t = 0; t < y.Length; t++)
        {
            for (var i = 0; i < _k; i++)
            {
                o[t][i] = Dot(Weights.V.AsSpan(i * _m, _m), h[t + 1]) + Weights.c[i];
            }

            loss += LogSumExp(o[t], p[t]) - o[t][y[t]];
        }

        return loss;
    }

    /// <summary>
    /// The gradients of the last <see cref="Forward"/>, last time step first: g_t = p_t - onehot(y_t),
    /// dh_t = V' g_t + W' dz_{t+1}, dz_t = dh_t (1 - h_t^2), dV = sum g_t h_t', dc = sum g_t, dW = sum dz_t h_{t-1}',
    /// dU = sum dz_t x_t', db = sum dz_t.
    /// </summary>
    /// <param name="laterHiddenGradient">
    /// What the chunk after this one hands back: its loss's gradient in h_T. Empty for truncated backpropagation, as in training.
    /// </param>
    public void Backward(ReadOnlySpan<T> laterHiddenGradient = default)
    {
        Gradients.Clear();
        var carried = new T[_m];
        laterHiddenGradient.CopyTo(carried);
        var (g, dz) = (new T[_k], new T[_m]);
        for (var t = _x.Length - 1; t >= 0; t--)
        {
            p[t].CopyTo(g, 0);
            g[_y[t]] -= RealFunctions.FromDouble<T>(1);
            AddOuterProduct(Gradients.V, g, h[t + 1]);
            Add(Gradients.c, g);

            for (var i = 0; i < _m; i++)
            {
                var dh = carried[i] + DotColumn(Weights.V, _m, i, g);
                dz[i] = dh * (RealFunctions.FromDouble<T>(1) - (h[t + 1][i] * h[t + 1][i]));
            }

            AddOuterProduct(Gradients.W, dz, h[t]);
            Add(Gradients.b, dz);
            for (var i = 0; i < _m; i++)
            {
                Gradients.U[(i * _k) + _x[t]] += dz[i];
                carried[i] = DotColumn(Weights.W, _m, i, dz);
            }
        }

        InitialHiddenGradient = carried;
    }

    /// <summary>Clips each element of a copy of the gradients and applies AdaGrad: G += g g; theta -= eta g / sqrt(G + 1e-8).</summary>
    /// <param name="eta">The learning rate.</param>
    /// <param name="clip">The largest magnitude of a gradient element; positive infinity switches clipping off.</param>
    public void Update(double eta, double clip)
    {
        var (rate, most, epsilon) = (RealFunctions.FromDouble<T>(eta), RealFunctions.FromDouble<T>(clip), RealFunctions.FromDouble<T>(AdagradRule<T>.Epsilon));
        foreach (var ((weight, gradient), sum) in Weights.Tensors.Zip(Gradients.Tensors).Zip(AdagradSums.Tensors))
        {
            for (var i = 0; i < weight.Values.Length; i++)
            {
                var g = gradient.Values[i];
                g = g > most ? most : g < -most ? -most : g;
                sum.Values[i] += g * g;
                weight.Values[i] -= rate * g / RealFunctions.Sqrt(sum.Values[i] + epsilon);
            }
        }
    }

    /// <summary>log sum_k exp(o_k), and the probabilities; the largest logit is taken out, so that nothing overflows.</summary>
    private static T LogSumExp(T[] o, T[] p)
    {
        // As a constant: the loss and its derivatives do not depend on what is taken out.
        var largest = RealFunctions.FromDouble<T>(o.Max(RealFunctions.ToDouble));
        var sum = default(T);
        for (var i = 0; i < o.Length; i++)
        {
            p[i] = RealFunctions.Exp(o[i] - largest);
            sum += p[i];
        }

        for (var i = 0; i < o.Length; i++)
        {
            p[i] /= sum;
        }

        return RealFunctions.Log(sum) + largest;
    }

    private static T Dot(ReadOnlySpan<T> row, T[] vector)
    {
        var sum = default(T);
        for (var i = 0; i < row.Length; i++)
        {
            sum += row[i] * vector[i];
        }

        return sum;
    }

    private static T DotColumn(T[] matrix, int columns, int column, T[] vector)
    {
        var sum = default(T);
        for (var i = 0; i < vector.Length; i++)
        {
            sum += matrix[(i * columns) + column] * vector[i];
        }

        return sum;
    }

    private static void AddOuterProduct(T[] matrix, T[] rows, T[] columns)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < columns.Length; j++)
            {
                matrix[(i * columns.Length) + j] += rows[i] * columns[j];
            }
        }
    }

    private static void Add(T[] sum, T[] terms)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += terms[i];
        }
    }

    private void Resize(int steps)
    {
        if (a.Length == steps)
        {
            return;
        }

        h = [h[0], .. Rows(steps, _m)];
        a = Rows(steps, _m);
        o = Rows(steps, _k);
        p = Rows(steps, _k);
    }

    private static T[][] Rows(int count, int length)
    {
        var rows = new T[count][];
        for (var t = 0; t < count; t++)
        {
            rows[t] = new T[length];
        }

        return rows;
    }
}
