using System.Numerics;
using System.Runtime.InteropServices;
using CharRnn.Kernels;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using Vector = System.Numerics.Vector;

namespace CharRnn.Rnn.Training;

/// <summary>
/// Any network in training: layers of any cell, any number of streams, any optimiser. Forward stands beside backward. A row is one
/// stream at one time step; rows of a time step lie together, so that a step of the recurrence is a product of all streams with the
/// weights. Products know nothing of the cell, and the cell's pointwise kernels nothing of the products.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed unsafe class LayeredNetwork<T> : Network<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
    private readonly int _m, _k, _streams, _registers, _states;
    private readonly nint _stride, _vocabularyStride;
    private readonly T* _logits, _above, _sums, _later, _earlier, _operands, _packedLeft, _packedRight;
    private readonly T** _inputs;
    private readonly int[] _x, _touched;
    private readonly bool[] _isTouched;
    private T[] _numbers = [];
    private int _steps;
    private bool _isDisposed;

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
        _products = CompiledProducts.All<T>().First(kernels => instructionSet is null || kernels.InstructionSet == instructionSet);
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

        var rows = (long)sequenceLength * _streams;
        var (stateRow, mostTerms) = (_states * _stride, _plan.Products.Select(product => product.Terms.Count).DefaultIfEmpty(0).Max());
        long[] shared =
        [
            rows * _vocabularyStride, rows * _stride, _streams * (mostTerms + _products.MostRegisters) * (long)lanes, _streams * stateRow, _streams * stateRow,
            _streams * Math.Max(1, _plan.Products.Count) * _stride, OuterDepth * (((_m + OuterRows - 1) / OuterRows * OuterRows) + (long)OuterRows), OuterDepth * (long)_products.MostRegisters * lanes,
        ];
        var perLayer = Enumerable.Range(0, shape.Layers).Select(layer => new[]
        {
            (rows + _streams) * stateRow, rows * Math.Max(1, _plan.Kept) * _stride, rows * _plan.Gradients * _stride,
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
            _layers[i] = new(_parameters.Layers[i], _arena.Take(lengths[0]), _arena.Take(lengths[1]), _arena.Take(lengths[2]), _arena.Take(lengths[3]), _arena.Take(lengths[4]));
        }

        _inputs = (T**)NativeMemory.AllocZeroed((nuint)rows, (nuint)sizeof(T*));
        (_x, _touched, _isTouched) = (new int[rows], new int[Math.Min(rows, _k)], new bool[_k]);
    }

    /// <summary>Time steps and streams that an outer product takes at a time, and rows of its result: what the nearest cache holds.</summary>
    private const int OuterDepth = 128, OuterRows = 32;

    /// <inheritdoc/>
    public override string KernelName => $"{Shape}, {(typeof(T) == typeof(float) ? "single" : "double")}, {_products.InstructionSet}";

    /// <inheritdoc/>
    public override string InstructionSet => _products.InstructionSet;

    /// <inheritdoc/>
    public override double Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (x.Length == 0 || x.Length % _streams != 0 || x.Length > SequenceLength * _streams || x.Length != y.Length)
        {
            throw new ArgumentException($"A chunk has 1 to {SequenceLength} characters for each of {_streams} streams and as many to predict; this has {x.Length} and {y.Length}.");
        }

        _steps = 0;
        RunLogits(x);
        var loss = _softmax.SoftmaxLoss(new Span<T>(_logits, checked((int)(x.Length * _vocabularyStride))), y);
        x.CopyTo(_x);
        _steps = x.Length / _streams;
        return loss * LossScale;
    }

    /// <summary>From sums over all rows to what is asked for: the mean over streams, and over time steps where the loss is a mean.</summary>
    private double LossScale => 1.0 / (_streams * (double)(Options.MeanLoss ? _steps : 1));

    private void RunStates(ReadOnlySpan<int> x)
    {
        foreach (var index in x)
        {
            if ((uint)index >= (uint)_k)
            {
                throw new ArgumentException($"Character index {index} is not below the vocabulary size {_k}.");
            }
        }

        var rows = x.Length;
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            SetInputs(layer, x);
            Recur(layer, rows / _streams);
            Drop(layer, rows / _streams);
        }
    }

    private void RunLogits(ReadOnlySpan<int> x)
    {
        RunStates(x);
        var rows = x.Length;

        // O = H V' + c.
        for (var row = 0; row < rows; row++)
        {
            new Span<T>(_parameters.C, (int)_vocabularyStride).CopyTo(new Span<T>(_logits + (row * _vocabularyStride), (int)_vocabularyStride));
        }

        var (output, outputRow) = Output(_layers.Length - 1);
        Multiply(output, outputRow, _parameters.V, _parameters.VLayout, 1, 0, _logits, _vocabularyStride, rows, accumulate: true);
    }

    /// <summary>Where each row of a layer finds its products with the input: columns of U, or a product over all time steps at once.</summary>
    private void SetInputs(int layer, ReadOnlySpan<int> x)
    {
        var weights = _layers[layer].Weights;
        if (layer == 0)
        {
            for (var row = 0; row < x.Length; row++)
            {
                _inputs[row] = weights.Input + (x[row] * (nint)_plan.Inputs.Count * _stride);
            }

            return;
        }

        var (below, belowRow) = Output(layer - 1);
        var inputRow = _plan.Inputs.Count * _stride;
        Multiply(below, belowRow, weights.Input, weights.InputLayout!, 1, 0, _layers[layer].Inputs, inputRow, x.Length, accumulate: false);
        for (var row = 0; row < x.Length; row++)
        {
            _inputs[row] = _layers[layer].Inputs + (row * inputRow);
        }
    }

    /// <summary>One time step after the other: products with the states before, and the cell's equations on them.</summary>
    private void Recur(int layer, int steps)
    {
        var own = _layers[layer];
        var (stateRow, keptRow) = (_states * _stride, Math.Max(1, _plan.Kept) * _stride);
        var rows = new ForwardRows<T>
        {
            Rows = _streams, Stride = _stride, Vectors = own.Weights.Vectors, StateRow = stateRow, KeptRow = keptRow, Products = _sums,
        };
        for (var t = 0; t < steps; t++)
        {
            rows.Previous = own.States + (t * _streams * stateRow);
            rows.Next = rows.Previous + (_streams * stateRow);
            rows.Kept = own.Kept + (t * _streams * keptRow);
            rows.Inputs = _inputs + (t * _streams);
            if (_plan.ForwardPhases[0])
            {
                (rows.First, rows.Registers) = (0, _registers);
                _cell.Forward(0, rows);
            }

            for (var group = 0; group < _plan.Products.Count; group++)
            {
                var product = _plan.Products[group];
                var layout = own.Weights.RecurrentLayouts[group];
                var terms = product.Terms.Count;
                var (left, leftRow) = product.State >= 0 ? new Rows(rows.Previous + (product.State * _stride), stateRow) : new Rows(rows.Kept + (product.Kept * _stride), keptRow);
                var first = 0;
                rows.ProductRow = 0;
                foreach (var set in own.Weights.RecurrentSets[group])
                {
                    rows.ProductRow = set * terms * (nint)_products.Lanes;
                    for (var done = 0; done < set * terms;)
                    {
                        var panel = layout.Panels.First(panel => panel.Start == (first * terms) + done);
                        _products.Multiply(new Product<T>
                        {
                            Left = left, LeftRow = leftRow, LeftStep = 1, Depth = _m, Parts = 1, Right = own.Weights.Recurrent[group] + layout.Offset(panel),
                            Registers = panel.Width, Output = _sums + (done * _products.Lanes), OutputRow = rows.ProductRow, Rows = _streams,
                        });
                        done += panel.Width;
                    }

                    (rows.First, rows.Registers) = (first * _products.Lanes, set);
                    _cell.Forward(group + 1, rows);
                    first += set;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void BackwardAndUpdate(double eta, double clip)
    {
        Backward();
        var scale = LossScale;
        if (!double.IsPositiveInfinity(Options.ClipNorm))
        {
            var norm = scale * Math.Sqrt(_parameters.SumOfSquaredGradients());
            scale *= norm > Options.ClipNorm ? Options.ClipNorm / norm : 1;
        }

        Updates++;
        _numbers = Array.ConvertAll(_rule.Numbers(new(eta, Options.Beta1, Options.Beta2, Options.Epsilon), Updates), T.CreateChecked);
        var touched = Touched();
        _parameters.Apply(_ruleKernels, _numbers, T.CreateChecked(scale), T.CreateChecked(clip), _rule.MovesWithoutGradient ? null : touched);
        _parameters.ClearInputGradients(touched);
        _parameters.RenewCopies();
        CarryHidden();
    }

    /// <summary>The gradients of the last chunk's loss, as it was given, neither clipped nor applied; the chunk stays.</summary>
    /// <exception cref="InvalidOperationException">There is no chunk to backpropagate.</exception>
    public NetworkWeights<T> Gradients()
    {
        Backward();
        var gradients = new NetworkWeights<T>(Shape);
        _parameters.ExportGradients(gradients);
        _parameters.ClearInputGradients(Touched());
        var scale = T.CreateChecked(LossScale);
        foreach (var tensor in gradients.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] *= scale;
            }
        }

        return gradients;
    }

    private void Backward()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_steps == 0)
        {
            throw new InvalidOperationException("Run Forward on a chunk first; each chunk is backpropagated once.");
        }

        var rows = _steps * _streams;
        var (output, outputRow) = Output(_layers.Length - 1);
        Outer(output, outputRow, _logits, _vocabularyStride, register => register * _products.Lanes, _parameters.VLayout, _parameters.VGradient, rows);
        AddRows(_logits, _vocabularyStride, _vocabularyStride, _parameters.CGradient, rows);
        Multiply(_logits, _vocabularyStride, _parameters.VCopy, _parameters.VCopyLayout, 1, 0, _above, _stride, rows, accumulate: false);
        for (var layer = _layers.Length - 1; layer >= 0; layer--)
        {
            var own = _layers[layer];
            DropGradient(layer);
            RecurBack(layer);
            WeightGradients(layer, rows);
            if (layer > 0)
            {
                BackProduct(own.Gradients, _plan.Gradients * _stride, _plan.Inputs, own.Weights.InputCopy, own.Weights.InputCopyLayout!, _above, _stride, rows, accumulate: false);
            }
        }
    }

    /// <summary>Back through time: the cell's gradients, and through its products to the states before.</summary>
    private void RecurBack(int layer)
    {
        var own = _layers[layer];
        var (stateRow, keptRow, gradientRow, operandRow) = (_states * _stride, Math.Max(1, _plan.Kept) * _stride, _plan.Gradients * _stride, Math.Max(1, _plan.Products.Count) * _stride);
        var later = _later;
        var earlier = _earlier;
        new Span<T>(later, (int)(_streams * stateRow)).Clear();
        for (var t = _steps - 1; t >= 0; t--)
        {
            var first = t * (nint)_streams;
            var rows = new BackwardRows<T>
            {
                Rows = _streams, Registers = _registers, Stride = _stride, Above = _above + (first * _stride), AboveRow = _stride, Later = later, Earlier = earlier,
                Operands = _operands, OperandRow = operandRow, Vectors = own.Weights.Vectors, Previous = own.States + (first * stateRow),
                Next = own.States + ((first + _streams) * stateRow), StateRow = stateRow, Kept = own.Kept + (first * keptRow), KeptRow = keptRow,
                Gradients = own.Gradients + (first * gradientRow), GradientRow = gradientRow,
            };
            var isWritten = 0;
            for (var phase = _plan.Products.Count; phase >= 0; phase--)
            {
                if (_plan.BackwardPhases[phase])
                {
                    _cell.Backward(phase, rows);
                }

                if (phase == 0)
                {
                    continue;
                }

                var product = _plan.Products[phase - 1];
                var isState = product.State >= 0;
                var target = isState ? earlier + (product.State * _stride) : _operands + ((phase - 1) * _stride);
                var accumulate = isState && (_plan.Direct[product.State] || (isWritten & (1 << product.State)) != 0);
                isWritten |= isState ? 1 << product.State : 0;
                BackProduct(
                    rows.Gradients, gradientRow, product.Terms, own.Weights.RecurrentCopies[phase - 1], own.Weights.RecurrentCopyLayouts[phase - 1], target,
                    isState ? stateRow : operandRow, _streams, accumulate);
            }

            var done = later;
            later = earlier;
            earlier = done;
        }
    }

    private void WeightGradients(int layer, int rows)
    {
        var own = _layers[layer];
        var gradientRow = _plan.Gradients * _stride;
        for (var group = 0; group < _plan.Products.Count; group++)
        {
            var product = _plan.Products[group];
            var (left, leftRow) = product.State >= 0
                ? new Rows(own.States + (product.State * _stride), _states * _stride)
                : new Rows(own.Kept + (product.Kept * _stride), Math.Max(1, _plan.Kept) * _stride);
            var terms = product.Terms;
            Outer(left, leftRow, own.Gradients, gradientRow, register => (terms[register % terms.Count].Gradient * _stride) + (register / terms.Count * _products.Lanes), own.Weights.RecurrentLayouts[group], own.Weights.RecurrentGradients[group], rows);
        }

        for (var vector = 0; vector < _plan.Vectors.Count; vector++)
        {
            AddRows(own.Gradients + (_plan.Vectors[vector].Gradient * _stride), gradientRow, _stride, own.Weights.VectorGradients + (vector * _stride), rows);
        }

        if (layer > 0)
        {
            var (below, belowRow) = Output(layer - 1);
            Outer(below, belowRow, own.Gradients, gradientRow, register => (_plan.Inputs[register / _registers].Gradient * _stride) + (register % _registers * _products.Lanes), own.Weights.InputLayout!, own.Weights.InputGradient, rows);
            return;
        }

        // A one-hot input hands its row's gradient to the column of its character.
        for (var row = 0; row < rows; row++)
        {
            var column = own.Weights.InputGradient + (_x[row] * (nint)_plan.Inputs.Count * _stride);
            for (var input = 0; input < _plan.Inputs.Count; input++)
            {
                Add(own.Gradients + (row * gradientRow) + (_plan.Inputs[input].Gradient * _stride), column + (input * _stride), _stride);
            }
        }
    }

    /// <summary>A layer's output, which the next layer or V reads: its states h, or what dropout left of them.</summary>
    private Rows Output(int layer) => Options.Dropout > 0
        ? new(_layers[layer].Dropped, _stride)
        : new(_layers[layer].States + (_streams * _states * _stride), _states * _stride);

    private void Drop(int layer, int steps)
    {
        if (Options.Dropout == 0)
        {
            return;
        }

        var stateRow = _states * _stride;
        var states = _layers[layer].States + (_streams * stateRow);
        for (var row = 0; row < steps * _streams; row++)
        {
            var from = states + (row * stateRow);
            var to = _layers[layer].Dropped + (row * _stride);
            for (var unit = 0; unit < _m; unit++)
            {
                to[unit] = from[unit] * T.CreateChecked(_mask.Factor(Updates + 1, layer, row / _streams, row % _streams, unit));
            }
        }
    }

    private void DropGradient(int layer)
    {
        for (var row = 0; Options.Dropout > 0 && row < _steps * _streams; row++)
        {
            var gradient = _above + (row * _stride);
            for (var unit = 0; unit < _m; unit++)
            {
                gradient[unit] *= T.CreateChecked(_mask.Factor(Updates + 1, layer, row / _streams, row % _streams, unit));
            }
        }
    }

    /// <summary>output = left times a matrix that lies in panels.</summary>
    private void Multiply(T* left, nint leftRow, T* right, PanelLayout layout, int parts, nint partStep, T* output, nint outputRow, int rows, bool accumulate)
    {
        foreach (var panel in layout.Panels)
        {
            _products.Multiply(new Product<T>
            {
                Left = left, LeftRow = leftRow, LeftStep = 1, Depth = layout.Depth / parts, Parts = parts, PartStep = partStep, Right = right + layout.Offset(panel),
                Registers = panel.Width, Output = output + (panel.Start * _products.Lanes), OutputRow = outputRow, Rows = rows, Accumulate = accumulate,
            });
        }
    }

    /// <summary>The sum of the transposed matrices of some terms, times their gradients.</summary>
    private void BackProduct(T* gradients, nint gradientRow, IReadOnlyList<CellTerm> terms, T* copy, PanelLayout layout, T* output, nint outputRow, int rows, bool accumulate)
    {
        var isRun = terms.Select((term, i) => term.Gradient == terms[0].Gradient + i).All(isNext => isNext);
        if (isRun)
        {
            Multiply(gradients + (terms[0].Gradient * _stride), gradientRow, copy, layout, terms.Count, _stride - _m, output, outputRow, rows, accumulate);
            return;
        }

        foreach (var panel in layout.Panels)
        {
            for (var term = 0; term < terms.Count; term++)
            {
                _products.Multiply(new Product<T>
                {
                    Left = gradients + (terms[term].Gradient * _stride), LeftRow = gradientRow, LeftStep = 1, Depth = _m, Parts = 1,
                    Right = copy + layout.Offset(panel) + (term * (nint)_m * panel.Width * _products.Lanes), Registers = panel.Width,
                    Output = output + (panel.Start * _products.Lanes), OutputRow = outputRow, Rows = rows, Accumulate = accumulate || term > 0,
                });
            }
        }
    }

    /// <summary>
    /// A weight gradient: the sum over all rows of left times right, in the layout of the weights. Rows are taken some at a time and
    /// copied close together first, for as they lie each would fall into the same few sets of the nearest cache.
    /// </summary>
    private void Outer(T* left, nint leftRow, T* right, nint rightRow, Func<int, nint> placeOf, PanelLayout layout, T* gradient, int rows)
    {
        var lanes = _products.Lanes;
        for (var start = 0; start < rows; start += OuterDepth)
        {
            var depth = Math.Min(OuterDepth, rows - start);
            for (var group = 0; group < layout.Depth; group += OuterRows)
            {
                var count = Math.Min(OuterRows, layout.Depth - group);
                var packed = _packedLeft + ((nint)group * OuterDepth);
                for (var row = 0; row < depth; row++)
                {
                    Unsafe(left + ((start + row) * leftRow) + group, count).CopyTo(Unsafe(packed + (row * OuterRows), count));
                }
            }

            foreach (var panel in layout.Panels)
            {
                for (var v = 0; v < panel.Width; v++)
                {
                    var from = right + placeOf(panel.Start + v) + (start * rightRow);
                    for (var row = 0; row < depth; row++)
                    {
                        Unsafe(from + (row * rightRow), lanes).CopyTo(Unsafe(_packedRight + (((row * panel.Width) + v) * lanes), lanes));
                    }
                }

                for (var group = 0; group < layout.Depth; group += OuterRows)
                {
                    _products.Multiply(new Product<T>
                    {
                        Left = _packedLeft + ((nint)group * OuterDepth), LeftRow = 1, LeftStep = OuterRows, Depth = depth, Parts = 1, Right = _packedRight, Registers = panel.Width,
                        Output = gradient + layout.Offset(panel) + (group * (nint)panel.Width * lanes), OutputRow = panel.Width * lanes,
                        Rows = Math.Min(OuterRows, layout.Depth - group), Accumulate = start > 0,
                    });
                }
            }
        }
    }

    private static Span<T> Unsafe(T* pointer, int length) => new(pointer, length);

    /// <summary>The sum of all rows.</summary>
    private static void AddRows(T* first, nint row, nint length, T* sum, int rows)
    {
        new Span<T>(sum, (int)length).Clear();
        for (var i = 0; i < rows; i++)
        {
            Add(first + (i * row), sum, length);
        }
    }

    private static void Add(T* from, T* to, nint length)
    {
        nint i = 0;
        for (; i <= length - Vector<T>.Count; i += Vector<T>.Count)
        {
            (Vector.Load(to + i) + Vector.Load(from + i)).Store(to + i);
        }

        for (; i < length; i++)
        {
            to[i] += from[i];
        }
    }

    /// <summary>The characters that occur in the chunk.</summary>
    private ReadOnlySpan<int> Touched()
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

        return _touched.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public override void CarryHidden()
    {
        var length = (int)(_streams * _states * _stride);
        foreach (var layer in _layers)
        {
            Unsafe(layer.States + (_steps * (nint)length), length).CopyTo(Unsafe(layer.States, length));
        }

        _steps = 0;
    }

    /// <inheritdoc/>
    public override void ResetHidden()
    {
        foreach (var layer in _layers)
        {
            Unsafe(layer.States, (int)(_streams * _states * _stride)).Clear();
        }
    }

    /// <inheritdoc/>
    public override void CopyHidden(Span<T> destination)
    {
        var at = 0;
        foreach (var state in Carried())
        {
            Unsafe((T*)state, _m).CopyTo(destination[at..]);
            at += _m;
        }
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<T> StateAfter(int step) => Unsafe(_layers[^1].States + (step * (nint)(_streams * _states * _stride)), _m);

    /// <inheritdoc/>
    public override void SetHidden(ReadOnlySpan<T> source)
    {
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
        for (var stream = 0; stream < _streams; stream++)
        {
            foreach (var layer in _layers)
            {
                for (var state = 0; state < _states; state++)
                {
                    addresses.Add((nint)(layer.States + (((stream * (nint)_states) + state) * _stride)));
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
        if (logits.IsEmpty)
        {
            RunStates([x]);
        }
        else
        {
            RunLogits([x]);
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
        _parameters.RenewCopies();
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
            _arena.Dispose();
            _parameters.Dispose();
            NativeMemory.Free(_inputs);
        }
    }

    /// <summary>Vectors that lie the same distance from each other: the address of the first, and how far it is to the next.</summary>
    private readonly struct Rows(T* first, nint row)
    {
        public void Deconstruct(out T* firstVector, out nint distance)
        {
            firstVector = first;
            distance = row;
        }
    }

    /// <summary>One layer's weights and what a chunk leaves of it, all in rows.</summary>
    /// <param name="weights">Its weights.</param>
    /// <param name="states">The states, [T + 1] time steps of rows.</param>
    /// <param name="kept">What the backward pass needs.</param>
    /// <param name="gradients">The gradients of products and vectors.</param>
    /// <param name="dropped">The states h that dropout left.</param>
    /// <param name="inputs">The products with the layer below.</param>
    private sealed class Layer(LayerMemory<T> weights, T* states, T* kept, T* gradients, T* dropped, T* inputs)
    {
        public LayerMemory<T> Weights { get; } = weights;

        public T* States { get; } = states;

        public T* Kept { get; } = kept;

        public T* Gradients { get; } = gradients;

        public T* Dropped { get; } = dropped;

        public T* Inputs { get; } = inputs;
    }
}
