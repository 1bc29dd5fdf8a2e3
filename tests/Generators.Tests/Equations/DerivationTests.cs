using CharRnn.Generators.Equations;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CharRnn.Generators.Tests.Equations;

/// <summary>
/// Each rule of the derivation by itself, also those that no built-in cell needs: the derived gradient, put in numbers, is the difference
/// quotient of the equation. One number stands for each vector, and one for each matrix.
/// </summary>
public sealed class DerivationTests
{
    private const double ResultGradient = 0.8;
    private static readonly double[] Vectors = [0.7, 1.3, 0.45];
    private static readonly double[] Matrices = [1.7, -0.6, 0.9];
    private static readonly Dictionary<string, EquationParser.Symbol> Fields = new()
    {
        ["a"] = new(EquationParser.SymbolKind.Vector, 0),
        ["b"] = new(EquationParser.SymbolKind.Vector, 1),
        ["c"] = new(EquationParser.SymbolKind.Vector, 2),
        ["U"] = new(EquationParser.SymbolKind.Matrix, 0),
        ["V"] = new(EquationParser.SymbolKind.Matrix, 1),
        ["W"] = new(EquationParser.SymbolKind.Matrix, 2),
    };

    [Theory]
    [InlineData("return a + b;")]
    [InlineData("return a - b;")]
    [InlineData("return -a;")]
    [InlineData("return a * b;")]
    [InlineData("return a * a;")]
    [InlineData("return a / b;")]
    [InlineData("return Tanh(a);")]
    [InlineData("return Sigmoid(a);")]
    [InlineData("return Sqrt(a);")]
    [InlineData("return 3 * a;")]
    [InlineData("return a * 3;")]
    [InlineData("return a / 4;")]
    [InlineData("return 4 / a;")]
    [InlineData("return 1 - a;")]
    [InlineData("return a - 1;")]
    [InlineData("return a + 2;")]
    [InlineData("return W * a;")]
    [InlineData("return W * a + V * a;")]
    [InlineData("return U * Tanh(V * a) + V * a;")]
    [InlineData("var y = Sigmoid(U * a + b); return y * c + y / b - Tanh(W * y);")]
    [InlineData("var z = Sigmoid(U * a + b); var n = Tanh(V * (z * a) + c); return (1 - z) * n + z * a;")]
    public void The_derived_gradient_is_the_difference_quotient(string equations)
    {
        var (graph, parser) = (new Graph(), new EquationParser(Fields));
        var places = parser.Parse((MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration($"Vector Step() {{ {equations} }}")!, results: 1);
        var result = Graph.From(graph, parser.Instructions)[places[0]];
        var products = result.Closure().Where(node => node.Operator == Operator.Product).ToArray();
        var operands = products.Select(product => product.Left!).Distinct().ToArray();
        var derived = Derivation.Of(graph, [(result, graph.Leaf(Operator.Above))], operand => graph.Leaf(Operator.OperandGradient, Array.IndexOf(operands, operand)));
        var values = (double[])Vectors.Clone();
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(ResultGradient * (At(i, 1e-5) - At(i, -1e-5)) / 2e-5, Value(derived[graph.Leaf(Operator.Vector, i)]), 1e-8);
        }

        double At(int place, double change)
        {
            values[place] = Vectors[place] + change;
            var value = Value(result);
            values[place] = Vectors[place];
            return value;
        }

        double Value(Node node) => node.Operator switch
        {
            Operator.Constant => node.Value,
            Operator.Vector => values[node.Index],
            Operator.Above => ResultGradient,
            Operator.Product => Matrices[node.Index] * Value(node.Left!),
            Operator.OperandGradient => products.Where(product => product.Left == operands[node.Index]).Sum(product => Matrices[product.Index] * Value(derived[product])),
            Operator.Add => Value(node.Left!) + Value(node.Right!),
            Operator.Subtract => Value(node.Left!) - Value(node.Right!),
            Operator.Multiply => Value(node.Left!) * Value(node.Right!),
            Operator.Divide => Value(node.Left!) / Value(node.Right!),
            Operator.Tanh => Math.Tanh(Value(node.Left!)),
            Operator.Sigmoid => 1 / (1 + Math.Exp(-Value(node.Left!))),
            Operator.SquareRoot => Math.Sqrt(Value(node.Left!)),
            Operator.TanhSlope => 1 - (Value(node.Left!) * Value(node.Left!)),
            Operator.SigmoidSlope => Value(node.Left!) * (1 - Value(node.Left!)),
            _ => throw new InvalidOperationException($"{node.Operator} has no value here."),
        };
    }
}
