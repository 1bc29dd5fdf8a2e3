namespace CharRnn.Generators.Equations;

/// <summary>
/// Makes nodes, each value once, and leaves out what arithmetic makes needless: adding zero, multiplying by one or zero. Division by
/// a number that is the same for all elements becomes a product with its reciprocal.
/// </summary>
internal sealed class Graph
{
    private readonly Dictionary<(Operator, Node?, Node?, int, double), Node> _nodes = [];

    public static IReadOnlyList<Node> From(Graph graph, EquatableArray<Instruction> instructions)
    {
        var nodes = new List<Node>();
        foreach (var instruction in instructions)
        {
            var left = instruction.Left < 0 ? null : nodes[instruction.Left];
            var right = instruction.Right < 0 ? null : nodes[instruction.Right];
            var node = instruction.Operator switch
            {
                Operator.Add => graph.Add(left!, right!),
                Operator.Subtract => graph.Subtract(left!, right!),
                Operator.Multiply => graph.Multiply(left!, right!),
                Operator.Divide => graph.Divide(left!, right!),
                _ => graph.Make(instruction.Operator, left, right, instruction.Index, instruction.Value),
            };
            if (node.Name.Length == 0)
            {
                node.Name = instruction.Name;
            }

            nodes.Add(node);
        }

        return nodes;
    }

    public Node Constant(double value) => Make(Operator.Constant, value: value);

    public Node Leaf(Operator @operator, int index = 0) => Make(@operator, index: index);

    public Node Add(Node left, Node right) =>
        left.IsConstant && right.IsConstant ? Constant(left.Value + right.Value)
        : left.Is(0) ? right
        : right.Is(0) ? left
        : Make(Operator.Add, left, right);

    public Node Subtract(Node left, Node right) =>
        left.IsConstant && right.IsConstant ? Constant(left.Value - right.Value)
        : right.Is(0) ? left
        : Make(Operator.Subtract, left, right);

    public Node Multiply(Node left, Node right) =>
        left.IsConstant && right.IsConstant ? Constant(left.Value * right.Value)
        : left.Is(0) || right.Is(0) ? Constant(0)
        : left.Is(1) ? right
        : right.Is(1) ? left
        : Make(Operator.Multiply, left, right);

    public Node Divide(Node left, Node right) =>
        left.IsConstant && right.IsConstant ? Constant(left.Value / right.Value)
        : left.Is(0) ? left
        : right.Is(1) ? left
        : right.IsUniform && !left.IsUniform ? Multiply(left, Divide(Constant(1), right))
        : Make(Operator.Divide, left, right);

    public Node Apply(Operator function, Node argument) => Make(function, argument);

    /// <summary>The same value with one leaf in another's place.</summary>
    public Node Substitute(Node value, Node leaf, Node by, Dictionary<Node, Node>? done = null)
    {
        done ??= new() { [leaf] = by };
        if (done.TryGetValue(value, out var known))
        {
            return known;
        }

        var left = value.Left is null ? null : Substitute(value.Left, leaf, by, done);
        var right = value.Right is null ? null : Substitute(value.Right, leaf, by, done);
        return done[value] = value.Operator switch
        {
            Operator.Add => Add(left!, right!),
            Operator.Subtract => Subtract(left!, right!),
            Operator.Multiply => Multiply(left!, right!),
            Operator.Divide => Divide(left!, right!),
            _ => Make(value.Operator, left, right, value.Index, value.Value),
        };
    }

    private Node Make(Operator @operator, Node? left = null, Node? right = null, int index = 0, double value = 0)
    {
        var key = (@operator, left, right, index, value);
        if (!_nodes.TryGetValue(key, out var node))
        {
            node = new Node(_nodes.Count, @operator, left, right, index, value);
            _nodes.Add(key, node);
        }

        return node;
    }
}
