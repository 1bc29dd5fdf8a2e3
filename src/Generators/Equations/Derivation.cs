namespace CharRnn.Generators.Equations;

/// <summary>
/// Backpropagation through equations: each operation hands the gradient of its result on to its operands, last operation first.
/// Source: Griewank, Walther, "Evaluating Derivatives", SIAM 2008, chapter 3 (reverse mode).
/// </summary>
internal sealed class Derivation
{
    private readonly Graph _graph;
    private readonly Dictionary<Node, Node> _gradients = [];

    private Derivation(Graph graph) => _graph = graph;

    /// <summary>
    /// The gradients of everything that <paramref name="results"/> are computed from. A product stands for its own gradient: what it
    /// hands back to its operand is asked of <paramref name="handedBack"/>, once for each operand.
    /// </summary>
    /// <param name="graph">Where the new nodes go.</param>
    /// <param name="results">Each result with its gradient.</param>
    /// <param name="handedBack">The gradient that all products with an operand hand back to it together; null where somebody else adds it.</param>
    public static Derivation Of(Graph graph, IEnumerable<(Node Result, Node Gradient)> results, Func<Node, Node?> handedBack)
    {
        var derivation = new Derivation(graph);
        var order = new SortedSet<Node>(Comparer<Node>.Create((left, right) => right.Id.CompareTo(left.Id)));
        foreach (var (result, gradient) in results)
        {
            derivation.Hand(result, gradient);
            order.UnionWith(result.Closure());
        }

        var operands = new HashSet<Node>();
        foreach (var node in order)
        {
            if (node.Operator == Operator.Product && operands.Add(node.Left!) && handedBack(node.Left!) is { } back)
            {
                derivation.Hand(node.Left!, back);
            }

            if (derivation._gradients.TryGetValue(node, out var gradient))
            {
                derivation.Back(node, gradient);
            }
        }

        return derivation;
    }

    /// <summary>The gradient of a node; zero where no result depends on it.</summary>
    public Node this[Node node] => _gradients.TryGetValue(node, out var gradient) ? gradient : _graph.Constant(0);

    private void Back(Node node, Node gradient)
    {
        var (left, right) = (node.Left!, node.Right!);
        switch (node.Operator)
        {
            case Operator.Add:
                Hand(left, gradient);
                Hand(right, gradient);
                break;
            case Operator.Subtract:
                Hand(left, gradient);
                Hand(right, _graph.Subtract(_graph.Constant(0), gradient));
                break;
            case Operator.Multiply:
                Hand(left, _graph.Multiply(gradient, right));
                Hand(right, _graph.Multiply(gradient, left));
                break;
            case Operator.Divide:
                Hand(left, _graph.Divide(gradient, right));
                Hand(right, _graph.Subtract(_graph.Constant(0), _graph.Divide(_graph.Multiply(gradient, node), right)));
                break;
            case Operator.Tanh:
                Hand(left, _graph.Multiply(gradient, _graph.Apply(Operator.TanhSlope, node)));
                break;
            case Operator.Sigmoid:
                Hand(left, _graph.Multiply(gradient, _graph.Apply(Operator.SigmoidSlope, node)));
                break;
            case Operator.SquareRoot:
                Hand(left, _graph.Divide(_graph.Multiply(_graph.Constant(0.5), gradient), node));
                break;
        }
    }

    private void Hand(Node node, Node gradient)
    {
        if (!node.IsUniform)
        {
            _gradients[node] = _gradients.TryGetValue(node, out var others) ? _graph.Add(others, gradient) : gradient;
        }
    }
}
