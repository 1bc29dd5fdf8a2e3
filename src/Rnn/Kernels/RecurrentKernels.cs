using System.Numerics;

namespace CharRnn.Rnn.Kernels;

/// <summary>
/// The eight steps of one update, for one shape, element type and register width; the bodies are written by the source
/// generator. Matrices are in <see cref="RecurrentLayout"/>; time step t of T = x.Length reads h row t and writes row t + 1.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public abstract unsafe partial class RecurrentKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Called by the emitted classes.</summary>
    protected RecurrentKernels(RecurrentLayout layout, string instructionSet, bool isFixedSize)
    {
        Layout = layout;
        InstructionSet = instructionSet;
        IsFixedSize = isFixedSize;
    }

    /// <summary>The strides and the padding that these kernels read and write.</summary>
    public RecurrentLayout Layout { get; }

    /// <summary>The register form the bodies are written for: Vector512, Vector256, Vector128 or Scalar.</summary>
    public string InstructionSet { get; }

    /// <summary>Whether m and K are constants of the code, or run-time values.</summary>
    public bool IsFixedSize { get; }

    /// <summary>For messages: <c>fixed 100x80, float, Vector512</c>.</summary>
    public string Name => $"{(IsFixedSize ? "fixed" : "run-time")} {Layout.Shape}, {(typeof(T) == typeof(float) ? "single" : "double")}, {InstructionSet}";

    /// <summary>h_{t+1} = tanh(W h_t + U[:, x_t] + b) for each time step in turn.</summary>
    /// <param name="W">In blocks, as the layout says.</param>
    /// <param name="U">By column: [K] rows of m.</param>
    /// <param name="b">One row of m.</param>
    /// <param name="h">[T + 1] rows of m; row 0 is read, the others written.</param>
    /// <param name="x">T indices of characters, each below K.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short, or an index is not below K.</exception>
    public void Forward(ReadOnlySpan<T> W, ReadOnlySpan<T> U, ReadOnlySpan<T> b, Span<T> h, ReadOnlySpan<int> x)
    {
        Elements(W.Length, Layout.LengthOfW);
        Rows(U.Length, Vocabulary, Layout.HiddenStride);
        Rows(b.Length, 1, Layout.HiddenStride);
        Rows(x.Length, x.Length, 1);
        Rows(h.Length, x.Length + 1, Layout.HiddenStride);
        Indices(x);
        fixed (T* w = W, u = U, bias = b, states = h)
        fixed (int* inputs = x)
        {
            Forward(w, u, bias, states, inputs, x.Length);
        }
    }

    /// <summary>o_t = V h_{t+1} + c: a product over all time steps at once.</summary>
    /// <param name="VT">V', [m] rows of K.</param>
    /// <param name="c">One row of K.</param>
    /// <param name="h">[steps + 1] rows of m; row 0 is not read.</param>
    /// <param name="o">The logits, [steps] rows of K, written.</param>
    /// <param name="steps">T.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void Logits(ReadOnlySpan<T> VT, ReadOnlySpan<T> c, ReadOnlySpan<T> h, Span<T> o, int steps)
    {
        Rows(VT.Length, Hidden, Layout.VocabularyStride);
        Rows(c.Length, 1, Layout.VocabularyStride);
        Rows(h.Length, steps + 1, Layout.HiddenStride);
        Rows(o.Length, steps, Layout.VocabularyStride);
        fixed (T* v = VT, bias = c, states = h, logits = o)
        {
            Logits(v, bias, states, logits, steps);
        }
    }

    /// <summary>The loss -sum_t log p_t[y_t] in nats, and its gradient p_t - onehot(y_t) in the logits' place.</summary>
    /// <param name="o">The logits, [T] rows of K; becomes the gradient g.</param>
    /// <param name="y">T indices of the characters to predict, each below K.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short, or an index is not below K.</exception>
    public double SoftmaxLoss(Span<T> o, ReadOnlySpan<int> y)
    {
        Rows(o.Length, y.Length, Layout.VocabularyStride);
        Indices(y);
        fixed (T* logits = o)
        fixed (int* targets = y)
        {
            return SoftmaxLoss(logits, targets, y.Length);
        }
    }

    /// <summary>dh_t = V' g_t: the part of the hidden state's gradient that comes from the same time step's logits.</summary>
    /// <param name="V">[K] rows of m.</param>
    /// <param name="g">[steps] rows of K.</param>
    /// <param name="dh">[steps] rows of m, written.</param>
    /// <param name="steps">T.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void HiddenGradient(ReadOnlySpan<T> V, ReadOnlySpan<T> g, Span<T> dh, int steps)
    {
        Rows(V.Length, Vocabulary, Layout.HiddenStride);
        Rows(g.Length, steps, Layout.VocabularyStride);
        Rows(dh.Length, steps, Layout.HiddenStride);
        fixed (T* v = V, logits = g, hidden = dh)
        {
            HiddenGradient(v, logits, hidden, steps);
        }
    }

    /// <summary>Back through time: dz_t = (dh_t + W' dz_{t+1}) (1 - h_{t+1}^2), last time step first.</summary>
    /// <param name="W">In blocks, as the layout says.</param>
    /// <param name="h">[steps + 1] rows of m.</param>
    /// <param name="dh">[steps] rows of m; becomes dz, the gradient of a.</param>
    /// <param name="steps">T.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void Backward(ReadOnlySpan<T> W, ReadOnlySpan<T> h, Span<T> dh, int steps)
    {
        Elements(W.Length, Layout.LengthOfW);
        Rows(h.Length, steps + 1, Layout.HiddenStride);
        Rows(dh.Length, steps, Layout.HiddenStride);
        fixed (T* w = W, states = h, hidden = dh)
        {
            Backward(w, states, hidden, steps);
        }
    }

    /// <summary>dV = sum_t g_t h_{t+1}', clipped and applied by AdaGrad to V', and V renewed from it.</summary>
    /// <param name="h">[steps + 1] rows of m; row 0 is not read.</param>
    /// <param name="g">[steps] rows of K.</param>
    /// <param name="VT">V', [m] rows of K, updated.</param>
    /// <param name="sums">AdaGrad's sums of V', laid out as V', updated.</param>
    /// <param name="V">[K] rows of m: the transposed copy, written.</param>
    /// <param name="steps">T.</param>
    /// <param name="rule">eta and clip; or none, then the gradient is stored in the place of what would be updated.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void UpdateV(ReadOnlySpan<T> h, ReadOnlySpan<T> g, Span<T> VT, Span<T> sums, Span<T> V, int steps, AdagradRule<T> rule)
    {
        Rows(h.Length, steps + 1, Layout.HiddenStride);
        Rows(g.Length, steps, Layout.VocabularyStride);
        Rows(VT.Length, Hidden, Layout.VocabularyStride);
        Rows(sums.Length, Hidden, Layout.VocabularyStride);
        Rows(V.Length, Vocabulary, Layout.HiddenStride);
        fixed (T* states = h, logits = g, v = VT, s = sums, copy = V)
        {
            UpdateV(states, logits, v, s, steps, rule);
            if (!rule.IsNone)
            {
                Transpose(v, copy);
            }
        }
    }

    /// <summary>V from V': the copy that <see cref="HiddenGradient(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, int)"/> reads.</summary>
    /// <param name="VT">V', [m] rows of K.</param>
    /// <param name="V">[K] rows of m, written, its padding too.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void Transpose(ReadOnlySpan<T> VT, Span<T> V)
    {
        Rows(VT.Length, Hidden, Layout.VocabularyStride);
        Rows(V.Length, Vocabulary, Layout.HiddenStride);
        fixed (T* v = VT, copy = V)
        {
            Transpose(v, copy);
        }
    }

    /// <summary>dW = sum_t dz_t h_t', clipped and applied by AdaGrad.</summary>
    /// <param name="dz">[steps] rows of m.</param>
    /// <param name="h">[steps + 1] rows of m; the last row is not read.</param>
    /// <param name="W">In blocks, as the layout says; updated.</param>
    /// <param name="sums">AdaGrad's sums of W, updated.</param>
    /// <param name="spread">Scratch, [steps] rows of the layout's <see cref="RecurrentLayout.SpreadStride"/>.</param>
    /// <param name="steps">T.</param>
    /// <param name="rule">eta and clip; or none, then the gradient is stored in the place of what would be updated.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void UpdateW(ReadOnlySpan<T> dz, ReadOnlySpan<T> h, Span<T> W, Span<T> sums, Span<T> spread, int steps, AdagradRule<T> rule)
    {
        Rows(dz.Length, steps, Layout.HiddenStride);
        Rows(h.Length, steps, Layout.HiddenStride);
        Elements(W.Length, Layout.LengthOfW);
        Elements(sums.Length, Layout.LengthOfW);
        Rows(spread.Length, steps, Layout.SpreadStride);
        fixed (T* gradient = dz, states = h, w = W, s = sums, scratch = spread)
        {
            UpdateW(gradient, states, w, s, scratch, steps, rule);
        }
    }

    /// <summary>
    /// dU[:, k] = sum of dz_t over the time steps whose input is k, clipped and applied by AdaGrad. A character that does
    /// not occur has gradient zero, which leaves its column and sums as they are to the bit: it is not touched.
    /// </summary>
    /// <param name="dz">[T] rows of m.</param>
    /// <param name="x">T indices of characters, each below K.</param>
    /// <param name="U">By column: [K] rows of m, updated.</param>
    /// <param name="sums">AdaGrad's sums of U, updated.</param>
    /// <param name="next">Scratch for T numbers.</param>
    /// <param name="first">Scratch for K numbers, all -1 before and after.</param>
    /// <param name="rule">eta and clip; or none, then the gradient is stored in the place of what would be updated.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short, or an index is not below K.</exception>
    public void UpdateU(ReadOnlySpan<T> dz, ReadOnlySpan<int> x, Span<T> U, Span<T> sums, Span<int> next, Span<int> first, AdagradRule<T> rule)
    {
        Rows(dz.Length, x.Length, Layout.HiddenStride);
        Rows(U.Length, Vocabulary, Layout.HiddenStride);
        Rows(sums.Length, Vocabulary, Layout.HiddenStride);
        Rows(next.Length, x.Length, 1);
        Rows(first.Length, Vocabulary, 1);
        Indices(x);

        // Chain the time steps of each character, earliest first.
        for (var t = x.Length - 1; t >= 0; t--)
        {
            next[t] = first[x[t]];
            first[x[t]] = t;
        }

        fixed (T* gradient = dz, u = U, s = sums)
        fixed (int* chain = next)
        {
            for (var t = 0; t < x.Length; t++)
            {
                if (first[x[t]] == t)
                {
                    var column = (nint)x[t] * Layout.HiddenStride;
                    UpdateColumn(gradient, t, chain, u + column, s + column, rule);
                }
            }
        }

        foreach (var character in x)
        {
            first[character] = -1;
        }
    }

    /// <summary>db = sum_t dz_t and dc = sum_t g_t, clipped and applied by AdaGrad.</summary>
    /// <param name="dz">[steps] rows of m.</param>
    /// <param name="b">One row of m, updated.</param>
    /// <param name="bSums">AdaGrad's sums of b, updated.</param>
    /// <param name="g">[steps] rows of K.</param>
    /// <param name="c">One row of K, updated.</param>
    /// <param name="cSums">AdaGrad's sums of c, updated.</param>
    /// <param name="steps">T.</param>
    /// <param name="rule">eta and clip; or none, then the gradient is stored in the place of what would be updated.</param>
    /// <exception cref="ArgumentException">There is no time step, a span is too short.</exception>
    public void UpdateBiases(ReadOnlySpan<T> dz, Span<T> b, Span<T> bSums, ReadOnlySpan<T> g, Span<T> c, Span<T> cSums, int steps, AdagradRule<T> rule)
    {
        Rows(dz.Length, steps, Layout.HiddenStride);
        Rows(Math.Min(b.Length, bSums.Length), 1, Layout.HiddenStride);
        Rows(g.Length, steps, Layout.VocabularyStride);
        Rows(Math.Min(c.Length, cSums.Length), 1, Layout.VocabularyStride);
        fixed (T* hidden = dz, bias = b, biasSums = bSums, logits = g, output = c, outputSums = cSums)
        {
            UpdateRow(hidden, steps, Layout.HiddenStride, bias, biasSums, rule);
            UpdateRow(logits, steps, Layout.VocabularyStride, output, outputSums, rule);
        }
    }

