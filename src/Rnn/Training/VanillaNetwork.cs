using System.Numerics;
using System.Runtime.Intrinsics;
using CharRnn.Kernels;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Registers;

namespace CharRnn.Rnn.Training;

/// <summary>
/// The network of the textbooks in training, one vanilla layer, one stream: its parameters, the optimiser's slots and one chunk's
/// states, in native memory in the kernels' layout. Forward stands beside backward; each is a few kernel calls on spans. AdaGrad is
/// part of those kernels; any other rule is one pass over the gradients that they leave.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed unsafe class VanillaNetwork<T> : Network<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedArena<T> _arena;
    private readonly int _hiddenStride;
    private readonly int _vocabularyStride;
    private readonly Parameters _weights, _gradients;
    private readonly Parameters[] _slots;
    private readonly Block _v, _h, _o, _dh, _spread;
    private readonly OptimizerRule _rule;
    private readonly OptimizerKernels<T> _ruleKernels;
    private readonly int[] _x, _next, _first;
    private int _steps;
    private bool _isDisposed;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="sequenceLength">The most characters in a chunk.</param>
    /// <param name="kernels">The kernels to run on; null takes the best for the shape.</param>
    /// <param name="options">How it is trained; null for the exercise of the textbooks.</param>
    /// <exception cref="ArgumentException">There are more layers or streams than one, or dropout.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="OutOfMemoryException">The system does not give the memory.</exception>
    public VanillaNetwork(NetworkShape shape, int sequenceLength, RecurrentKernels<T>? kernels = null, NetworkOptions? options = null)
        : base(shape, sequenceLength, options ?? NetworkOptions.Default)
    {
        if (!IsFor(shape, Options))
        {
            throw new ArgumentException($"These kernels are for one vanilla layer and one stream without dropout, not for {shape}.", nameof(shape));
        }

        Kernels = kernels ?? CompiledKernels.Best<T>(shape);
        (_hiddenStride, _vocabularyStride) = (Kernels.Layout.HiddenStride, Kernels.Layout.VocabularyStride);

        _rule = BuiltInRules.Create(Options.Optimizer);
        _ruleKernels = _rule.Kernels<T>().First(rules => rules.InstructionSet == Kernels.InstructionSet);

        var (m, k) = (shape.HiddenSize, shape.VocabularySize);
        long[] parameters = [Kernels.Layout.LengthOfW, (long)k * _hiddenStride, (long)m * _vocabularyStride, _hiddenStride, _vocabularyStride];
        long[] sizes = [(long)k * _hiddenStride, (sequenceLength + 1L) * _hiddenStride, (long)sequenceLength * _vocabularyStride, (long)sequenceLength * _hiddenStride, (long)sequenceLength * Kernels.Layout.SpreadStride];
        var copies = 1 + _rule.Slots.Count + (Options.IsClassic ? 0 : 1);
        _arena = new AlignedArena<T>([.. Enumerable.Repeat(parameters, copies).SelectMany(lengths => lengths), .. sizes]);
        _weights = TakeParameters();
        _slots = [.. _rule.Slots.Select(_ => TakeParameters())];
        _gradients = Options.IsClassic ? default : TakeParameters();
        (_v, _h, _o, _dh, _spread) = (Take(sizes[0]), Take(sizes[1]), Take(sizes[2]), Take(sizes[3]), Take(sizes[4]));
        _weights.c.Span[k..].Fill(T.NegativeInfinity);
        (_x, _next, _first) = (new int[sequenceLength], new int[sequenceLength], new int[k]);
        _first.AsSpan().Fill(-1);

        Block Take(long length) => new(_arena.Take(length), checked((int)length));

        Parameters TakeParameters() => new(Take(parameters[0]), Take(parameters[1]), Take(parameters[2]), Take(parameters[3]), Take(parameters[4]));
    }

    /// <summary>Whether these kernels are made for such a network.</summary>
    public static bool IsFor(NetworkShape shape, NetworkOptions options) => shape.IsVanilla && options is { Streams: 1, Dropout: 0 };

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
        Kernels.Forward(_weights.W.Span, _weights.U.Span, _weights.b.Span, _h.Span, x);
        Kernels.Logits(_weights.VT.Span, _weights.c.Span, _h.Span, _o.Span, x.Length);
        var loss = Kernels.SoftmaxLoss(_o.Span, y);
        x.CopyTo(_x);
        _steps = x.Length;
        return loss * LossScale(_steps);
    }

    /// <inheritdoc/>
    public override void BackwardAndUpdate(double eta, double clip)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_steps == 0)
        {
            throw new InvalidOperationException("Run Forward on a chunk first; each chunk is backpropagated once.");
        }

        Kernels.HiddenGradient(_v.Span, _o.Span, _dh.Span, _steps);
        Kernels.Backward(_weights.W.Span, _h.Span, _dh.Span, _steps);
        Updates++;
        if (Options.IsClassic)
        {
            Update(new AdagradRule<T>(T.CreateChecked(eta), T.CreateChecked(clip)), _weights, _slots[0]);
        }
        else
        {
            Update(AdagradRule<T>.None, _gradients, _gradients);
            ApplyRule(eta, clip);
            Kernels.Transpose(_weights.VT.Span, _v.Span);
        }

        CarryHidden();
    }

    private void Update(AdagradRule<T> rule, in Parameters parameters, in Parameters sums)
    {
        Kernels.UpdateV(_h.Span, _o.Span, parameters.VT.Span, sums.VT.Span, _v.Span, _steps, rule);
        Kernels.UpdateW(_dh.Span, _h.Span, parameters.W.Span, sums.W.Span, _spread.Span, _steps, rule);
        Kernels.UpdateU(_dh.Span, Inputs, parameters.U.Span, sums.U.Span, _next, _first, rule);
        Kernels.UpdateBiases(_dh.Span, parameters.b.Span, sums.b.Span, _o.Span, parameters.c.Span, sums.c.Span, _steps, rule);
    }

    /// <summary>The optimiser's rule on all parameters; of U, where nothing moves without a gradient, on the columns of the characters that were read.</summary>
    private void ApplyRule(double eta, double clip)
    {
        var scale = GradientScale(_steps, () => GradientNorm.SumOfSquares(new ReadOnlySpan<T>(_gradients.Pointer, checked((int)_gradients.Length))));
        var numbers = RuleNumbers(_rule, eta);
        var (scales, highest) = (T.CreateChecked(scale), T.CreateChecked(clip));
        nint start = _weights.StartOfU, end = _weights.EndOfU;
        Apply(0, start);
        Apply(end, _weights.Length - end);
        if (_rule.MovesWithoutGradient)
        {
            Apply(start, end - start);
        }

        // Each column once, and its gradient is zero again for the chunks that do not read it.
        foreach (var character in Inputs)
        {
            if (_first[character] < 0 && !_rule.MovesWithoutGradient)
            {
                Apply(start + (character * (nint)_hiddenStride), _hiddenStride);
            }

            _first[character] = 0;
        }

        foreach (var character in Inputs)
        {
            _first[character] = -1;
            _gradients.U.Span.Slice(character * _hiddenStride, _hiddenStride).Clear();
        }

        void Apply(nint from, nint count) => _ruleKernels.Apply(
            _weights.Pointer + from, _gradients.Pointer + from, _slots.Length > 0 ? _slots[0].Pointer + from : null, SlotStride, count, numbers, scales, highest);
    }

    /// <inheritdoc/>
    public override void CarryHidden()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _h.Span.Slice(_steps * _hiddenStride, _hiddenStride).CopyTo(_h.Span);
        _steps = 0;
    }

    /// <inheritdoc/>
    public override void ResetHidden()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _h.Span[.._hiddenStride].Clear();
    }

    /// <inheritdoc/>
    public override void CopyHidden(Span<T> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _h.Span[..Shape.HiddenSize].CopyTo(destination);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<T> StateAfter(int step)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _h.Span.Slice(step * _hiddenStride, Shape.HiddenSize);
    }

    /// <inheritdoc/>
    public override void SetHidden(ReadOnlySpan<T> source)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
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
        Kernels.Forward(_weights.W.Span, _weights.U.Span, _weights.b.Span, _h.Span, [x]);
        if (!logits.IsEmpty)
        {
            Kernels.Logits(_weights.VT.Span, _weights.c.Span, _h.Span, _o.Span, 1);
            _o.Span[..Shape.VocabularySize].CopyTo(logits);
        }

        _steps = 1;
        CarryHidden();
    }

    /// <inheritdoc/>
    public override void Load(NetworkWeights<T> weights, params IReadOnlyList<NetworkWeights<T>>? slots)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (weights.Shape != Shape || (slots?.Any(slot => slot.Shape != Shape) ?? false))
        {
            throw new ArgumentException($"The weights are of shape {weights.Shape}, the network of {Shape}.");
        }

        Import(weights, _weights);
        _weights.c.Span[Shape.VocabularySize..].Fill(T.NegativeInfinity);
        for (var i = 0; i < _slots.Length; i++)
        {
            Import(slots?.Count > i ? slots[i] : new NetworkWeights<T>(Shape), _slots[i]);
        }

        Kernels.Transpose(_weights.VT.Span, _v.Span);
    }

    /// <inheritdoc/>
    public override void ExportWeights(NetworkWeights<T> weights) => Export(_weights, weights);

    /// <inheritdoc/>
    public override void ExportSlots(IReadOnlyList<NetworkWeights<T>> slots)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            Export(_slots[i], slots[i]);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _isDisposed = true;
        _arena.Dispose();
    }

    private nint SlotStride => _slots.Length > 1 ? (nint)(_slots[1].Pointer - _slots[0].Pointer) : 0;

    private ReadOnlySpan<int> Inputs => _x.AsSpan(0, _steps);

    private void Import(NetworkWeights<T> weights, in Parameters to)
    {
        var (from, m, k) = (weights.Vanilla, Shape.HiddenSize, Shape.VocabularySize);

        // The padding too: after an update that overflowed it may hold what zero times infinity gave.
        new Span<T>(to.Pointer, checked((int)to.Length)).Clear();
        for (var row = 0; row < m; row++)
        {
            CopyRow(from.W.AsSpan(row * m, m), to.W.Span, row, intoBlocks: true);
        }

        CopyColumns(from.U, m, k, to.U.Span, _hiddenStride);
        CopyColumns(from.V, k, m, to.VT.Span, _vocabularyStride);
        from.b.CopyTo(to.b.Span);
        from.c.CopyTo(to.c.Span);
    }

    private void Export(in Parameters from, NetworkWeights<T> weights)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (to, m, k) = (weights.Vanilla, Shape.HiddenSize, Shape.VocabularySize);
        for (var row = 0; row < m; row++)
        {
            CopyRow(to.W.AsSpan(row * m, m), from.W.Span, row, intoBlocks: false);
        }

        fixed (T* targetU = to.U, targetV = to.V)
        {
            Transposition.Copy(from.U.Pointer, k, m, _hiddenStride, targetU, k);
            Transposition.Copy(from.VT.Pointer, m, k, _vocabularyStride, targetV, m);
        }

        from.b.Span[..m].CopyTo(to.b);
        from.c.Span[..k].CopyTo(to.c);
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

    /// <summary>All parameters, or as much of an optimiser's slot or of gradients: one behind the other in one piece of memory.</summary>
    private readonly struct Parameters(Block w, Block u, Block vt, Block biasB, Block biasC)
    {
        public Block W { get; } = w;

        public Block U { get; } = u;

        public Block VT { get; } = vt;

        public Block b { get; } = biasB;

        public Block c { get; } = biasC;

        public T* Pointer => W.Pointer;

        public nint Length => (nint)(c.Pointer - W.Pointer) + c.Span.Length;

        public nint StartOfU => (nint)(U.Pointer - W.Pointer);

        public nint EndOfU => StartOfU + U.Span.Length;
    }

    /// <summary>An address in the arena with its length; a span cannot be a field.</summary>
    private readonly struct Block(T* pointer, int length)
    {
        public T* Pointer { get; } = pointer;

        public Span<T> Span => new(Pointer, length);
    }
}
