using CharRnn.Generators.Emission;
using CharRnn.Generators.Equations;

namespace CharRnn.Generators.Optimizers;

/// <summary>A rule's equations as a graph, and as statements on one register of weights: in a pass over the gradient, or where a tile's gradient is done.</summary>
internal sealed class RuleEquations
{
    private readonly Graph _graph = new();
    private readonly Node _result;
    private readonly Node[] _slots;
    private readonly Node[] _numbers;

    public RuleEquations(OptimizerModel model)
    {
        var nodes = Graph.From(_graph, model.Instructions);
        _result = nodes[model.Result];
        _slots = [.. model.NewSlots.Select(slot => nodes[slot])];

        // What is the same for all weights is computed once an update: the largest such parts.
        var numbers = new List<Node>();
        void Visit(Node node)
        {
            if (node.IsUniform)
            {
                if (!node.IsConstant && !numbers.Contains(node))
                {
                    numbers.Add(node);
                }

                return;
            }

            foreach (var operand in node.Operands)
            {
                Visit(operand);
            }
        }

        foreach (var node in _slots.Append(_result))
        {
            Visit(node);
        }

        _numbers = [.. numbers];
        Numbers = new([.. _numbers.Select(node => Number(model, node))]);
    }

    /// <summary>What is the same for all weights, as expressions in double precision.</summary>
    public EquatableArray<string> Numbers { get; }

    /// <summary>Whether putting zero in the gradient's place leaves anything but the weight and the slots as they were.</summary>
    public bool MovesWithoutGradient()
    {
        var (gradient, zero) = (_graph.Leaf(Operator.Gradient), _graph.Constant(0));
        return _graph.Substitute(_result, gradient, zero) is not { Operator: Operator.Parameter }
            || _slots.Where((slot, i) => _graph.Substitute(slot, gradient, zero) is not { Operator: Operator.Vector } left || left.Index != i).Any();
    }

    /// <summary>Writes what becomes of one register of slots and weights, from the variable <c>gradient</c>.</summary>
    /// <param name="code">Where the statements go.</param>
    /// <param name="form">The register form.</param>
    /// <param name="type">The element type.</param>
    /// <param name="weights">The address of the weights.</param>
    /// <param name="slot">The address of a slot.</param>
    /// <param name="number">The variable that holds a number in every lane.</param>
    /// <param name="taken">Names that variables must not have.</param>
    public void Write(CodeWriter code, VectorForm form, ElementType type, string weights, Func<int, string> slot, Func<int, string> number, params string[] taken)
    {
        string? Leaf(Node node) =>
            Array.IndexOf(_numbers, node) is >= 0 and var place ? number(place)
            : node.Operator switch
            {
                Operator.Gradient => "gradient",
                Operator.Parameter => form.Load(weights),
                Operator.Vector => form.Load(slot(node.Index)),
                _ => null,
            };
        var writer = new PointwiseWriter(code, form, type, Leaf, ["gradient", .. taken]);
        writer.Declare(_slots.Append(_result));
        for (var i = 0; i < _slots.Length; i++)
        {
            code.Line($"{form.Store(writer.Text(_slots[i]), slot(i))};");
        }

        code.Line($"{form.Store(writer.Text(_result), weights)};");
    }

    private static string Number(OptimizerModel model, Node node)
    {
        string Of(Node operand) => Number(model, operand);
        return node.Operator switch
        {
            Operator.Constant => ElementType.Double.Literal(node.Value),
            Operator.Scalar => model.Scalars[node.Index],
            Operator.Add => $"({Of(node.Left!)} + {Of(node.Right!)})",
            Operator.Subtract => $"({Of(node.Left!)} - {Of(node.Right!)})",
            Operator.Multiply => $"({Of(node.Left!)} * {Of(node.Right!)})",
            Operator.Divide => $"({Of(node.Left!)} / {Of(node.Right!)})",
            Operator.SquareRoot => $"Math.Sqrt({Of(node.Left!)})",
            _ => throw new InvalidOperationException($"A number cannot be made by {node.Operator}."),
        };
    }
}
