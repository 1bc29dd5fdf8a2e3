using System.Numerics;
using System.Runtime.Intrinsics;
using CharRnn.Kernels;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Registers;

namespace CharRnn.Rnn.Training;

/// <summary>
/// The network of the textbooks in training, one vanilla layer, one stream, AdaGrad: its parameters, AdaGrad's sums and one chunk's
/// states, in native memory in the kernels' layout. Forward stands beside backward; each is a few kernel calls on spans.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed unsafe class VanillaNetwork<T> : Network<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedArena<T> _arena;
    private readonly int _hiddenStride;
    private readonly int _vocabularyStride;
    private readonly Block _w, _u, _vt, _v, _b, _c;
    private readonly Block _wSums, _uSums, _vtSums, _bSums, _cSums;
    private readonly Block _h, _o, _dh, _spread;
    private readonly int[] _x, _next, _first;
    private int _steps;
    private bool _isDisposed;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="sequenceLength">The most characters in a chunk.</param>
    /// <param name="kernels">The kernels to run on; null takes the best for the shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="OutOfMemoryException">The system does not give the memory.</exception>
    public VanillaNetwork(NetworkShape shape, int sequenceLength, RecurrentKernels<T>? kernels = null)
        : base(shape, sequenceLength, NetworkOptions.Default)
    {
        if (!shape.IsVanilla)
        {
            throw new ArgumentException($"These kernels are for one vanilla layer, not for {shape}.", nameof(shape));
        }

        Kernels = kernels ?? CompiledKernels.Best<T>(shape);
        (_hiddenStride, _vocabularyStride) = (Kernels.Layout.HiddenStride, Kernels.Layout.VocabularyStride);

        var (m, k) = (shape.HiddenSize, shape.VocabularySize);
        var sizes = new long[]
        {
            Kernels.Layout.LengthOfW, (long)k * _hiddenStride, (long)m * _vocabularyStride, (long)k * _hiddenStride, _hiddenStride, _vocabularyStride,
            Kernels.Layout.LengthOfW, (long)k * _hiddenStride, (long)m * _vocabularyStride, _hiddenStride, _vocabularyStride,
            (sequenceLength + 1L) * _hiddenStride, (long)sequenceLength * _vocabularyStride, (long)sequenceLength * _hiddenStride,
            (long)sequenceLength * Kernels.Layout.SpreadStride,
        };
        _arena = new AlignedArena<T>(sizes);
        var blocks = Array.ConvertAll(sizes, size => new Block(_arena.Take(size), checked((int)size)));
        (_w, _u, _vt, _v, _b, _c) = (blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5]);
        (_wSums, _uSums, _vtSums, _bSums, _cSums) = (blocks[6], blocks[7], blocks[8], blocks[9], blocks[10]);
        (_h, _o, _dh, _spread) = (blocks[11], blocks[12], blocks[13], blocks[14]);
        _c.Span[k..].Fill(T.NegativeInfinity);
        (_x, _next, _first) = (new int[sequenceLength], new int[sequenceLength], new int[k]);
        _first.AsSpan().Fill(-1);
    }

    /// <summary>The kernels that this network runs on.</summary>
    public RecurrentKernels<T> Kernels { get; }

    /// <inheritdoc/>
    public override string KernelName => Kernels.Name;

    /// <inheritdoc/>
    public override string InstructionSet => Kernels.InstructionSet;

    /// <inheritdoc/>
    public override double Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (x.Length == 0 || x.Length > SequenceLength || x.Length != y.Length)
        {
            throw new ArgumentException($"A chunk has 1 to {SequenceLength} characters and as many to predict; this has {x.Length} and {y.Length}.");
        }

        // A chunk that the kernels refuse is none to backpropagate.
        _steps = 0;
        Kernels.Forward(_w.Span, _u.Span, _b.Span, _h.Span, x);
        Kernels.Logits(_vt.Span, _c.Span, _h.Span, _o.Span, x.Length);
        var loss = Kernels.SoftmaxLoss(_o.Span, y);
        x.CopyTo(_x);
        _steps = x.Length;
        return loss;
    }

    /// <inheritdoc/>
    public override void BackwardAndUpdate(double eta, double clip)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_steps == 0)
        {
            throw new InvalidOperationException("Run Forward on a chunk first; each chunk is backpropagated once.");
        }

        var rule = new AdagradRule<T>(T.CreateChecked(eta), T.CreateChecked(clip));
        Kernels.HiddenGradient(_v.Span, _o.Span, _dh.Span, _steps);
        Kernels.Backward(_w.Span, _h.Span, _dh.Span, _steps);
        Kernels.UpdateV(_h.Span, _o.Span, _vt.Span, _vtSums.Span, _v.Span, _steps, rule);
        Kernels.UpdateW(_dh.Span, _h.Span, _w.Span, _wSums.Span, _spread.Span, _steps, rule);
        Kernels.UpdateU(_dh.Span, Inputs, _u.Span, _uSums.Span, _next, _first, rule);
        Kernels.UpdateBiases(_dh.Span, _b.Span, _bSums.Span, _o.Span, _c.Span, _cSums.Span, _steps, rule);
        CarryHidden();
        Updates++;
    }

    /// <inheritdoc/>
    public override void CarryHidden()
    {
        _h.Span.Slice(_steps * _hiddenStride, _hiddenStride).CopyTo(_h.Span);
        _steps = 0;
    }

    /// <inheritdoc/>
    public override void ResetHidden() => _h.Span[.._hiddenStride].Clear();

    /// <inheritdoc/>
    public override void CopyHidden(Span<T> destination) => _h.Span[..Shape.HiddenSize].CopyTo(destination);

    /// <inheritdoc/>
    public override ReadOnlySpan<T> StateAfter(int step) => _h.Span.Slice(step * _hiddenStride, Shape.HiddenSize);

    /// <inheritdoc/>
    public override void SetHidden(ReadOnlySpan<T> source)
    {
        if (source.Length != Shape.HiddenSize)
        {
            throw new ArgumentException($"The hidden state has {Shape.HiddenSize} elements, not {source.Length}.");
        }

        ResetHidden();
        source.CopyTo(_h.Span);
    }

    /// <inheritdoc/>
    public override void Step(int x, Span<T> logits)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _steps = 0;
        Kernels.Forward(_w.Span, _u.Span, _b.Span, _h.Span, [x]);
        if (!logits.IsEmpty)
        {
            Kernels.Logits(_vt.Span, _c.Span, _h.Span, _o.Span, 1);
            _o.Span[..Shape.VocabularySize].CopyTo(logits);
        }

        _steps = 1;
        CarryHidden();
    }

    /// <inheritdoc/>
    public override void Load(NetworkWeights<T> weights, params IReadOnlyList<NetworkWeights<T>>? slots)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var adagradSums = slots is [var given, ..] ? given : new NetworkWeights<T>(Shape);
        if (weights.Shape != Shape || adagradSums.Shape != Shape)
        {
            throw new ArgumentException($"The weights are of shape {weights.Shape}, the network of {Shape}.");
        }

        Import(weights.Vanilla, _w, _u, _vt, _b, _c);
        _c.Span[Shape.VocabularySize..].Fill(T.NegativeInfinity);
        Import(adagradSums.Vanilla, _wSums, _uSums, _vtSums, _bSums, _cSums);
        Kernels.Transpose(_vt.Span, _v.Span);
    }

    /// <inheritdoc/>
    public override void ExportWeights(NetworkWeights<T> weights) => Export(weights, _w, _u, _vt, _b, _c);

    /// <inheritdoc/>
    public override void ExportSlots(IReadOnlyList<NetworkWeights<T>> slots) => Export(slots[0], _wSums, _uSums, _vtSums, _bSums, _cSums);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isDisposed = true;
        _arena.Dispose();
    }

    private ReadOnlySpan<int> Inputs => _x.AsSpan(0, _steps);

    private void Import(VanillaTensors<T> from, Block w, Block u, Block vt, Block b, Block c)
    {
        var (m, k) = (Shape.HiddenSize, Shape.VocabularySize);

        // The padding too: after an update that overflowed it may hold what zero times infinity gave.
        foreach (var block in (Block[])[w, u, vt, b, c])
        {
            block.Span.Clear();
        }

        for (var row = 0; row < m; row++)
        {
            CopyRow(from.W.AsSpan(row * m, m), w.Span, row, intoBlocks: true);
        }

        CopyColumns(from.U, m, k, u.Span, _hiddenStride);
        CopyColumns(from.V, k, m, vt.Span, _vocabularyStride);
        from.b.CopyTo(b.Span);
        from.c.CopyTo(c.Span);
    }

    private void Export(NetworkWeights<T> weights, Block w, Block u, Block vt, Block b, Block c)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var to = weights.Vanilla;
        var (m, k) = (Shape.HiddenSize, Shape.VocabularySize);
        for (var row = 0; row < m; row++)
        {
            CopyRow(to.W.AsSpan(row * m, m), w.Span, row, intoBlocks: false);
        }

        fixed (T* targetU = to.U, targetV = to.V)
        {
            Transposition.Copy(u.Pointer, k, m, _hiddenStride, targetU, k);
            Transposition.Copy(vt.Pointer, m, k, _vocabularyStride, targetV, m);
        }

        b.Span[..m].CopyTo(to.b);
        c.Span[..k].CopyTo(to.c);
    }

    private void CopyRow(Span<T> plain, Span<T> w, int row, bool intoBlocks)
    {
        // C elements at a time; a copy of 128 bits is worth more than one of so few elements.
        var (columns, lanes) = (Kernels.Layout.BlockColumns, Kernels.Layout.Lanes);
        var blocked = w[(int)Kernels.Layout.IndexOfW(row, 0)..];
        for (int column = 0, at = 0; column < plain.Length; column += columns, at += lanes)
        {
            var count = Math.Min(columns, plain.Length - column);
            var source = intoBlocks ? plain.Slice(column, count) : blocked.Slice(at, count);
            var target = intoBlocks ? blocked.Slice(at, count) : plain.Slice(column, count);
            if (count == Vector128<T>.Count)
            {
                Vector128.Create<T>(source).CopyTo(target);
            }
            else
            {
                source.CopyTo(target);
            }
        }
    }

    private static void CopyColumns(T[] source, int rows, int columns, Span<T> target, int stride)
    {
        fixed (T* from = source, to = target)
        {
            Transposition.Copy(from, rows, columns, columns, to, stride);
        }
    }

    /// <summary>An address in the arena with its length; a span cannot be a field.</summary>
    private readonly struct Block(T* pointer, int length)
    {
        public T* Pointer { get; } = pointer;

        public Span<T> Span => new(Pointer, length);
    }
}
