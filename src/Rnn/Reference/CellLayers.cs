using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// The forward pass over vectors of any number type: layers of the cell, each run by the cell's own equations as they are written,
/// and the dense layer to the logits.
/// </summary>
internal sealed class CellLayers
{
    private readonly RecurrentCell[] _cells;
    private readonly Matrix _dense;
    private readonly Vector _bias;

    /// <summary>Makes the cells.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="matrix">The matrix of a parameter's place in <see cref="NetworkShape.Parameters"/>.</param>
    /// <param name="vector">The vector of a parameter's place.</param>
    public CellLayers(NetworkShape shape, Func<int, Matrix> matrix, Func<int, Vector> vector)
    {
        var places = shape.Parameters.Select((parameter, place) => (parameter.Name, place)).ToDictionary(pair => pair.Name, pair => pair.place);
        _cells =
        [
            .. Enumerable.Range(0, shape.Layers).Select(layer => shape.Cell.Create(
                field => matrix(places[NetworkParameter.NameOf(shape, layer, field)]),
                field => vector(places[NetworkParameter.NameOf(shape, layer, field)])))
        ];
        (_dense, _bias) = (matrix(places["V"]), vector(places["c"]));
    }

    /// <summary>One layer over the whole chunk.</summary>
    /// <param name="layer">Which, from 0.</param>
    /// <param name="inputs">What it reads at each time step.</param>
    /// <param name="states">The cell's states before the chunk.</param>
    /// <param name="factors">What each of the layer's outputs is multiplied with at a time step; null for no dropout.</param>
    /// <returns>The outputs, the first states as they come from the cell, and all states after the chunk.</returns>
    public (Vector[] Outputs, Vector[] Hidden, Vector[] States) Layer(int layer, Vector[] inputs, Vector[] states, Func<int, Vector>? factors)
    {
        var (outputs, hidden) = (new Vector[inputs.Length], new Vector[inputs.Length]);
        for (var t = 0; t < inputs.Length; t++)
        {
            (outputs[t], states) = Step(layer, inputs[t], states, factors?.Invoke(t));
            hidden[t] = states[0];
        }

        return (outputs, hidden, states);
    }

    /// <summary>One layer at one time step.</summary>
    /// <param name="layer">Which, from 0.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="states">The cell's states before the time step.</param>
    /// <param name="factor">What its output is multiplied with; null for no dropout.</param>
    /// <returns>The output and the states after the time step.</returns>
    public (Vector Output, Vector[] States) Step(int layer, Vector input, Vector[] states, Vector? factor)
    {
        var next = _cells[layer].Run(states, input);
        return (factor is null ? next[0] : next[0] * factor, next);
    }

    /// <summary>V h + c.</summary>
    public Vector Logits(Vector output) => (_dense * output) + _bias;
}
