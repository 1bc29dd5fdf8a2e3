using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CharRnn.Generators.Equations;

/// <summary>
/// Reads a method that consists of equations: local variables, assignments to them, and one return at the end. What it does not
/// understand is a mistake at its place, never left out.
/// </summary>
internal sealed class EquationParser
{
    private readonly IReadOnlyDictionary<string, Symbol> _fields;
    private readonly Dictionary<string, Value> _variables = [];
    private readonly List<Instruction> _instructions = [];

    /// <param name="fields">What the names of fields stand for.</param>
    public EquationParser(IReadOnlyDictionary<string, Symbol> fields) => _fields = fields;

    public EquatableArray<Instruction> Instructions => new([.. _instructions]);

    /// <summary>What a name that is not a variable stands for.</summary>
    /// <param name="Kind">A matrix, a vector, or a number.</param>
    /// <param name="Index">Its place among the fields of its kind.</param>
    internal readonly record struct Symbol(SymbolKind Kind, int Index);

    internal enum SymbolKind
    {
        Matrix,
        Vector,
        Scalar,
    }

    private enum ValueKind
    {
        Vector,
        Number,
        Matrix,
        Input,
    }

    /// <summary>What an expression is.</summary>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Place">The instruction that computes it; of a matrix, its place among the fields.</param>
    /// <param name="IsWhole">Whether C# computes it as an integer.</param>
    private readonly record struct Value(ValueKind Kind, int Place, bool IsWhole = false);

    /// <summary>Makes a parameter of the method a leaf.</summary>
    public void Define(string name, Operator @operator, int index) => _variables[name] = new(ValueKind.Vector, Emit(@operator, index: index));

    /// <summary>Makes a parameter of the method the cell's input, which only a matrix may be multiplied with.</summary>
    public void DefineInput(string name) => _variables[name] = new(ValueKind.Input, -1);

