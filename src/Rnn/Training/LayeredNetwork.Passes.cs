using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Training;

/// <summary>
/// A chunk forward, back through time, and the update, shared by the workers. Streams are independent of one another, rows of every
/// other product too, and a weight gradient is shared by its own rows and columns: nobody adds up what two workers made, so that the
/// bytes do not depend on how many there are.
/// </summary>
public sealed unsafe partial class LayeredNetwork<T>
{
    /// <summary>The most time steps and streams that an outer product takes at a time: so many that its result is seldom put down and taken up again.</summary>
    private const int MostDepth = 1024;

    /// <summary>Rows that a worker takes at least of a product of all.</summary>
    private const int GroupRows = 16;

    /// <inheritdoc/>
    public override double Forward(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        CheckLengths(x, y);
        _steps = 0;
        CheckIndices(y);
        y.CopyTo(_y);
        var steps = x.Length / _streams;
        RunStates(x);
        RunLogits(steps, areJudged: true);
        x.CopyTo(_x);
        (_steps, _isBackpropagated) = (steps, false);
        return SumOfLosses(steps) * LossScale(steps);
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
            RunLayer(layer, x.Length / _streams);
        }
    }

    /// <summary>A layer's states and outputs, once its products with the input are there.</summary>
    private void RunLayer(int layer, int steps)
    {
        RunRecurrence(worker => Recur(layer, steps, ShareOf(worker)));
        if (Options.Dropout > 0)
        {
            _team.Run(worker => Drop(layer, PartOf(worker, steps)));
        }
    }

    /// <summary>O = H V' + c; and where they are judged the losses and their gradients.</summary>
    private void RunLogits(int steps, bool areJudged)
    {
        _team.Run(worker =>
        {
            var part = PartOf(worker, steps);
            Logits(part);
            if (areJudged)
            {
                Losses(part);
            }
        });
    }

    private void Logits(Part part)
    {
        var logits = LogitRows.Of(part);
        for (var row = 0; row < part.Count; row++)
        {
            Unsafe(_parameters.C, (int)_vocabularyStride).CopyTo(Unsafe(logits + (row * _vocabularyStride), (int)_vocabularyStride));
        }

        Multiply(Output(_layers.Length - 1), _parameters.V, _parameters.VLayout, LogitRows, part, accumulate: true);
    }

    /// <summary>Row by row, for which rows lie together depends on the number of workers.</summary>
    private void Losses(Part part)
    {
        var logits = LogitRows.Of(part);
        var losses = _losses.AsSpan((int)part.Block.RowOf(0, SequenceLength) + part.First, part.Count);
        for (var row = 0; row < part.Count; row++)
        {
            losses[row] = _softmax.SoftmaxLoss(Unsafe(logits + (row * _vocabularyStride), (int)_vocabularyStride), _y.AsSpan(part.CharacterOf(row, _streams), 1));
        }
    }

    /// <summary>In the order of time steps, the streams of one side by side.</summary>
    private double SumOfLosses(int steps)
    {
        var sum = 0.0;
        for (var t = 0; t < steps; t++)
        {
            foreach (var block in _blocks)
            {
                foreach (var loss in _losses.AsSpan((int)block.RowOf(t, SequenceLength), block.Count))
                {
                    sum += loss;
                }
            }
        }

        return sum;
    }

    /// <summary>Where each row of a layer finds its products with the input: columns of U, or a product over all time steps at once.</summary>
    private void SetInputs(int layer, ReadOnlySpan<int> x)
    {
        var (weights, inputRow, steps) = (_layers[layer].Weights, _plan.Inputs.Count * _stride, x.Length / _streams);
        var products = InputRows(layer);
        foreach (var block in _blocks)
        {
            var part = block.Rows(steps);
            for (var row = 0; row < part.Count; row++)
            {
                _inputs[block.RowOf(0, SequenceLength) + row] = layer == 0 ? weights.Input + (x[part.CharacterOf(row, _streams)] * inputRow) : products.Of(part) + (row * inputRow);
            }
        }

        if (layer > 0)
        {
            var below = Output(layer - 1);
            _team.Run(worker => Multiply(below, weights.Input, weights.InputLayout!, products, PartOf(worker, steps), accumulate: false));
        }
    }

    /// <summary>One time step after the other: products with the states before, and the cell's equations on them.</summary>
    private void Recur(int layer, int steps, Share share)
    {
        var (own, block) = (_layers[layer], share.Block);
        var (states, kept) = (StateRows(layer), KeptRows(layer));
        var rows = new ForwardRows<T>
        {
            Rows = block.Count, Stride = _stride, Vectors = own.Weights.Vectors, StateRow = states.Row, KeptRow = kept.Row, Products = _sums + (share.Worker * _sumsLength),
        };
        for (var t = 0; t < steps && block.Count > 0; t++)
        {
            rows.Previous = states.At(block, t);
            rows.Next = states.At(block, t + 1);
            rows.Kept = kept.At(block, t);
            rows.Inputs = _inputs + block.RowOf(t, SequenceLength);
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
                var left = product.State >= 0 ? states.Vector(product.State, _stride) : kept.Vector(product.Kept, _stride);
                var turn = share.TurnOf(sets.Length, t);
                for (var i = 0; i < turn.Count; i++)
                {
                    var set = sets[turn.At(i)];
                    (rows.First, rows.Registers) = (set.First * _products.Lanes, set.Registers);
                    rows.ProductRow = rows.Registers * product.Terms.Count * (nint)_products.Lanes;
                    foreach (var panel in set.Panels)
                    {
                        _products.Multiply(new Product<T>
                        {
                            Left = left.At(block, t), LeftRow = left.Row, LeftStep = 1, Depth = _m, Parts = 1, Right = own.Weights.Recurrent[group] + layout.Offset(panel), Registers = panel.Width,
                            Output = rows.Products + ((panel.Start - set.Panels[0].Start) * _products.Lanes), OutputRow = rows.ProductRow, Rows = block.Count,
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

    /// <summary>What the next chunk needs: copies of the new weights that are read the other way round, gradients of U that begin at zero, the last states.</summary>
    private void Renew(ReadOnlyMemory<int> touched)
    {
        _team.Run(worker =>
        {
            _parameters.ClearInputGradients(touched, worker, _team.Count);
            _parameters.RenewCopies(worker, _team.Count);
            Carry(BlockOf(worker));
        });
        _steps = 0;
    }

    /// <summary>The gradients of the last chunk's loss, as it was given, neither clipped nor applied; what the chunk made of the state may still be carried on.</summary>
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
        if (_steps == 0 || _isBackpropagated)
        {
            throw new InvalidOperationException("Run Forward on a chunk first; each chunk is backpropagated once.");
        }

        // Its gradients may lie where what it kept lay.
        _isBackpropagated = true;
        var (steps, last) = (_steps, _layers.Length - 1);
        _team.Run(worker =>
        {
            DenseGradients(steps, worker);
            GradientFromLogits(PartOf(worker, steps));
        });
        for (var layer = last; layer >= 0; layer--)
        {
            var current = layer;
            RunRecurrence(worker => RecurBack(current, ShareOf(worker)));
            _team.Run(worker =>
            {
                WeightGradients(current, steps, worker);
                if (current > 0)
                {
                    GradientBelow(current, PartOf(worker, steps));
                }
            });
        }
    }

    /// <summary>A worker's part of the gradients of V and c.</summary>
    private void DenseGradients(int steps, int worker)
    {
        Outer(Output(_layers.Length - 1), LogitRows, register => register * _products.Lanes, _parameters.VLayout, _parameters.VGradient, steps, worker);
        AddRows(LogitRows, _vocabularyStride, _parameters.CGradient, steps, worker);
    }

    /// <summary>The gradient of the last layer's output.</summary>
    private void GradientFromLogits(Part part)
    {
        Multiply(LogitRows, _parameters.VCopy, _parameters.VCopyLayout, AboveRows, part, accumulate: false);
        DropGradient(_layers.Length - 1, part);
    }

    /// <summary>The gradient of the output of the layer below, through the products with it.</summary>
    private void GradientBelow(int layer, Part part)
    {
        var (weights, gradients) = (_layers[layer].Weights, GradientRows(layer));
        BackProduct(gradients.Of(part), gradients.Row, _plan.Inputs, weights.InputCopy, weights.InputCopyLayout!, All(weights.InputCopyLayout!), AboveRows.Of(part), _stride, part.Count, accumulate: false);
        DropGradient(layer - 1, part);
    }

    /// <summary>Back through time: the cell's gradients, and through its products to the states before.</summary>
    private void RecurBack(int layer, Share share)
    {
        var (own, block, operandRow) = (_layers[layer], share.Block, Math.Max(1, _plan.Products.Count) * _stride);
        var (states, kept, gradients) = (StateRows(layer), KeptRows(layer), GradientRows(layer));
        var later = _later + (block.First * states.Row);
        var earlier = _earlier + (block.First * states.Row);
        var operands = _operands + (block.First * operandRow);
        if (share.IsFirstOfItsStreams)
        {
            Unsafe(later, (int)(block.Count * states.Row)).Clear();
        }

        Meet(share);
        for (var t = _steps - 1; t >= 0 && block.Count > 0; t--)
        {
            var rows = new BackwardRows<T>
            {
                Rows = block.Count, First = share.FirstOf(_registers) * _products.Lanes, Registers = share.CountOf(_registers), Stride = _stride,
                Above = AboveRows.At(block, t), AboveRow = _stride, Later = later, Earlier = earlier,
                Operands = operands, OperandRow = operandRow, Vectors = own.Weights.Vectors, Previous = states.At(block, t),
                Next = states.At(block, t + 1), StateRow = states.Row, Kept = kept.At(block, t), KeptRow = kept.Row,
                Gradients = gradients.At(block, t), GradientRow = gradients.Row,
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
                BackProduct(rows.Gradients, gradients.Row, product.Terms, own.Weights.RecurrentCopies[phase - 1], layout, share.TurnOf(layout.Panels.Count, t), target, isState ? states.Row : operandRow, block.Count, accumulate);
                Meet(share);
            }

            var done = later;
            later = earlier;
            earlier = done;
        }
    }

    /// <summary>A worker's part of the gradients of all of a layer's parameters.</summary>
    private void WeightGradients(int layer, int steps, int worker)
    {
        var (weights, gradients) = (_layers[layer].Weights, GradientRows(layer));
        for (var group = 0; group < _plan.Products.Count; group++)
        {
            var product = _plan.Products[group];
            var left = product.State >= 0 ? StateRows(layer).Vector(product.State, _stride) : KeptRows(layer).Vector(product.Kept, _stride);
            var terms = product.Terms;
            Outer(left, gradients, register => (terms[register % terms.Count].Gradient * _stride) + (register / terms.Count * _products.Lanes), weights.RecurrentLayouts[group], weights.RecurrentGradients[group], steps, worker);
        }

        for (var vector = 0; vector < _plan.Vectors.Count; vector++)
        {
            AddRows(gradients.Vector(_plan.Vectors[vector].Gradient, _stride), _stride, weights.VectorGradients + (vector * _stride), steps, worker);
        }

        if (layer > 0)
        {
            Outer(Output(layer - 1), gradients, register => (_plan.Inputs[register / _registers].Gradient * _stride) + (register % _registers * _products.Lanes), weights.InputLayout!, weights.InputGradient, steps, worker);
        }
        else
        {
            InputGradients(gradients, weights.InputGradient, steps, worker);
        }
    }

    /// <summary>A one-hot input hands its row's gradient to the column of its character; a worker has columns of its own.</summary>
    private void InputGradients(Rows gradients, T* columns, int steps, int worker)
    {
        var own = _parameters.ColumnsOf(worker, _team.Count);
        for (var t = 0; t < steps; t++)
        {
            foreach (var block in _blocks)
            {
                var row = gradients.At(block, t);
                foreach (var character in _x.AsSpan((t * _streams) + block.First, block.Count))
                {
                    var column = columns + (character * (nint)_plan.Inputs.Count * _stride);
                    for (var input = 0; input < _plan.Inputs.Count && own.Has(character); input++)
                    {
                        _products.AddRows(row + (_plan.Inputs[input].Gradient * _stride), 0, 1, column + (input * _stride), _registers);
                    }

                    row += gradients.Row;
                }
            }
        }
    }

    private void Drop(int layer, Part part)
    {
        var states = StateRows(layer, later: 1).Of(part);
        var dropped = Output(layer).Of(part);
        for (var row = 0; row < part.Count; row++)
        {
            Mask(layer, part, row, states + (row * _states * _stride), dropped + (row * _stride));
        }
    }

    private void DropGradient(int layer, Part part)
    {
        var gradients = AboveRows.Of(part);
        for (var row = 0; Options.Dropout > 0 && row < part.Count; row++)
        {
            Mask(layer, part, row, gradients + (row * _stride), gradients + (row * _stride));
        }
    }

    private void Mask(int layer, Part part, int row, T* from, T* to)
    {
        var (t, stream) = Math.DivRem(part.CharacterOf(row, _streams), _streams);
        _mask.Apply(Updates + 1, layer, t, stream, Unsafe(from, _m), Unsafe(to, _m));
    }

    /// <summary>output = left times a matrix that lies in panels, for some rows.</summary>
    private void Multiply(Rows left, T* right, PanelLayout layout, Rows output, Part part, bool accumulate) =>
        Multiply(left.Of(part), left.Row, right, layout, All(layout), 1, 0, output.Of(part), output.Row, part.Count, accumulate);

    private void Multiply(T* left, nint leftRow, T* right, PanelLayout layout, Turn turn, int parts, nint partStep, T* output, nint outputRow, int rows, bool accumulate)
    {
        for (var i = 0; i < turn.Count; i++)
        {
            var panel = layout.Panels[turn.At(i)];
            _products.Multiply(new Product<T>
            {
                Left = left, LeftRow = leftRow, LeftStep = 1, Depth = layout.Depth / parts, Parts = parts, PartStep = partStep, Right = right + layout.Offset(panel),
                Registers = panel.Width, Output = output + (panel.Start * _products.Lanes), OutputRow = outputRow, Rows = rows, Accumulate = accumulate,
            });
        }
    }

    /// <summary>The sum of the transposed matrices of some terms, times their gradients: some panels of it, for some rows.</summary>
    private void BackProduct(T* gradients, nint gradientRow, IReadOnlyList<CellTerm> terms, T* copy, PanelLayout layout, Turn turn, T* output, nint outputRow, int rows, bool accumulate)
    {
        var isRun = true;
        for (var term = 1; term < terms.Count; term++)
        {
            isRun &= terms[term].Gradient == terms[0].Gradient + term;
        }

        if (isRun)
        {
            Multiply(gradients + (terms[0].Gradient * _stride), gradientRow, copy, layout, turn, terms.Count, _stride - _m, output, outputRow, rows, accumulate);
            return;
        }

        for (var i = 0; i < turn.Count; i++)
        {
            var panel = layout.Panels[turn.At(i)];
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
    private void Outer(Rows left, Rows right, Func<int, nint> placeOf, PanelLayout layout, T* gradient, int steps, int worker)
    {
        var (lanes, groups, rows) = (_products.Lanes, layout.Groups, steps * _streams);
        var packedLeft = _packedLeft + (worker * _packedLeftLength);
        var packedRight = _packedRight + (worker * _packedRightLength);
        var (firstBlock, blocks) = WorkerTeam.Part(layout.Blocks, _team.Count, worker);
        for (var start = 0; start < rows; start += _outerDepth)
        {
            var depth = Math.Min(_outerDepth, rows - start);
            for (var group = 0; group < groups; group++)
            {
                for (var unit = 0; unit < layout.RowsOf(group) && IsAmong(group); unit += lanes)
                {
                    Gather(left, (group * PanelLayout.GroupRows) + unit, start, depth, packedLeft + (group * (nint)_outerDepth * PanelLayout.GroupRows) + unit, PanelLayout.GroupRows);
                }
            }

            for (var block = firstBlock; block < firstBlock + blocks; block++)
            {
                var (panel, group) = (layout.Panels[block / groups], block % groups);
                for (var v = 0; v < panel.Width && (block == firstBlock || group == 0); v++)
                {
                    Gather(right, placeOf(panel.Start + v), start, depth, packedRight + (v * lanes), panel.Width * lanes);
                }

                _products.Multiply(new Product<T>
                {
                    Left = packedLeft + (group * (nint)_outerDepth * PanelLayout.GroupRows), LeftRow = 1, LeftStep = PanelLayout.GroupRows, Depth = depth, Parts = 1, Right = packedRight,
                    Registers = panel.Width, Output = gradient + layout.BlockOffset(block), OutputRow = panel.Width * lanes, Rows = layout.RowsOf(group), Accumulate = start > 0,
                });
            }
        }

        bool IsAmong(int group) => blocks >= groups || (group - (firstBlock % groups) + groups) % groups < blocks;
    }

    /// <summary>One register of some rows, in the order of time steps, the streams of one side by side: the same for any number of workers.</summary>
    private void Gather(Rows rows, nint offset, int start, int count, T* to, nint toRow)
    {
        if (_blocks.Length == 1)
        {
            _products.Gather(rows.At(_blocks[0], 0) + (start * rows.Row) + offset, rows.Row, to, toRow, count);
            return;
        }

        // Block by block: addresses at equal distances are fetched ahead.
        foreach (var block in _blocks)
        {
            for (var (t, end) = (start / _streams, start + count); t * _streams < end; t++)
            {
                var row = t * _streams;
                var (first, last) = (Math.Max(start, row + block.First), Math.Min(end, row + block.First + block.Count));
                if (first < last)
                {
                    _products.Gather(rows.At(block, t) + ((first - row - block.First) * rows.Row) + offset, rows.Row, to + ((first - start) * toRow), toRow, last - first);
                }
            }
        }
    }

    private static Span<T> Unsafe(T* pointer, int length) => new(pointer, length);

    /// <summary>A worker's part of the sum of all rows.</summary>
    private void AddRows(Rows rows, nint length, T* sum, int steps, int worker)
    {
        var (first, registers) = WorkerTeam.Part((int)(length / _products.Lanes), _team.Count, worker);
        var start = first * (nint)_products.Lanes;
        Unsafe(sum + start, registers * _products.Lanes).Clear();
        for (var t = 0; t < steps; t++)
        {
            foreach (var block in _blocks)
            {
                _products.AddRows(rows.At(block, t) + start, rows.Row, block.Count, sum + start, registers);
            }
        }
    }

    /// <summary>
    /// A worker's rows: those of its streams, or, where streams are not shared, whole groups of rows. The last group takes what is left
    /// over, so that a product of more rows than one never meets a row alone.
    /// </summary>
    private Part PartOf(int worker, int steps)
    {
        if (_blocks.Length > 1)
        {
            return BlockOf(worker).Rows(steps);
        }

        var rows = steps * _streams;
        var groups = Math.Max(1, rows / GroupRows);
        var (first, count) = WorkerTeam.Part(groups, _team.Count, worker);
        var start = first * GroupRows;
        return count == 0 ? default : new(_blocks[0], start, first + count == groups ? rows - start : count * GroupRows);
    }

    private static Turn All(PanelLayout layout) => new(0, layout.Panels.Count, IsBackwards: false);

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
    private Share ShareOf(int worker) => _sharesUnits ? new(worker, _blocks[0], _team.Count) : new(worker, BlockOf(worker), 1);

    /// <summary>A worker's streams; none where there are more workers than blocks.</summary>
    private Block BlockOf(int worker) => worker < _blocks.Length ? _blocks[worker] : default;

    private void Meet(Share share)
    {
        if (share.Workers > 1)
        {
            _team.Meet();
        }
    }
}