#pragma warning disable CS1591 // the public members above say what each does
    protected abstract void Forward(T* W, T* U, T* b, T* h, int* x, int steps);

    protected abstract void Logits(T* VT, T* c, T* h, T* o, int steps);

    protected abstract double SoftmaxLoss(T* o, int* y, int steps);

    protected abstract void HiddenGradient(T* V, T* g, T* dh, int steps);

    protected abstract void Backward(T* W, T* h, T* dh, int steps);

    protected abstract void UpdateV(T* h, T* g, T* VT, T* sums, int steps, AdagradRule<T> rule);

    protected abstract void Transpose(T* VT, T* V);

    protected abstract void UpdateW(T* dz, T* h, T* W, T* sums, T* spread, int steps, AdagradRule<T> rule);

    protected abstract void UpdateColumn(T* dz, int t, int* next, T* column, T* sums, AdagradRule<T> rule);

    protected abstract void UpdateRow(T* rows, int steps, int stride, T* weights, T* sums, AdagradRule<T> rule);
#pragma warning restore CS1591

    private int Hidden => Layout.Shape.HiddenSize;

    private int Vocabulary => Layout.Shape.VocabularySize;

    private static void Rows(int length, int rows, int stride)
    {
        // Kernels start from the last row: with none they would begin outside.
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        Elements(length, (long)rows * stride);
    }

    private static void Elements(int length, long needed)
    {
        if (length < needed)
        {
            throw new ArgumentException($"A matrix of {needed} elements, padding included, does not fit a span of {length}.");
        }
    }

    private void Indices(ReadOnlySpan<int> indices)
    {
        foreach (var index in indices)
        {
            if ((uint)index >= (uint)Vocabulary)
            {
                throw new ArgumentException($"Character index {index} is not below the vocabulary size {Vocabulary}.");
            }
        }
    }
}
