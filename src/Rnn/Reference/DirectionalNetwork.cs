using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// The loss's derivatives in <see cref="Count"/> directions of one parameter at once, by a forward pass alone. What the parameter
/// cannot change is computed once: the layers below it, the time steps before the first of its characters, and for V and c all states.
/// </summary>
internal abstract class DirectionalNetwork
{
    /// <summary>How many directions.</summary>
    public const int Count = Lanes.Together;

    private readonly NetworkShape _shape;
    private readonly int[] _x, _y;
    private readonly NetworkParameter[] _parameters;
    private readonly IVaried[] _varied;
    private readonly CellLayers _network;
    private readonly Vector[]?[] _factors;

    // While nothing is varied: what each layer reads at each time step, and at the end what the dense layer reads; and the states before it.
    private readonly Vector[][] _inputs;
    private readonly Vector[][][] _states;

    protected DirectionalNetwork(ReferenceParameters<double> weights, double[] initialState, int[] x, int[] y, Func<int, int, int, double>? dropout)
    {
        (_shape, _x, _y) = (weights.Shape, x, y);
        _parameters = [.. _shape.Parameters];
        var (m, layers, states) = (_shape.HiddenSize, _shape.Layers, _shape.Cell.States.Count);
        _varied = [.. weights.Tensors.Select(tensor => tensor.Shape.Length == 2 ? MatrixOf(tensor.Values, tensor.Shape[0], tensor.Shape[1]) : VectorOf(tensor.Values))];
        _network = new(_shape, place => (Matrix)(object)_varied[place], place => (Vector)(object)_varied[place]);
        _factors =
        [
            .. Enumerable.Range(0, layers).Select(layer => dropout is null
                ? null
                : x.Select((_, t) => Constant([.. Enumerable.Range(0, m).Select(unit => dropout(layer, t, unit))])).ToArray())
        ];
        _inputs = [Array.ConvertAll(x, character => OneHot(_shape.VocabularySize, character)), .. Enumerable.Range(0, layers).Select(_ => new Vector[x.Length])];
        _states = [.. Enumerable.Range(0, layers).Select(_ => new Vector[x.Length + 1][])];
        for (var layer = 0; layer < layers; layer++)
        {
            _states[layer][0] = [.. Enumerable.Range(0, states).Select(state => Constant(initialState.AsSpan(((layer * states) + state) * m, m).ToArray()))];
        }

        Span<double> nothing = stackalloc double[Count];
        for (var t = 0; t < x.Length; t++)
        {
            for (var layer = 0; layer < layers; layer++)
            {
                Enter(t, layer);
                (_inputs[layer + 1][t], _states[layer][t + 1]) = _network.Step(layer, _inputs[layer][t], _states[layer][t], _factors[layer]?[t]);
            }

            Enter(t, layers);
            AddLoss(_network.Logits(_inputs[layers][t]), y[t], nothing);
        }
    }

    /// <summary>Where the arrays of a pass are taken from.</summary>
    protected LaneMemory Memory { get; } = new();

    /// <summary>The derivatives in some directions.</summary>
    /// <param name="parameter">The parameter's place in <see cref="NetworkShape.Parameters"/>.</param>
    /// <param name="directions">At most <see cref="Count"/>.</param>
    /// <param name="derivatives">Written, one a direction.</param>
    public void Run(int parameter, Variable[] directions, Span<double> derivatives)
    {
        _varied[parameter].Vary(directions);
        Span<double> sums = stackalloc double[Count];
        sums.Clear();
        var (layers, first) = (_shape.Layers, FirstStep(_parameters[parameter], directions));
        var from = _parameters[parameter].Layer == NetworkParameter.Dense ? layers : _parameters[parameter].Layer;
        var states = Array.ConvertAll(_states, before => before[first]);
        for (var t = first; t < _x.Length; t++)
        {
            Memory.Turn();
            var output = _inputs[from][t];
            for (var layer = from; layer < layers; layer++)
            {
                Enter(t, layer);
                (output, states[layer]) = _network.Step(layer, output, states[layer], _factors[layer]?[t]);
                states[layer] = Array.ConvertAll(states[layer], Kept);
            }

            Enter(t, layers);
            AddLoss(_network.Logits(output), _y[t], sums);
        }

        sums[..directions.Length].CopyTo(derivatives);
        _varied[parameter].Vary([]);
    }

    /// <summary>The first time step that the directions change: of a matrix that a character selects a column of, where one of these columns is.</summary>
    private int FirstStep(NetworkParameter parameter, Variable[] directions)
    {
        if (parameter.Layer != 0 || _shape.Cell.Parameters[parameter.Field].Kind != CellParameterKind.Input)
        {
            return 0;
        }

        var first = Array.FindIndex(_x, character => Array.Exists(directions, direction => direction.AlongOneHot(character) != 0));
        return first < 0 ? _x.Length : first;
    }

    /// <summary>What is computed next belongs to a layer, or to the dense layer, at a time step.</summary>
    protected virtual void Enter(int step, int layer)
    {
    }

    /// <summary>A state that the next time step reads: its arrays are taken in this one.</summary>
    protected abstract Vector Kept(Vector state);

    /// <summary>A matrix that can be varied; made by the base's constructor, before the deriving class's.</summary>
    protected abstract IVaried MatrixOf(double[] values, int rows, int columns);

    /// <summary>A vector that can be varied.</summary>
    protected abstract IVaried VectorOf(double[] values);

    /// <summary>A vector that no parameter changes.</summary>
    protected abstract Vector Constant(double[] values);

    /// <summary>A character.</summary>
    protected abstract Vector OneHot(int length, int place);

    /// <summary>Adds the derivatives of -log softmax(logits)[target].</summary>
    protected abstract void AddLoss(Vector logits, int target, Span<double> derivatives);

    /// <summary>A parameter that can be varied.</summary>
    protected internal interface IVaried
    {
        /// <summary>Varies it in these directions, and in no others.</summary>
        void Vary(Variable[] directions);
    }

    /// <summary>A matrix times a vector of doubles, four rows at a time.</summary>
    protected static double[] Product(double[] matrix, int rows, double[] vector)
    {
        var columns = vector.Length;
        var result = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            var row = matrix.AsSpan(i * columns, columns);
            var (sum0, sum1, sum2, sum3) = (0.0, 0.0, 0.0, 0.0);
            var j = 0;
            for (; j + 4 <= columns; j += 4)
            {
                sum0 += row[j] * vector[j];
                sum1 += row[j + 1] * vector[j + 1];
                sum2 += row[j + 2] * vector[j + 2];
                sum3 += row[j + 3] * vector[j + 3];
            }

            for (; j < columns; j++)
            {
                sum0 += row[j] * vector[j];
            }

            result[i] = sum0 + sum1 + (sum2 + sum3);
        }

        return result;
    }

    /// <summary>The column of a one-hot vector.</summary>
    protected static double[] Column(double[] matrix, int rows, int columns, int column)
    {
        var result = new double[rows];
        for (var i = 0; i < rows; i++)
        {
            result[i] = matrix[(i * columns) + column];
        }

        return result;
    }
}
