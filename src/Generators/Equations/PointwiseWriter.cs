using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Equations;

/// <summary>
/// Writes equations as C#, a register at a time, in one register form. A value that has a name in the source or is needed twice becomes
/// a variable; everything else stands where it is used. Sums begin with what is loaded, and take products by multiply-add.
/// </summary>
internal sealed class PointwiseWriter
{
    private readonly CodeWriter _code;
    private readonly VectorForm _form;
    private readonly ElementType _type;
    private readonly Func<Node, string?> _leaf;
    private readonly Dictionary<Node, int> _uses = [];
    private readonly Dictionary<Node, string> _variables = [];
    private readonly HashSet<string> _names;

    /// <param name="code">Where the statements go.</param>
    /// <param name="form">The register form.</param>
    /// <param name="type">The element type.</param>
    /// <param name="leaf">How a value is read that is not computed here; null where it is computed.</param>
    /// <param name="taken">Names that variables must not have.</param>
    public PointwiseWriter(CodeWriter code, VectorForm form, ElementType type, Func<Node, string?> leaf, params string[] taken)
    {
        (_code, _form, _type, _leaf) = (code, form, type, leaf);
        _names = [.. taken];
    }

    /// <summary>Writes the variables that <paramref name="targets"/> need.</summary>
    /// <param name="targets">The values.</param>
    /// <param name="always">Which of what they need becomes a variable in any case.</param>
    public void Declare(IEnumerable<Node> targets, Func<Node, bool>? always = null)
    {
        var all = targets.ToArray();
        foreach (var target in all)
        {
            Count(target);
        }

        foreach (var node in _uses.Keys.OrderBy(node => node.Id).ToArray())
        {
            var leaf = _leaf(node);
            var isNeeded = _uses[node] >= 2 || (leaf is null && node.Name.Length > 0) || always?.Invoke(node) == true;
            if (node.IsConstant || _variables.ContainsKey(node) || IsVariable(leaf) || !isNeeded)
            {
                continue;
            }

            var text = Expression(node).Text;
            _variables.Add(node, Unique(node));
            _code.Line($"var {_variables[node]} = {text};");
        }
    }

    /// <summary>A value as an expression.</summary>
    public string Text(Node node) => Operand(node).Text;

    /// <summary>Whether a value stands in a variable already.</summary>
    private static bool IsVariable(string? leaf) => leaf is not null && leaf.All(char.IsLetterOrDigit);

    private void Count(Node node)
    {
        _uses[node] = _uses.TryGetValue(node, out var uses) ? uses + 1 : 1;
        if (_uses[node] == 1 && _leaf(node) is null)
        {
            foreach (var operand in node.Operands)
            {
                Count(operand);
            }
        }
    }

    private string Unique(Node node)
    {
        var name = node.Name.Length > 0 ? node.Name : node.Operator switch
        {
            Operator.Above or Operator.Later or Operator.OperandGradient or Operator.Gradient => "gradient",
            Operator.TanhSlope or Operator.SigmoidSlope => "slope",
            Operator.Product or Operator.Add => "sum",
            _ => "value",
        };
        var free = name;
        for (var i = 2; !_names.Add(free); i++)
        {
            free = $"{name}{i}";
        }

        return free;
    }

    /// <summary>An expression and how tightly it binds: 1 for sums, 2 for products, 3 for all that stands by itself.</summary>
    private (string Text, int Binding) Operand(Node node) => _variables.TryGetValue(node, out var name) ? (name, 3) : Expression(node);

    private string Bound(Node node, int binding)
    {
        var (text, own) = Operand(node);
        return own >= binding ? text : $"({text})";
    }

    private (string Text, int Binding) Expression(Node node)
    {
        if (_leaf(node) is { } loaded)
        {
            return (loaded, loaded.Contains(" ") && !loaded.EndsWith(")", StringComparison.Ordinal) ? 1 : 3);
        }

        switch (node.Operator)
        {
            case Operator.Constant:
                return (_form.Broadcast(_type.Literal(node.Value)), 3);
            case Operator.Add:
                return Sum(node);
            case Operator.Subtract when node.Left!.Is(0):
                return ($"-{Bound(node.Right!, 3)}", 2);
            case Operator.Subtract:
                return ($"{Bound(node.Left!, 1)} - {Bound(node.Right!, 2)}", 1);
            case Operator.Multiply:
                return ($"{Bound(node.Left!, 2)} * {Bound(node.Right!, 3)}", 2);
            case Operator.Divide:
                return ($"{Bound(node.Left!, 2)} / {Bound(node.Right!, 3)}", 2);
            case Operator.TanhSlope:
                var y = Text(node.Left!);
                return ($"{_form.Broadcast(_type.Literal(1))} - {y} * {y}", 1);
            case Operator.SigmoidSlope:
                var s = Text(node.Left!);
                return ($"{s} * ({_form.Broadcast(_type.Literal(1))} - {s})", 2);
            case Operator.Tanh:
                return ($"VectorMath.Tanh({Text(node.Left!)})", 3);
            case Operator.Sigmoid:
                return ($"VectorMath.Sigmoid({Text(node.Left!)})", 3);
            case Operator.SquareRoot:
                return (_form.SquareRoot(_type, Text(node.Left!)), 3);
            default:
                throw new InvalidOperationException($"A leaf of kind {node.Operator} has no place to be read from.");
        }
    }

    private (string Text, int Binding) Sum(Node node)
    {
        var terms = new List<Node>();
        void Gather(Node part)
        {
            if (part.Operator == Operator.Add && !_variables.ContainsKey(part) && (part == node || _uses[part] < 2) && _leaf(part) is null)
            {
                Gather(part.Left!);
                Gather(part.Right!);
            }
            else
            {
                terms.Add(part);
            }
        }

        Gather(node);
        var ordered = terms.OrderBy(Rank).ToArray();
        var text = string.Join(" + ", ordered.Where(term => !IsProduct(term)).Select(term => Bound(term, 2)));
        var sum = (Text: text, Binding: ordered.Count(term => !IsProduct(term)) > 1 ? 1 : 2);
        foreach (var term in ordered.Where(IsProduct))
        {
            sum = sum.Text.Length == 0 ? (Operand(term).Text, 2)
                : _form.IsScalar ? ($"{Bound(term, 2)} + {sum.Text}", 1)
                : (_form.MultiplyAdd(Text(term.Left!), Text(term.Right!), sum.Text), 3);
        }

        return sum;
    }

    private bool IsProduct(Node node) => node.Operator == Operator.Multiply && !_variables.ContainsKey(node) && _leaf(node) is null;

    private int Rank(Node node) => _variables.ContainsKey(node) ? 3 : node.Operator switch
    {
        Operator.Vector => 0,
        Operator.Input => 1,
        Operator.Product => 2,
        _ => 3,
    };
}
