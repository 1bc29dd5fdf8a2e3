using System.Numerics;
using CharRnn.Kernels;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Benchmarks;

/// <summary>The parts of an update on one set of kernels; each works on what the ones before it left.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed unsafe class KernelParts<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedArena<T> _arena;

    /// <summary>Parts on random weights.</summary>
    /// <param name="kernels">The kernels to run on.</param>
    /// <param name="steps">T.</param>
    /// <param name="text">T + 1 characters.</param>
    /// <param name="offset">How many elements every matrix lies past a 64-byte boundary.</param>
    public KernelParts(RecurrentKernels<T> kernels, int steps, int[] text, int offset = 0)
    {
        var layout = kernels.Layout;
        var (m, k, t) = (layout.Shape.HiddenSize, layout.Shape.VocabularySize, steps);
        var (hs, ks) = ((long)layout.HiddenStride, (long)layout.VocabularyStride);
        long[] lengths = [layout.LengthOfW, k * hs, hs, m * ks, k * hs, ks, layout.LengthOfW, k * hs, hs, m * ks, ks, (t + 1) * hs, t * ks, t * hs, (long)t * layout.SpreadStride];
        _arena = new AlignedArena<T>(Array.ConvertAll(lengths, length => length + offset));
        var blocks = Array.ConvertAll(lengths, length => new Memory(_arena.Take(length + offset) + offset, (int)length));
        var (w, u, b, vt, v, c) = (blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5]);
        var (wSums, uSums, bSums, vtSums, cSums) = (blocks[6], blocks[7], blocks[8], blocks[9], blocks[10]);
        var (h, o, dh, spread) = (blocks[11], blocks[12], blocks[13], blocks[14]);
        Draw(layout, w, vt);
        c.Span[k..].Fill(T.NegativeInfinity);
        var (next, first) = (new int[t], new int[k]);
        Array.Fill(first, -1);
        var (x, y) = (text[..t], text[1..(t + 1)]);
        var rule = new AdagradRule<T>(T.CreateChecked(1e-6), T.CreateChecked(5));

        All =
        [
            () => kernels.Forward(w.Span, u.Span, b.Span, h.Span, x),
            () => kernels.Logits(vt.Span, c.Span, h.Span, o.Span, t),
            () => kernels.SoftmaxLoss(o.Span, y),
            () => kernels.HiddenGradient(v.Span, o.Span, dh.Span, t),
            () => kernels.Backward(w.Span, h.Span, dh.Span, t),
            () => kernels.UpdateV(h.Span, o.Span, vt.Span, vtSums.Span, v.Span, t, rule),
            () => kernels.UpdateW(dh.Span, h.Span, w.Span, wSums.Span, spread.Span, t, rule),
            () => kernels.UpdateU(dh.Span, x, u.Span, uSums.Span, next, first, rule),
            () => kernels.UpdateBiases(dh.Span, b.Span, bSums.Span, o.Span, c.Span, cSums.Span, t, rule),
        ];
    }

    /// <summary>The parts in the order of <see cref="UpdatePart.All"/>; valid until this is disposed.</summary>
    public IReadOnlyList<Action> All { get; }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

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

    private readonly struct Memory(T* start, int length)
    {
        private readonly T* _start = start;

        public Span<T> Span => new(_start, length);
    }
}
