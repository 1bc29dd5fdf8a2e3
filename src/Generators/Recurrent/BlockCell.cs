using CharRnn.Generators.Cells;
using CharRnn.Generators.Equations;

namespace CharRnn.Generators.Recurrent;

/// <summary>
/// The equations of the cell that the one-stream kernels compute, as they stand at the end of a pass over the blocks of W: a cell of one
/// state, one matrix on it, one matrix on the input and one vector, of which the backward pass needs nothing but the new state.
/// </summary>
internal sealed class BlockCell
{
    private readonly CellAnalysis _analysis;
    private readonly Node _gradient;
    private readonly Node _lastGradient;

    public BlockCell(CellModel model)
    {
        _analysis = new CellAnalysis(model);
        _gradient = _analysis.Gradients[0];
        _lastGradient = _analysis.Graph.Substitute(_gradient, _analysis.Graph.Leaf(Operator.Later), _analysis.Graph.Constant(0));
    }

    /// <summary>What keeps a cell from these kernels, or null.</summary>
    public static string? Fault(CellModel model)
    {
        var analysis = new CellAnalysis(model);
        return analysis is { States.Count: 1, Inputs.Count: 1, Vectors.Count: 1, Products.Count: 1, KeptCount: 0, Gradients.Count: 1 } && analysis.Products[0].Count == 1
            && analysis.Operands[0].Operator == Operator.State && analysis.Earlier[0].Is(0)
            ? null : $"{model.ClassName} is not a cell of one state, one matrix on it, one on the input and one vector";
    }

    /// <summary>The new state.</summary>
    /// <param name="writer">Makes a writer that reads leaves as it is told.</param>
    /// <param name="vector">How the cell's vector is read.</param>
    /// <param name="input">How the input's product is read.</param>
    /// <param name="product">How the state's product is read.</param>
    public string State(Func<Func<Node, string?>, PointwiseWriter> writer, string vector, string input, string product) => Text(writer, _analysis.Next[0], node => node.Operator switch
    {
        Operator.Vector => vector,
        Operator.Input => input,
        Operator.Product => product,
        _ => null,
    });

    /// <summary>The gradient of the sum, of the gradient from above and, but for the last time step, of that from the time step after.</summary>
    /// <param name="writer">Makes a writer that reads leaves as it is told.</param>
    /// <param name="above">How the gradient from above is read.</param>
    /// <param name="later">How the gradient from the time step after is read; null at the last one.</param>
    /// <param name="state">How the new state is read.</param>
    public string Gradient(Func<Func<Node, string?>, PointwiseWriter> writer, string above, string? later, string state) => Text(writer, later is null ? _lastGradient : _gradient, node =>
        node == _analysis.Next[0] ? state
        : node.Operator switch
        {
            Operator.Above => above,
            Operator.Later => later,
            _ => null,
        });

    private static string Text(Func<Func<Node, string?>, PointwiseWriter> writer, Node node, Func<Node, string?> leaf)
    {
        var own = writer(leaf);
        own.Declare([node]);
        return own.Text(node);
    }
}
