using System.Numerics;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using Vector = System.Numerics.Vector;

namespace CharRnn.Rnn.Training;

/// <summary>
/// A chunk forward, back through time, and the update, shared by the workers. Streams are independent of one another, rows of every
/// other product too, and a weight gradient is shared by its own rows and columns: nobody adds up what two workers made, so that the
/// bytes do not depend on how many there are.
/// </summary>
public sealed unsafe partial class LayeredNetwork<T>
{
    /// <summary>Time steps and streams that an outer product takes at a time, and the most rows of its result: what the nearest cache holds.</summary>
    private const int OuterDepth = 128, OuterRows = 32;

    /// <summary>Rows whose losses are added up before those of others: what a worker takes at least.</summary>
    private const int GroupRows = 16;

    /// <inheritdoc/>
    public override double Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        CheckLengths(x, y);
        _steps = 0;
        CheckIndices(y);
        y.CopyTo(_y);
        RunStates(x);
        RunLogits(x.Length, y.Length);
        var loss = 0.0;
        for (var group = 0; group < GroupsOf(x.Length); group++)
        {
            loss += _losses[group];
        }

        x.CopyTo(_x);
        _steps = x.Length / _streams;
        return loss * LossScale(_steps);
    }

    private void CheckLengths(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (x.Length == 0 || x.Length % _streams != 0 || x.Length > SequenceLength * _streams || x.Length != y.Length)
        {
            throw new ArgumentException($"A chunk has 1 to {SequenceLength} characters for each of {_streams} streams and as many to predict; this has {x.Length} and {y.Length}.");
        }
    }

    private void RunStates(ReadOnlySpan<int> x)
    {
        CheckIndices(x);
        for (var layer = 0; layer < _layers.Length; layer++)
        {
            SetInputs(layer, x);
            RunLayer(layer, x.Length);
        }
    }

    /// <summary>A layer's states and outputs, once its products with the input are there.</summary>
    private void RunLayer(int layer, int rows)
    {
        RunRecurrence(worker => Recur(layer, rows / _streams, ShareOf(worker)));
        if (Options.Dropout > 0)
        {
            _team.Run(worker => Drop(layer, RowsOf(rows, worker)));
        }
    }

    /// <summary>O = H V' + c; and of the first <paramref name="judged"/> rows the losses and their gradients.</summary>
    private void RunLogits(int rows, int judged)
    {
        _team.Run(worker =>
        {
            Logits(RowsOf(rows, worker));
            Losses(rows, judged, RowsOf(rows, worker));
        });
    }

    private void Logits((int First, int Count) part)
    {
        var (output, outputRow) = Output(_layers.Length - 1);
        for (var row = part.First; row < part.First + part.Count; row++)
        {
            Unsafe(_parameters.C, (int)_vocabularyStride).CopyTo(Unsafe(_logits + (row * _vocabularyStride), (int)_vocabularyStride));
        }

        Multiply(output, outputRow, _parameters.V, _parameters.VLayout, _logits, _vocabularyStride, part, accumulate: true);
    }

    private void Losses(int rows, int judged, (int First, int Count) part)
    {
        for (var row = part.First; row < Math.Min(judged, part.First + part.Count);)
        {
            var group = Math.Min(row / GroupRows, GroupsOf(rows) - 1);
            var size = group < GroupsOf(rows) - 1 ? GroupRows : rows - row;
            _losses[group] = _softmax.SoftmaxLoss(Unsafe(_logits + (row * _vocabularyStride), checked((int)(size * _vocabularyStride))), _y.AsSpan(row, size));
            row += size;
        }
    }

    /// <summary>Where each row of a layer finds its products with the input: columns of U, or a product over all time steps at once.</summary>
    private void SetInputs(int layer, ReadOnlySpan<int> x)
    {
        var weights = _layers[layer].Weights;
        var inputRow = _plan.Inputs.Count * _stride;
        for (var row = 0; row < x.Length; row++)
        {
            _inputs[row] = layer == 0 ? weights.Input + (x[row] * inputRow) : _layers[layer].Inputs + (row * inputRow);
        }

        if (layer > 0)
        {
            var (below, belowRow) = Output(layer - 1);
            var inputs = _layers[layer].Inputs;
            var rows = x.Length;
            _team.Run(worker => Multiply(below, belowRow, weights.Input, weights.InputLayout!, inputs, inputRow, RowsOf(rows, worker), accumulate: false));
        }
    }

    /// <summary>One time step after the other: products with the states before, and the cell's equations on them.</summary>
    private void Recur(int layer, int steps, Share share)
    {
        var own = _layers[layer];
        var (stateRow, keptRow) = (_states * _stride, Math.Max(1, _plan.Kept) * _stride);
        var rows = new ForwardRows<T>
        {
            Rows = share.Streams, Stride = _stride, Vectors = own.Weights.Vectors, StateRow = stateRow, KeptRow = keptRow, Products = _sums + (share.Worker * _sumsLength),
        };
        for (var t = 0; t < steps && share.Streams > 0; t++)
        {
            var first = (t * (nint)_streams) + share.FirstStream;
            rows.Previous = own.States + (first * stateRow);
            rows.Next = rows.Previous + (_streams * stateRow);
            rows.Kept = own.Kept + (first * keptRow);
            rows.Inputs = _inputs + first;
            if (_plan.ForwardPhases[0])
            {
                (rows.First, rows.Registers) = (share.FirstOf(_registers) * _products.Lanes, share.CountOf(_registers));
                _cell.Forward(0, rows);
                Meet(share);
            }

            for (var group = 0; group < _plan.Products.Count; group++)
            {
                var product = _plan.Products[group];
                var (layout, sets) = (own.Weights.RecurrentLayouts[group], own.Weights.RecurrentSets[group]);
                var (left, leftRow) = product.State >= 0 ? new Rows(rows.Previous + (product.State * _stride), stateRow) : new Rows(rows.Kept + (product.Kept * _stride), keptRow);
                for (var set = share.FirstOf(sets.Length); set < share.FirstOf(sets.Length) + share.CountOf(sets.Length); set++)
                {
                    (rows.First, rows.Registers) = (sets[set].First * _products.Lanes, sets[set].Registers);
                    rows.ProductRow = rows.Registers * product.Terms.Count * (nint)_products.Lanes;
                    foreach (var panel in sets[set].Panels)
                    {
                        _products.Multiply(new Product<T>
                        {
                            Left = left, LeftRow = leftRow, LeftStep = 1, Depth = _m, Parts = 1, Right = own.Weights.Recurrent[group] + layout.Offset(panel), Registers = panel.Width,
                            Output = rows.Products + ((panel.Start - sets[set].Panels[0].Start) * _products.Lanes), OutputRow = rows.ProductRow, Rows = share.Streams,
                        });
                    }

                    _cell.Forward(group + 1, rows);
                }

                Meet(share);
            }
        }
    }

    /// <inheritdoc/>
    public override void BackwardAndUpdate(double eta, double clip)
    {
        Backward();
        var touched = Touched();
        ApplyRule(touched, eta, clip);
        Renew(touched);
        CarryHidden();
    }

    private void ApplyRule(ReadOnlyMemory<int> touched, double eta, double clip)
    {
        var scale = GradientScale(_steps, () => _parameters.SumOfSquaredGradients(_team));
        Updates++;
        var numbers = RuleNumbers(_rule, eta);
        _team.Run(worker =>
        {
            _parameters.Apply(_ruleKernels, numbers, T.CreateChecked(scale), T.CreateChecked(clip), touched, all: _rule.MovesWithoutGradient, worker, _team.Count);
        });
    }

    /// <summary>What the next chunk needs of the new weights: copies that are read the other way round, and gradients of U that begin at zero.</summary>
    private void Renew(ReadOnlyMemory<int> touched)
    {
        _team.Run(worker =>
        {
            _parameters.ClearInputGradients(touched, worker, _team.Count);
            _parameters.RenewCopies(worker, _team.Count);
        });
    }

    /// <summary>The gradients of the last chunk's loss, as it was given, neither clipped nor applied; the chunk stays.</summary>
    /// <exception cref="InvalidOperationException">There is no chunk to backpropagate.</exception>
    public NetworkWeights<T> Gradients()
    {
        Backward();
        var gradients = new NetworkWeights<T>(Shape);
        _parameters.ExportGradients(gradients);
        _parameters.ClearInputGradients(Touched(), worker: 0, workers: 1);
        var scale = T.CreateChecked(LossScale(_steps));
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

        var (rows, last) = (_steps * _streams, _layers.Length - 1);
        _team.Run(worker =>
        {
            DenseGradients(rows, worker);
            GradientFromLogits(RowsOf(rows, worker));
        });
        for (var layer = last; layer >= 0; layer--)
        {
            var current = layer;
            RunRecurrence(worker => RecurBack(current, ShareOf(worker)));
            _team.Run(worker =>
            {
                WeightGradients(current, rows, worker);
                if (current > 0)
                {
                    GradientBelow(current, RowsOf(rows, worker));
                }
            });
        }
    }

    /// <summary>A worker's part of the gradients of V and c.</summary>
    private void DenseGradients(int rows, int worker)
    {
        var (output, outputRow) = Output(_layers.Length - 1);
        Outer(output, outputRow, _logits, _vocabularyStride, register => register * _products.Lanes, _parameters.VLayout, _parameters.VGradient, rows, worker);
        AddRows(_logits, _vocabularyStride, _vocabularyStride, _parameters.CGradient, rows, worker);
    }

    /// <summary>The gradient of the last layer's output.</summary>
    private void GradientFromLogits((int First, int Count) part)
    {
        Multiply(_logits, _vocabularyStride, _parameters.VCopy, _parameters.VCopyLayout, _above, _stride, part, accumulate: false);
        DropGradient(_layers.Length - 1, part);
    }

    /// <summary>The gradient of the output of the layer below, through the products with it.</summary>
    private void GradientBelow(int layer, (int First, int Count) part)
    {
        var own = _layers[layer];
        BackProduct(own.Gradients, _plan.Gradients * _stride, _plan.Inputs, own.Weights.InputCopy, own.Weights.InputCopyLayout!, All(own.Weights.InputCopyLayout!), _above, _stride, part, accumulate: false);
        DropGradient(layer - 1, part);
    }

    /// <summary>Back through time: the cell's gradients, and through its products to the states before.</summary>
    private void RecurBack(int layer, Share share)
    {
        var own = _layers[layer];
        var (stateRow, keptRow, gradientRow, operandRow) = (_states * _stride, Math.Max(1, _plan.Kept) * _stride, _plan.Gradients * _stride, Math.Max(1, _plan.Products.Count) * _stride);
        var later = _later + (share.FirstStream * stateRow);
        var earlier = _earlier + (share.FirstStream * stateRow);
        var operands = _operands + (share.FirstStream * operandRow);
        var part = (0, share.Streams);
        if (share.IsFirstOfItsStreams)
        {
            Unsafe(later, (int)(share.Streams * stateRow)).Clear();
        }

        Meet(share);
        for (var t = _steps - 1; t >= 0 && share.Streams > 0; t--)
        {
            var first = (t * (nint)_streams) + share.FirstStream;
            var rows = new BackwardRows<T>
            {
                Rows = share.Streams, First = share.FirstOf(_registers) * _products.Lanes, Registers = share.CountOf(_registers), Stride = _stride,
                Above = _above + (first * _stride), AboveRow = _stride, Later = later, Earlier = earlier,
                Operands = operands, OperandRow = operandRow, Vectors = own.Weights.Vectors, Previous = own.States + (first * stateRow),
                Next = own.States + ((first + _streams) * stateRow), StateRow = stateRow, Kept = own.Kept + (first * keptRow), KeptRow = keptRow,
                Gradients = own.Gradients + (first * gradientRow), GradientRow = gradientRow,
            };
            var isWritten = 0;
            for (var phase = _plan.Products.Count; phase >= 0; phase--)
            {
                if (_plan.BackwardPhases[phase])
                {
                    _cell.Backward(phase, rows);
                    Meet(share);
                }

                if (phase == 0)
                {
                    continue;
                }

                var product = _plan.Products[phase - 1];
                var isState = product.State >= 0;
                var target = isState ? earlier + (product.State * _stride) : operands + ((phase - 1) * _stride);
                var accumulate = isState && (_plan.Direct[product.State] || (isWritten & (1 << product.State)) != 0);
                isWritten |= isState ? 1 << product.State : 0;
                var layout = own.Weights.RecurrentCopyLayouts[phase - 1];
                var panels = (share.FirstOf(layout.Panels.Count), share.CountOf(layout.Panels.Count));
                BackProduct(rows.Gradients, gradientRow, product.Terms, own.Weights.RecurrentCopies[phase - 1], layout, panels, target, isState ? stateRow : operandRow, part, accumulate);
                Meet(share);
            }

            var done = later;
            later = earlier;
            earlier = done;
        }
    }

    /// <summary>A worker's part of the gradients of all of a layer's parameters.</summary>
    private void WeightGradients(int layer, int rows, int worker)
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
            Outer(left, leftRow, own.Gradients, gradientRow, register => (terms[register % terms.Count].Gradient * _stride) + (register / terms.Count * _products.Lanes), own.Weights.RecurrentLayouts[group], own.Weights.RecurrentGradients[group], rows, worker);
        }

        for (var vector = 0; vector < _plan.Vectors.Count; vector++)
        {
            AddRows(own.Gradients + (_plan.Vectors[vector].Gradient * _stride), gradientRow, _stride, own.Weights.VectorGradients + (vector * _stride), rows, worker);
        }

        if (layer > 0)
        {
            var (below, belowRow) = Output(layer - 1);
            Outer(below, belowRow, own.Gradients, gradientRow, register => (_plan.Inputs[register / _registers].Gradient * _stride) + (register % _registers * _products.Lanes), own.Weights.InputLayout!, own.Weights.InputGradient, rows, worker);
            return;
        }

        // A one-hot input hands its row's gradient to the column of its character.
        var (first, length) = ElementsOf(_stride, worker);
        for (var row = 0; row < rows; row++)
        {
            var column = own.Weights.InputGradient + (_x[row] * (nint)_plan.Inputs.Count * _stride) + first;
            for (var input = 0; input < _plan.Inputs.Count; input++)
            {
                Add(own.Gradients + (row * gradientRow) + (_plan.Inputs[input].Gradient * _stride) + first, column + (input * _stride), length);
            }
        }
    }

    /// <summary>A layer's output, which the next layer or V reads: its states h, or what dropout left of them.</summary>
    private Rows Output(int layer) => Options.Dropout > 0
        ? new(_layers[layer].Dropped, _stride)
        : new(_layers[layer].States + (_streams * _states * _stride), _states * _stride);

    private void Drop(int layer, (int First, int Count) part)
    {
        var stateRow = _states * _stride;
        var states = _layers[layer].States + (_streams * stateRow);
        for (var row = part.First; row < part.First + part.Count; row++)
        {
            _mask.Apply(Updates + 1, layer, row / _streams, row % _streams, Unsafe(states + (row * stateRow), _m), Unsafe(_layers[layer].Dropped + (row * _stride), _m));
        }
    }

    private void DropGradient(int layer, (int First, int Count) part)
    {
        for (var row = part.First; Options.Dropout > 0 && row < part.First + part.Count; row++)
        {
            var gradient = Unsafe(_above + (row * _stride), _m);
            _mask.Apply(Updates + 1, layer, row / _streams, row % _streams, gradient, gradient);
        }
    }

    /// <summary>output = left times a matrix that lies in panels, for some rows.</summary>
    private void Multiply(T* left, nint leftRow, T* right, PanelLayout layout, T* output, nint outputRow, (int First, int Count) rows, bool accumulate) =>
        Multiply(left, leftRow, right, layout, All(layout), 1, 0, output, outputRow, rows, accumulate);

    private void Multiply(T* left, nint leftRow, T* right, PanelLayout layout, (int First, int Count) panels, int parts, nint partStep, T* output, nint outputRow, (int First, int Count) rows, bool accumulate)
    {
        for (var i = panels.First; i < panels.First + panels.Count; i++)
        {
            var panel = layout.Panels[i];
            _products.Multiply(new Product<T>
            {
                Left = left + (rows.First * leftRow), LeftRow = leftRow, LeftStep = 1, Depth = layout.Depth / parts, Parts = parts, PartStep = partStep, Right = right + layout.Offset(panel),
                Registers = panel.Width, Output = output + (rows.First * outputRow) + (panel.Start * _products.Lanes), OutputRow = outputRow, Rows = rows.Count, Accumulate = accumulate,
            });
        }
    }

    /// <summary>The sum of the transposed matrices of some terms, times their gradients: some panels of it, for some rows.</summary>
    private void BackProduct(T* gradients, nint gradientRow, IReadOnlyList<CellTerm> terms, T* copy, PanelLayout layout, (int First, int Count) panels, T* output, nint outputRow, (int First, int Count) rows, bool accumulate)
    {
        var isRun = true;
        for (var term = 1; term < terms.Count; term++)
        {
            isRun &= terms[term].Gradient == terms[0].Gradient + term;
        }

        if (isRun)
        {
            Multiply(gradients + (terms[0].Gradient * _stride), gradientRow, copy, layout, panels, terms.Count, _stride - _m, output, outputRow, rows, accumulate);
            return;
        }

        for (var i = panels.First; i < panels.First + panels.Count; i++)
        {
            var panel = layout.Panels[i];
            for (var term = 0; term < terms.Count; term++)
            {
                _products.Multiply(new Product<T>
                {
                    Left = gradients + (rows.First * gradientRow) + (terms[term].Gradient * _stride), LeftRow = gradientRow, LeftStep = 1, Depth = _m, Parts = 1,
                    Right = copy + layout.Offset(panel) + (term * (nint)_m * panel.Width * _products.Lanes), Registers = panel.Width,
                    Output = output + (rows.First * outputRow) + (panel.Start * _products.Lanes), OutputRow = outputRow, Rows = rows.Count, Accumulate = accumulate || term > 0,
                });
            }
        }
    }

    /// <summary>
    /// A weight gradient: the sum over all rows of left times right, in the layout of the weights. Rows are taken some at a time and
    /// copied close together first, for as they lie each would fall into the same few sets of the nearest cache. A worker takes some
    /// of the blocks of one panel by some rows, which are numbered panel by panel.
    /// </summary>
    private void Outer(T* left, nint leftRow, T* right, nint rightRow, Func<int, nint> placeOf, PanelLayout layout, T* gradient, int rows, int worker)
    {
        var lanes = _products.Lanes;
        var groups = (layout.Depth + OuterRows - 1) / OuterRows;
        var packedLeft = _packedLeft + (worker * _packedLeftLength);
        var packedRight = _packedRight + (worker * _packedRightLength);
        var (firstBlock, blocks) = WorkerTeam.Part(layout.Panels.Count * groups, _team.Count, worker);
        for (var start = 0; start < rows; start += OuterDepth)
        {
            var depth = Math.Min(OuterDepth, rows - start);
            for (var group = 0; group < groups; group++)
            {
                var (unit, count) = WorkerTeam.Part(layout.Depth, groups, group);
                for (var row = 0; row < depth && IsAmong(group); row++)
                {
                    Unsafe(left + ((start + row) * leftRow) + unit, count).CopyTo(Unsafe(packedLeft + (((group * (nint)OuterDepth) + row) * OuterRows), count));
                }
            }

            for (var block = firstBlock; block < firstBlock + blocks; block++)
            {
                var (panel, group) = (layout.Panels[block / groups], block % groups);
                for (var v = 0; v < panel.Width && (block == firstBlock || group == 0); v++)
                {
                    var from = right + placeOf(panel.Start + v) + (start * rightRow);
                    for (var row = 0; row < depth; row++)
                    {
                        Unsafe(from + (row * rightRow), lanes).CopyTo(Unsafe(packedRight + (((row * panel.Width) + v) * lanes), lanes));
                    }
                }

                var (unit, count) = WorkerTeam.Part(layout.Depth, groups, group);
                _products.Multiply(new Product<T>
                {
                    Left = packedLeft + ((nint)group * OuterDepth * OuterRows), LeftRow = 1, LeftStep = OuterRows, Depth = depth, Parts = 1, Right = packedRight, Registers = panel.Width,
                    Output = gradient + layout.Offset(panel) + (unit * (nint)panel.Width * lanes), OutputRow = panel.Width * lanes, Rows = count, Accumulate = start > 0,
                });
            }
        }

        bool IsAmong(int group) => blocks >= groups || (group - (firstBlock % groups) + groups) % groups < blocks;
    }

    private static Span<T> Unsafe(T* pointer, int length) => new(pointer, length);

    /// <summary>A worker's part of the sum of all rows.</summary>
    private void AddRows(T* first, nint row, nint length, T* sum, int rows, int worker)
    {
        var (start, count) = ElementsOf(length, worker);
        Unsafe(sum + start, (int)count).Clear();
        for (var i = 0; i < rows; i++)
        {
            Add(first + (i * row) + start, sum + start, count);
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

    /// <summary>How many groups of rows there are; the last takes what is left over, so that a product of more rows than one never meets a row alone.</summary>
    private static int GroupsOf(int rows) => Math.Max(1, rows / GroupRows);

    /// <summary>A worker's rows: whole groups.</summary>
    private (int First, int Count) RowsOf(int rows, int worker)
    {
        var groups = GroupsOf(rows);
        var (first, count) = WorkerTeam.Part(groups, _team.Count, worker);
        var start = first * GroupRows;
        return count == 0 ? (0, 0) : (start, first + count == groups ? rows - start : count * GroupRows);
    }

    /// <summary>A worker's elements of a vector: whole registers.</summary>
    private (nint First, nint Count) ElementsOf(nint length, int worker)
    {
        var (first, count) = WorkerTeam.Part((int)(length / _products.Lanes), _team.Count, worker);
        return (first * (nint)_products.Lanes, count * (nint)_products.Lanes);
    }

    private static (int First, int Count) All(PanelLayout layout) => (0, layout.Panels.Count);

    private void RunRecurrence(Action<int> work)
    {
        if (_sharesUnits)
        {
            _team.RunTogether(work);
        }
        else
        {
            _team.Run(work);
        }
    }

    /// <summary>What a worker does of a recurrence.</summary>
    private Share ShareOf(int worker)
    {
        if (_sharesUnits)
        {
            return new(worker, 0, _streams, _team.Count);
        }

        var (first, count) = WorkerTeam.Part(_streams, _streamWorkers, worker);
        return new(worker, first, count, 1);
    }

    private void Meet(Share share)
    {
        if (share.Workers > 1)
        {
            _team.Meet();
        }
    }

    /// <summary>
    /// What a worker does of a recurrence: all units of some streams, which need nobody else; or some units of all streams, where
    /// workers meet after each step.
    /// </summary>
    /// <param name="Worker">The worker's number, from 0.</param>
    /// <param name="FirstStream">The first stream.</param>
    /// <param name="Streams">How many streams.</param>
    /// <param name="Workers">How many share the units of these streams.</param>
    private readonly record struct Share(int Worker, int FirstStream, int Streams, int Workers)
    {
        public bool IsFirstOfItsStreams => Workers == 1 || Worker == 0;

        /// <summary>Of registers, sets or panels that lie one after the other, the first that is this worker's.</summary>
        public int FirstOf(int count) => Workers == 1 ? 0 : WorkerTeam.Part(count, Workers, Worker).First;

        public int CountOf(int count) => Workers == 1 ? count : WorkerTeam.Part(count, Workers, Worker).Count;
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
}
