using System.Numerics;
using System.Runtime.InteropServices;
using CharRnn.Kernels;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;

namespace CharRnn.Rnn.Training;

/// <summary>
/// Any network in training: layers of any cell, any number of streams, any optimiser, on any number of threads. A row is one
/// stream at one time step; rows of a time step lie together, so that a step of the recurrence is a product of all streams with the
/// weights. Products know nothing of the cell, and the cell's pointwise kernels nothing of the products.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed unsafe partial class LayeredNetwork<T> : Network<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this hidden size on the units of a layer are worth sharing where there are too few streams to share.</summary>
    private const int UnitsWorthSharing = 256;

    /// <summary>What a worker takes at least of a recurrence: alone in its product a row would be added up in another order.</summary>
    private const int StreamsOfAWorker = 2;

    private readonly WorkerTeam _team;
    private readonly ProductKernels<T> _products;
    private readonly CellKernels<T> _cell;
    private readonly OptimizerRule _rule;
    private readonly OptimizerKernels<T> _ruleKernels;
    private readonly RecurrentKernels<T> _softmax;
    private readonly CellPlan _plan;
    private readonly ParameterMemory<T> _parameters;
    private readonly DropoutMask _mask;
    private readonly AlignedArena<T> _arena;
    private readonly Layer[] _layers;
    private readonly int _m, _k, _streams, _registers, _states, _outerDepth;
    private readonly Block[] _blocks;
    private readonly bool _sharesUnits;
    private readonly nint _stride, _vocabularyStride, _sumsLength, _packedLeftLength, _packedRightLength;
    private readonly T* _logits, _above, _sums, _later, _earlier, _operands, _packedLeft, _packedRight;
    private readonly T** _inputs;
    private readonly int[] _x, _y, _touched;
    private readonly double[] _losses;
    private readonly bool[] _isTouched;
    private int _steps;
    private bool _isBackpropagated, _isDisposed;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="sequenceLength">The most time steps in a chunk.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="instructionSet">The register form to run on; null takes the widest that the processor has.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="OutOfMemoryException">The system does not give the memory.</exception>
    public LayeredNetwork(NetworkShape shape, int sequenceLength, NetworkOptions options, string? instructionSet = null)
        : base(shape, sequenceLength, options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Dropout, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.Dropout, 1, nameof(options));
        _products = CompiledProducts.All<T>(options.AllowFixed).First(kernels => instructionSet is null || kernels.InstructionSet == instructionSet);
        var form = _products.InstructionSet;
        _cell = shape.Cell.Kernels<T>().First(kernels => kernels.InstructionSet == form);
        _rule = BuiltInRules.Create(options.Optimizer);
        _ruleKernels = _rule.Kernels<T>().First(kernels => kernels.InstructionSet == form);
        _softmax = CompiledKernels.All<T>(new NetworkShape(1, shape.VocabularySize)).First(kernels => kernels.InstructionSet == form);
        (_plan, _mask) = (shape.Cell.Plan, new(options.Dropout, options.Seed));
        (_m, _k, _streams, _states) = (shape.HiddenSize, shape.VocabularySize, options.Streams, shape.Cell.States.Count);
        var lanes = _products.Lanes;
        _registers = (_m + lanes - 1) / lanes;
        (_stride, _vocabularyStride) = (_registers * lanes, (_k + lanes - 1) / lanes * lanes);
        _parameters = new ParameterMemory<T>(shape, _rule.Slots.Count, lanes, _products.MostRegisters);

        var blocks = Math.Max(1, Math.Min(options.Threads, _streams / StreamsOfAWorker));
        _blocks = [.. Enumerable.Range(0, blocks).Select(i => WorkerTeam.Part(_streams, blocks, i)).Select(part => new Block(part.First, part.Count))];
        _sharesUnits = blocks == 1 && options.Threads > 1 && _m >= UnitsWorthSharing;
        var rows = (long)sequenceLength * _streams;
        var (stateRow, mostTerms) = (_states * _stride, _plan.Products.Select(product => product.Terms.Count).DefaultIfEmpty(0).Max());
        _sumsLength = _streams * (mostTerms + _products.MostRegisters) * (nint)lanes;
        _outerDepth = (int)Math.Min(MostDepth, rows);
        _packedLeftLength = _outerDepth * ((_m + PanelLayout.GroupRows - 1) / PanelLayout.GroupRows * (nint)PanelLayout.GroupRows);
        _packedRightLength = _outerDepth * _products.MostRegisters * (nint)lanes;
        long[] shared =
        [
            rows * _vocabularyStride, rows * _stride, options.Threads * (long)_sumsLength, _streams * stateRow, _streams * stateRow,
            _streams * Math.Max(1, _plan.Products.Count) * _stride, options.Threads * (long)_packedLeftLength, options.Threads * (long)_packedRightLength,
        ];
        var perLayer = Enumerable.Range(0, shape.Layers).Select(layer => new[]
        {
            (rows + _streams) * stateRow, rows * _plan.RoomForKept * _stride,
            options.Dropout > 0 ? rows * _stride : 0, layer > 0 ? rows * _plan.Inputs.Count * _stride : 0,
        }).ToArray();
        _arena = new AlignedArena<T>([.. shared, .. perLayer.SelectMany(lengths => lengths)]);
        _logits = _arena.Take(shared[0]);
        _above = _arena.Take(shared[1]);
        _sums = _arena.Take(shared[2]);
        _later = _arena.Take(shared[3]);
        _earlier = _arena.Take(shared[4]);
        _operands = _arena.Take(shared[5]);
        _packedLeft = _arena.Take(shared[6]);
        _packedRight = _arena.Take(shared[7]);
        _layers = new Layer[shape.Layers];
        for (var i = 0; i < _layers.Length; i++)
        {
            var lengths = perLayer[i];
            _layers[i] = new(_parameters.Layers[i], _arena.Take(lengths[0]), _arena.Take(lengths[1]), _arena.Take(lengths[2]), _arena.Take(lengths[3]));
        }

        _inputs = (T**)NativeMemory.AllocZeroed((nuint)rows, (nuint)sizeof(T*));
        (_x, _y, _touched, _isTouched) = (new int[rows], new int[rows], new int[Math.Min(rows, _k)], new bool[_k]);
        _losses = new double[rows];
        _team = new WorkerTeam(options.Threads);
    }

    /// <summary>Whether a network on these kernels is done sooner by more threads than one.</summary>
    public static bool IsWorthSharing(NetworkShape shape, NetworkOptions options) => options.Streams >= 2 * StreamsOfAWorker || shape.HiddenSize >= UnitsWorthSharing;

    /// <inheritdoc/>
    public override string KernelName => $"{Shape}, {(typeof(T) == typeof(float) ? "single" : "double")}, {_products.InstructionSet}";

    /// <inheritdoc/>
    public override string InstructionSet => _products.InstructionSet;

    private void CheckIndices(ReadOnlySpan<int> indices)
    {
        foreach (var index in indices)
        {
            if ((uint)index >= (uint)_k)
            {
                throw new ArgumentException($"Character index {index} is not below the vocabulary size {_k}.");
            }
        }
    }

    /// <summary>The characters that occur in the chunk.</summary>
    private ReadOnlyMemory<int> Touched()
    {
        var count = 0;
        foreach (var character in _x.AsSpan(0, _steps * _streams))
        {
            if (!_isTouched[character])
            {
                _isTouched[character] = true;
                _touched[count++] = character;
            }
        }

        foreach (var character in _touched.AsSpan(0, count))
        {
            _isTouched[character] = false;
        }

        return _touched.AsMemory(0, count);
    }

    /// <inheritdoc/>
    public override void CarryHidden()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        foreach (var block in _blocks)
        {
            Carry(block);
        }

        _steps = 0;
    }

    private void Carry(Block block)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            var (states, length) = (StateRows(layer), (int)(block.Count * _states * _stride));
            Unsafe(states.At(block, _steps), length).CopyTo(Unsafe(states.At(block, 0), length));
        }
    }

    /// <inheritdoc/>
    public override void ResetHidden()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            foreach (var block in _blocks)
            {
                Unsafe(StateRows(layer).At(block, 0), (int)(block.Count * _states * _stride)).Clear();
            }
        }
    }

    /// <inheritdoc/>
    public override void CopyHidden(Span<T> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var at = 0;
        foreach (var state in Carried())
        {
            Unsafe((T*)state, _m).CopyTo(destination[at..]);
            at += _m;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<T> StateAfter(int step)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return Unsafe(StateRows(_layers.Length - 1).At(_blocks[0], step), _m);
    }

    /// <inheritdoc/>
    public override void SetHidden(ReadOnlySpan<T> source)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (source.Length != StateSize)
        {
            throw new ArgumentException($"The hidden state has {StateSize} elements, not {source.Length}.");
        }

        ResetHidden();
        var at = 0;
        foreach (var state in Carried())
        {
            source.Slice(at, _m).CopyTo(Unsafe((T*)state, _m));
            at += _m;
        }
    }

    /// <summary>The addresses of the carried states, stream by stream, layer by layer, state by state.</summary>
    private List<nint> Carried()
    {
        var addresses = new List<nint>();
        foreach (var block in _blocks)
        {
            for (var stream = 0; stream < block.Count; stream++)
            {
                for (var layer = 0; layer < _layers.Length; layer++)
                {
                    for (var state = 0; state < _states; state++)
                    {
                        addresses.Add((nint)(StateRows(layer).At(block, 0) + (((stream * (nint)_states) + state) * _stride)));
                    }
                }
            }
        }

        return addresses;
    }

    /// <inheritdoc/>
    public override void Step(int x, Span<T> logits)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _steps = 0;
        RunStates([x]);
        if (!logits.IsEmpty)
        {
            RunLogits(steps: 1, areJudged: false);
            Unsafe(_logits, _k).CopyTo(logits);
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

        _parameters.Import(weights, slots ?? []);
        _parameters.RenewCopies(worker: 0, workers: 1);
    }

    /// <inheritdoc/>
    public override void ExportWeights(NetworkWeights<T> weights)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _parameters.ExportWeights(weights);
    }

    /// <inheritdoc/>
    public override void ExportSlots(IReadOnlyList<NetworkWeights<T>> slots)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _parameters.ExportSlots(slots);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _team.Dispose();
            _arena.Dispose();
            _parameters.Dispose();
            NativeMemory.Free(_inputs);
        }
    }

    /// <summary>One layer's weights and what a chunk leaves of it, all in rows.</summary>
    /// <param name="weights">Its weights.</param>
    /// <param name="states">The states, [T + 1] time steps of rows.</param>
    /// <param name="kept">What the backward pass needs, and the gradients of products and vectors that it leaves.</param>
    /// <param name="dropped">The states h that dropout left.</param>
    /// <param name="inputs">The products with the layer below.</param>
    private sealed class Layer(LayerMemory<T> weights, T* states, T* kept, T* dropped, T* inputs)
    {
        public LayerMemory<T> Weights { get; } = weights;

        public T* States { get; } = states;

        public T* Kept { get; } = kept;

        public T* Dropped { get; } = dropped;

        public T* Inputs { get; } = inputs;
    }
}
