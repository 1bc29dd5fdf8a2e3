namespace CharRnn.Generators.Equations;

/// <summary>A value in an equation. Nodes of one graph are equal when they are the same object.</summary>
internal sealed class Node(int id, Operator @operator, Node? left, Node? right, int index, double value)
{
    /// <summary>Operands have smaller numbers, so that falling numbers are an order for the way back.</summary>
    public int Id { get; } = id;

    public Operator Operator { get; } = @operator;

    public Node? Left { get; } = left;

    public Node? Right { get; } = right;

    public int Index { get; } = index;

    public double Value { get; } = value;

    /// <summary>What the source calls it; empty where it has no name.</summary>
    public string Name { get; set; } = string.Empty;

    public bool IsConstant => Operator == Operator.Constant;

    /// <summary>Whether every element is the same number, known before the first element is computed.</summary>
    public bool IsUniform { get; } = @operator is Operator.Constant or Operator.Scalar
        || (left is { IsUniform: true } && (right is null || right.IsUniform) && @operator is not Operator.Product);

    public IEnumerable<Node> Operands
    {
        get
        {
            if (Left is not null)
            {
                yield return Left;
            }

            if (Right is not null)
            {
                yield return Right;
            }
        }
    }

    public bool Is(double constant) => IsConstant && Value == constant;

    /// <summary>This node and everything that it is computed from.</summary>
    public HashSet<Node> Closure()
    {
        var seen = new HashSet<Node>();
        void Visit(Node node)
        {
            if (seen.Add(node))
            {
                foreach (var operand in node.Operands)
                {
                    Visit(operand);
                }
            }
        }

        Visit(this);
        return seen;
    }
}
