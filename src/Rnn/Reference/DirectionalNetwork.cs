using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// The loss's derivatives in <see cref="Count"/> directions of one parameter at once, by a forward pass alone. What the parameter
/// cannot change is computed once: the layers below it, and for V and c all states.
/// </summary>
internal abstract class DirectionalNetwork
{
    /// <summary>How many directions.</summary>
    public const int Count = 8;

    private readonly NetworkShape _shape;
    private readonly int[] _y;
    private readonly NetworkParameter[] _parameters;
    private readonly IVaried[] _varied;
    private readonly CellLayers _network;
    private readonly Vector[][] _states;
    private readonly Func<int, Vector>?[] _factors;

    // What each layer reads, and at the end what the dense layer reads, while nothing is varied.
    private readonly Vector[][] _inputs;

    protected DirectionalNetwork(ReferenceParameters<double> weights, double[] initialState, int[] x, int[] y, Func<int, int, int, double>? dropout)
    {
        (_shape, _y) = (weights.Shape, y);
        _parameters = [.. _shape.Parameters];
        var m = _shape.HiddenSize;
        _varied = [.. weights.Tensors.Select(tensor => tensor.Shape.Length == 2 ? MatrixOf(tensor.Values, tensor.Shape[0], tensor.Shape[1]) : VectorOf(tensor.Values))];
        _network = new(_shape, place => (Matrix)(object)_varied[place], place => (Vector)(object)_varied[place]);
        var states = _shape.Cell.States.Count;
        _states =
        [
            .. Enumerable.Range(0, _shape.Layers).Select(layer => Enumerable.Range(0, states)
                .Select(state => Constant(initialState.AsSpan(((layer * states) + state) * m, m).ToArray())).ToArray())
        ];
        _factors =
        [
            .. Enumerable.Range(0, _shape.Layers).Select(layer => dropout is null
                ? (Func<int, Vector>?)null
                : t => Constant([.. Enumerable.Range(0, m).Select(unit => dropout(layer, t, unit))]))
        ];
        _inputs = new Vector[_shape.Layers + 1][];
        _inputs[0] = Array.ConvertAll(x, character => OneHot(_shape.VocabularySize, character));
        for (var layer = 0; layer < _shape.Layers; layer++)
        {
            _inputs[layer + 1] = _network.Layer(layer, _inputs[layer], _states[layer], _factors[layer]).Outputs;
        }
    }

    /// <summary>The derivatives in some directions.</summary>
    /// <param name="parameter">The parameter's place in <see cref="NetworkShape.Parameters"/>.</param>
    /// <param name="directions">At most <see cref="Count"/>.</param>
    /// <param name="derivatives">Written, one a direction.</param>
    public void Run(int parameter, Variable[] directions, Span<double> derivatives)
    {
        _varied[parameter].Vary(directions);
        var from = _parameters[parameter].Layer;
        var outputs = from == NetworkParameter.Dense ? _inputs[^1] : _inputs[from];
        for (var layer = from == NetworkParameter.Dense ? _shape.Layers : from; layer < _shape.Layers; layer++)
        {
            outputs = _network.Layer(layer, outputs, _states[layer], _factors[layer]).Outputs;
        }

        Span<double> sums = stackalloc double[Count];
        sums.Clear();
        for (var t = 0; t < outputs.Length; t++)
        {
            AddLoss(_network.Logits(outputs[t]), _y[t], sums);
        }

        sums[..directions.Length].CopyTo(derivatives);
        _varied[parameter].Vary([]);
    }

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
