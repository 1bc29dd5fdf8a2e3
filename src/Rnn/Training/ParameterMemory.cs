using System.Numerics;
using CharRnn.Kernels;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Registers;

namespace CharRnn.Rnn.Training;

/// <summary>
/// A network's parameters in native memory in the layouts of its products, their gradients and the optimiser's slots beside them in the
/// same order, so that a rule is one pass over all. Padding is zero, and minus infinity in c.
/// </summary>
internal sealed unsafe class ParameterMemory<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Squares that are added up before others.</summary>
    private const int SquaresTogether = 16_384;

    private readonly NetworkShape _shape;
    private readonly AlignedArena<T> _arena;
    private readonly T* _weights, _gradients, _slots;
    private readonly int _slotCount, _lanes;
    private readonly nint _length, _vocabularyStride, _inputLength, _inputColumn;
    private readonly List<(PanelLayout Layout, nint At)> _matrices = [];
    private readonly List<(nint Length, nint At)> _vectors = [];
    private readonly List<(PanelLayout From, nint Weights, Func<int, (int Block, int Term)> PlaceOf, int Units, PanelLayout To, nint Copy)> _copies = [];
    private readonly T* _copyMemory;

    public ParameterMemory(NetworkShape shape, int slotCount, int lanes, int mostRegisters)
    {
        (_shape, _slotCount, _lanes) = (shape, slotCount, lanes);
        var (m, k, plan) = (shape.HiddenSize, shape.VocabularySize, shape.Cell.Plan);
        var (registers, vocabularyRegisters) = ((m + lanes - 1) / lanes, (k + lanes - 1) / lanes);
        nint stride = registers * lanes;
        _vocabularyStride = vocabularyRegisters * lanes;

        nint used = 0, copies = 0;
        nint Take(long length)
        {
            var start = used;
            used += checked((nint)length);
            return start;
        }

        nint TakeMatrix(PanelLayout layout)
        {
            _matrices.Add((layout, used));
            return Take(layout.Length);
        }

        nint TakeVectors(nint length)
        {
            _vectors.Add((length, used));
            return Take(length);
        }

        nint TakeCopy(long length)
        {
            var start = copies;
            copies += checked((nint)length);
            return start;
        }

        // The columns of U come first: they are the ones that may be left alone.
        _inputColumn = plan.Inputs.Count * stride;
        _inputLength = k * _inputColumn;
        Take(_inputLength);
        var layers = new List<Func<LayerMemory<T>>>();
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var recurrent = plan.Products.Select(product => new PanelLayout(registers * product.Terms.Count, product.Terms.Count, m, lanes, mostRegisters)).ToArray();
            var recurrentAt = Array.ConvertAll(recurrent, TakeMatrix);
            var copyLayouts = plan.Products.Select(product => new PanelLayout(registers, 1, m * product.Terms.Count, lanes, mostRegisters)).ToArray();
            var copiesAt = Array.ConvertAll(copyLayouts, layout => TakeCopy(layout.Length));
            for (var group = 0; group < recurrent.Length; group++)
            {
                var terms = plan.Products[group].Terms.Count;
                _copies.Add((recurrent[group], recurrentAt[group], register => (register / terms, register % terms), m, copyLayouts[group], copiesAt[group]));
            }

            PanelLayout? input = null, inputCopy = null;
            nint inputAt = 0, inputCopyAt = 0;
            if (layer > 0)
            {
                input = new PanelLayout(registers * plan.Inputs.Count, 1, m, lanes, mostRegisters);
                inputAt = TakeMatrix(input);
                inputCopy = new PanelLayout(registers, 1, m * plan.Inputs.Count, lanes, mostRegisters);
                inputCopyAt = TakeCopy(inputCopy.Length);
                _copies.Add((input, inputAt, register => (register % registers, register / registers), m, inputCopy, inputCopyAt));
            }

            var vectorsAt = TakeVectors(plan.Vectors.Count * stride);
            layers.Add(() => new LayerMemory<T>(
                recurrent, [.. recurrent.Select(layout => Sets(layout, plan.Products[Array.IndexOf(recurrent, layout)].Terms.Count))], recurrentAt, copyLayouts, copiesAt,
                input, inputAt, inputCopy, inputCopyAt, vectorsAt, _weights, _gradients, _copyMemory));
        }

        VLayout = new PanelLayout(vocabularyRegisters, 1, m, lanes, mostRegisters);
        VCopyLayout = new PanelLayout(registers, 1, k, lanes, mostRegisters);
        var (vAt, cAt, vCopyAt) = (TakeMatrix(VLayout), TakeVectors(_vocabularyStride), TakeCopy(VCopyLayout.Length));
        _copies.Add((VLayout, vAt, register => (register, 0), k, VCopyLayout, vCopyAt));
        _length = used;

        _arena = new AlignedArena<T>(_length, _length, _length * (long)slotCount, copies);
        _weights = _arena.Take(_length);
        _gradients = _arena.Take(_length);
        _slots = _arena.Take(_length * (long)slotCount);
        _copyMemory = _arena.Take(copies);
        V = _weights + vAt;
        VGradient = _gradients + vAt;
        C = _weights + cAt;
        CGradient = _gradients + cAt;
        VCopy = _copyMemory + vCopyAt;
        Layers = [.. layers.Select(make => make())];
        PadC();
    }

    public IReadOnlyList<LayerMemory<T>> Layers { get; }

    public PanelLayout VLayout { get; }

    public PanelLayout VCopyLayout { get; }

    /// <summary>V', in panels of the vocabulary.</summary>
    public T* V { get; }

    public T* VGradient { get; }

    /// <summary>V, in panels of the hidden units.</summary>
    public T* VCopy { get; }

    public T* C { get; }

    public T* CGradient { get; }

    /// <summary>The sum of the squares of all gradients, in double precision, added up in blocks that are the same for any team.</summary>
    public double SumOfSquaredGradients(WorkerTeam team)
    {
        var sums = new double[(_length + SquaresTogether - 1) / SquaresTogether];
        team.Run(worker =>
        {
            var (first, count) = WorkerTeam.Part(sums.Length, team.Count, worker);
            for (var block = first; block < first + count; block++)
            {
                var start = block * (nint)SquaresTogether;
                sums[block] = GradientNorm.SumOfSquares<T>(new(_gradients + start, (int)nint.Min(SquaresTogether, _length - start)));
            }
        });
        return sums.Sum();
    }

    /// <summary>
    /// A worker's part of one pass of a rule over everything: of matrices the blocks whose gradients it made, which its core has near. Over
    /// the columns of U it is only where a character was read, unless all move.
    /// </summary>
    public void Apply(OptimizerKernels<T> kernels, ReadOnlySpan<T> numbers, T scale, T clip, ReadOnlyMemory<int> columns, bool all, int worker, int workers)
    {
        foreach (var (layout, at) in _matrices)
        {
            var (first, count) = WorkerTeam.Part(layout.Blocks, workers, worker);
            var start = layout.BlockOffset(first);
            Apply(at + start, layout.BlockOffset(first + count) - start, kernels, numbers, scale, clip);
        }

        foreach (var (length, at) in _vectors)
        {
            var (first, count) = WorkerTeam.Part((int)(length / _lanes), workers, worker);
            Apply(at + (first * (nint)_lanes), count * (nint)_lanes, kernels, numbers, scale, clip);
        }

        var own = ColumnsOf(worker, workers);
        if (all)
        {
            Apply(own.First * _inputColumn, own.Count * _inputColumn, kernels, numbers, scale, clip);
            return;
        }

        foreach (var column in columns.Span)
        {
            if (own.Has(column))
            {
                Apply(column * _inputColumn, _inputColumn, kernels, numbers, scale, clip);
            }
        }
    }

    private void Apply(nint at, nint count, OptimizerKernels<T> kernels, ReadOnlySpan<T> numbers, T scale, T clip) =>
        kernels.Apply(_weights + at, _gradients + at, _slots + at, _length, count, numbers, scale, clip);

    /// <summary>The columns of U whose gradient and update are a worker's.</summary>
    public Columns ColumnsOf(int worker, int workers)
    {
        var (first, count) = WorkerTeam.Part(_shape.VocabularySize, workers, worker);
        return new(first, count);
    }

    /// <summary>Columns of U, one beside the other.</summary>
    public readonly record struct Columns(int First, int Count)
    {
        public bool Has(int column) => column >= First && column < First + Count;
    }

    /// <summary>The gradients of U are added up row by row: a worker's columns go back to zero.</summary>
    public void ClearInputGradients(ReadOnlyMemory<int> columns, int worker, int workers)
    {
        var own = ColumnsOf(worker, workers);
        foreach (var column in columns.Span)
        {
            if (own.Has(column))
            {
                new Span<T>(_gradients + (column * _inputColumn), (int)_inputColumn).Clear();
            }
        }
    }

    /// <summary>A worker's part of the transposed copies that the backward pass reads.</summary>
    public void RenewCopies(int worker, int workers)
    {
        foreach (var (from, weights, placeOf, units, to, copy) in _copies)
        {
            var (first, count) = WorkerTeam.Part(from.Registers, workers, worker);
            for (var register = first; register < first + count; register++)
            {
                var (block, term) = placeOf(register);
                var (offset, step) = from.Register(register);
                foreach (var panel in to.Panels)
                {
                    var row = panel.Start * _lanes;
                    var target = _copyMemory + copy + to.Offset(panel) + (((term * (nint)units) + (block * _lanes)) * panel.Width * _lanes);
                    Transposition.Copy(_weights + weights + offset + (row * step), Math.Min(from.Depth - row, panel.Width * _lanes), Math.Min(_lanes, units - (block * _lanes)), step, target, panel.Width * _lanes);
                }
            }
        }
    }

    public void Import(NetworkWeights<T> weights, IReadOnlyList<NetworkWeights<T>> slots)
    {
        // The padding too: after an update that overflowed it may hold what zero times infinity gave.
        new Span<T>(_weights, checked((int)_length)).Clear();
        Copy(weights, _weights, import: true);
        PadC();
        for (var slot = 0; slot < _slotCount; slot++)
        {
            new Span<T>(_slots + (slot * _length), (int)_length).Clear();
            if (slot < slots.Count)
            {
                Copy(slots[slot], _slots + (slot * _length), import: true);
            }
        }
    }

    public void ExportWeights(NetworkWeights<T> weights) => Copy(weights, _weights, import: false);

    public void ExportGradients(NetworkWeights<T> gradients) => Copy(gradients, _gradients, import: false);

    public void ExportSlots(IReadOnlyList<NetworkWeights<T>> slots)
    {
        for (var slot = 0; slot < slots.Count; slot++)
        {
            Copy(slots[slot], _slots + (slot * _length), import: false);
        }
    }

    public void Dispose() => _arena.Dispose();

    private void PadC() => new Span<T>(C + _shape.VocabularySize, (int)_vocabularyStride - _shape.VocabularySize).Fill(T.NegativeInfinity);

    /// <summary>Sets of whole blocks of units: what is multiplied before the cell's equations run on it.</summary>
    private static UnitSet[] Sets(PanelLayout layout, int terms)
    {
        var (sets, panels) = (new List<UnitSet>(), new List<PanelLayout.Panel>());
        foreach (var panel in layout.Panels)
        {
            panels.Add(panel);
            var registers = panels.Sum(part => part.Width);
            if (registers % terms == 0)
            {
                sets.Add(new(panels[0].Start / terms, registers / terms, [.. panels]));
                panels.Clear();
            }
        }

        return [.. sets];
    }

    private void Copy(NetworkWeights<T> plain, T* memory, bool import)
    {
        foreach (var (parameter, tensor) in _shape.Parameters.Zip(plain.Tensors))
        {
            var rows = parameter.IsMatrix ? parameter.Shape[0] : 1;
            var columns = tensor.Values.Length / rows;
            for (var row = 0; row < rows; row++)
            {
                var (start, step) = Place(parameter, row);
                var values = tensor.Values.AsSpan(row * columns, columns);
                var at = memory + start;
                for (var column = 0; column < columns; column++, at += step)
                {
                    if (import)
                    {
                        *at = values[column];
                    }
                    else
                    {
                        values[column] = *at;
                    }
                }
            }
        }
    }

    /// <summary>Where the first element of a parameter's row lies, and how far it is to the next.</summary>
    private (nint Start, nint Step) Place(NetworkParameter parameter, int row)
    {
        if (parameter.Layer == NetworkParameter.Dense)
        {
            return parameter.IsMatrix ? At(VLayout, (nint)(V - _weights), row / _lanes, row % _lanes) : ((nint)(C - _weights), 1);
        }

        var (plan, layer) = (_shape.Cell.Plan, Layers[parameter.Layer]);
        var registers = (_shape.HiddenSize + _lanes - 1) / _lanes;
        for (var group = 0; group < plan.Products.Count; group++)
        {
            if (IndexOf(plan.Products[group].Terms, parameter.Field) is >= 0 and var term)
            {
                return At(layer.RecurrentLayouts[group], (nint)(layer.Recurrent[group] - _weights), (row / _lanes * plan.Products[group].Terms.Count) + term, row % _lanes);
            }
        }

        if (IndexOf(plan.Inputs, parameter.Field) is >= 0 and var input)
        {
            return parameter.Layer == 0
                ? ((input * (nint)registers * _lanes) + row, _inputColumn)
                : At(layer.InputLayout!, (nint)(layer.Input - _weights), (input * registers) + (row / _lanes), row % _lanes);
        }

        return ((nint)(layer.Vectors - _weights) + (IndexOf(plan.Vectors, parameter.Field) * (nint)registers * _lanes), 1);
    }

    private static (nint Start, nint Step) At(PanelLayout layout, nint start, int register, int lane)
    {
        var (offset, step) = layout.Register(register);
        return (start + offset + lane, step);
    }

    private static int IndexOf(IReadOnlyList<CellTerm> terms, int field)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i].Parameter == field)
            {
                return i;
            }
        }

        return -1;
    }
}