    /// <summary>The places of the values that the method returns.</summary>
    /// <exception cref="EquationException">Something is not understood.</exception>
    public int[] Parse(MethodDeclarationSyntax method, int results)
    {
        if (method.ExpressionBody is { } expression)
        {
            return Results(expression.Expression, results);
        }

        foreach (var statement in method.Body!.Statements)
        {
            switch (statement)
            {
                case LocalDeclarationStatementSyntax { IsConst: false } declaration when declaration.UsingKeyword == default:
                    foreach (var variable in declaration.Declaration.Variables)
                    {
                        if (_variables.ContainsKey(variable.Identifier.Text))
                        {
                            throw new EquationException(variable.GetLocation(), $"'{variable.Identifier.Text}' hides what has this name already");
                        }

                        var initial = Read(variable.Initializer?.Value ?? throw new EquationException(variable.GetLocation(), $"'{variable.Identifier.Text}' has no value"));
                        Assign(variable.Identifier.Text, initial with { IsWhole = initial.IsWhole && declaration.Declaration.Type is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.DoubleKeyword or (int)SyntaxKind.FloatKeyword } }, variable.GetLocation());
                    }

                    break;
                case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax target } assignment }:
                    AssignKnown(target, Read(assignment.Right));
                    break;
                case ReturnStatementSyntax { Expression: { } value } when statement == method.Body.Statements[method.Body.Statements.Count - 1]:
                    return Results(value, results);
                default:
                    throw new EquationException(statement.GetLocation(), "equations are local variables, assignments to them, and one return at the end");
            }
        }

        throw new EquationException(method.Identifier.GetLocation(), "the equations end with a return");
    }

    /// <summary>The value that a variable or a field has at the end.</summary>
    public int PlaceOf(string name) => _variables[name].Place;

    private int[] Results(ExpressionSyntax expression, int count)
    {
        var parts = expression is TupleExpressionSyntax tuple ? [.. tuple.Arguments.Select(argument => argument.Expression)] : new[] { expression };
        return parts.Length == count
            ? [.. parts.Select(part => VectorAt(part, Read(part)))]
            : throw new EquationException(expression.GetLocation(), $"there are {count} values to return here");
    }

    private void AssignKnown(IdentifierNameSyntax target, Value value)
    {
        var name = target.Identifier.Text;
        if (!_variables.TryGetValue(name, out var known) || known.Kind == ValueKind.Input)
        {
            throw new EquationException(target.GetLocation(), $"'{name}' cannot be assigned to: only local variables and states can");
        }

        Assign(name, value, target.GetLocation());
    }

    private void Assign(string name, Value value, Location location)
    {
        if (value.Kind is ValueKind.Matrix or ValueKind.Input)
        {
            throw new EquationException(location, $"'{name}' must be a vector or a number");
        }

        if (_instructions[value.Place].Name.Length == 0 && _instructions[value.Place].Left >= 0)
        {
            _instructions[value.Place] = _instructions[value.Place] with { Name = name };
        }

        _variables[name] = value;
    }

    private Value Read(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax parenthesized:
                return Read(parenthesized.Expression);
            case LiteralExpressionSyntax { Token.Value: { } literal } when literal is int or double or float or long:
                return new(ValueKind.Number, Emit(Operator.Constant, value: Convert.ToDouble(literal, CultureInfo.InvariantCulture)), literal is int or long);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus:
                var negated = Read(minus.Operand);
                return new(Plain(minus.Operand, negated), Emit(Operator.Subtract, Emit(Operator.Constant), negated.Place), negated.IsWhole);
            case IdentifierNameSyntax identifier:
                return _variables.TryGetValue(identifier.Identifier.Text, out var variable) ? variable : Field(identifier);
            case BinaryExpressionSyntax binary:
                return Binary(binary);
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax function, ArgumentList.Arguments.Count: 1 } call:
                var argument = call.ArgumentList.Arguments[0].Expression;
                var @operator = function.Identifier.Text switch
                {
                    "Tanh" => Operator.Tanh,
                    "Sigmoid" => Operator.Sigmoid,
                    "Sqrt" => Operator.SquareRoot,
                    var other => throw new EquationException(call.GetLocation(), $"'{other}' is not known here: Tanh and Sigmoid are, and Sqrt in an optimiser's rule"),
                };
                return new(ValueKind.Vector, Emit(@operator, VectorAt(argument, Read(argument))));
            default:
                throw new EquationException(expression.GetLocation(), $"'{expression}' is not understood: equations know + - * /, numbers, Tanh and Sigmoid");
        }
    }

    private Value Field(IdentifierNameSyntax identifier)
    {
        var name = identifier.Identifier.Text;
        if (!_fields.TryGetValue(name, out var field))
        {
            throw new EquationException(identifier.GetLocation(), $"'{name}' is neither a field of this class nor a variable of these equations");
        }

        return field.Kind switch
        {
            SymbolKind.Matrix => new(ValueKind.Matrix, field.Index),
            SymbolKind.Vector => new(ValueKind.Vector, Emit(Operator.Vector, index: field.Index)),
            _ => new(ValueKind.Number, Emit(Operator.Scalar, index: field.Index)),
        };
    }

    private Value Binary(BinaryExpressionSyntax binary)
    {
        var (left, right) = (Read(binary.Left), Read(binary.Right));
        if (left.Kind == ValueKind.Matrix && binary.IsKind(SyntaxKind.MultiplyExpression))
        {
            return right.Kind == ValueKind.Input
                ? new(ValueKind.Vector, Emit(Operator.Input, index: left.Place))
                : new(ValueKind.Vector, Emit(Operator.Product, VectorAt(binary.Right, right), index: left.Place));
        }

        var @operator = binary.Kind() switch
        {
            SyntaxKind.AddExpression => Operator.Add,
            SyntaxKind.SubtractExpression => Operator.Subtract,
            SyntaxKind.MultiplyExpression => Operator.Multiply,
            SyntaxKind.DivideExpression => Operator.Divide,
            _ => throw new EquationException(binary.OperatorToken.GetLocation(), $"'{binary.OperatorToken.Text}' is not understood: equations know + - * /"),
        };
        var (leftKind, rightKind) = (Plain(binary.Left, left), Plain(binary.Right, right));
        var isWhole = left.IsWhole && right.IsWhole;
        if (isWhole && @operator == Operator.Divide)
        {
            throw new EquationException(binary.GetLocation(), $"'{binary}' is a division of whole numbers, which leaves out the remainder: write one with a decimal point");
        }

        return new(leftKind == ValueKind.Number && rightKind == ValueKind.Number ? ValueKind.Number : ValueKind.Vector, Emit(@operator, left.Place, right.Place), isWhole);
    }

    private static ValueKind Plain(ExpressionSyntax expression, Value value) => value.Kind switch
    {
        ValueKind.Matrix => throw new EquationException(expression.GetLocation(), $"'{expression}' is a matrix: it can only be multiplied with a vector on its right"),
        ValueKind.Input => throw new EquationException(expression.GetLocation(), $"'{expression}' is the input: it can only be multiplied with a matrix on its left"),
        var kind => kind,
    };

    private static int VectorAt(ExpressionSyntax expression, Value value) => Plain(expression, value) == ValueKind.Vector
        ? value.Place
        : throw new EquationException(expression.GetLocation(), $"'{expression}' is a number, and a vector is needed here");

    private int Emit(Operator @operator, int left = -1, int right = -1, int index = 0, double value = 0)
    {
        _instructions.Add(new(@operator, left, right, index, value, string.Empty));
        return _instructions.Count - 1;
    }
}
