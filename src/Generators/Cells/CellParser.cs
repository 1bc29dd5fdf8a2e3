using CharRnn.Generators.Equations;
using CharRnn.Generators.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CharRnn.Generators.Cells;

/// <summary>What became of a class: a model, or the first mistake in it, then with a model of its fields alone where they are understood.</summary>
internal sealed record ParsedCell(CellModel? Model, DiagnosticInfo? Mistake, CellModel? Outline = null);

/// <summary>Reads a class with [RecurrentCell] into a model.</summary>
internal static class CellParser
{
    private const string CellsNamespace = "CharRnn.Rnn.Cells.";

    /// <summary>The cell's name in files and on the command line.</summary>
    public static string NameOf(INamedTypeSymbol cell, AttributeData? attribute) =>
        attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == "Name").Value.Value as string ?? cell.Name.ToLowerInvariant();

    public static ParsedCell Parse(INamedTypeSymbol cell, AttributeData? attribute, bool allowsUnsafe = true)
    {
        var location = cell.Locations[0];
        CellModel? outline = null;
        ParsedCell Mistake(DiagnosticDescriptor descriptor, Location at, params string[] arguments) => new(null, DiagnosticInfo.Create(descriptor, at, arguments), outline);

        if (cell.ContainingType is not null || cell.IsGenericType || !cell.IsSealed || cell.IsFileLocal
            || !cell.DeclaringSyntaxReferences.All(reference => ((ClassDeclarationSyntax)reference.GetSyntax()).Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            return Mistake(CellDiagnostics.Declaration, location, cell.Name, "it must be a sealed partial class of its own, without type parameters");
        }

        var fields = cell.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && !field.IsImplicitlyDeclared).ToArray();
        var kinds = new Dictionary<string, EquationParser.Symbol>();
        for (var i = 0; i < fields.Length; i++)
        {
            var type = fields[i].Type.ToDisplayString();
            if (type is not (CellsNamespace + "Matrix" or CellsNamespace + "Vector"))
            {
                return Mistake(CellDiagnostics.Declaration, fields[i].Locations[0], cell.Name, $"its fields are matrices and vectors, and '{fields[i].Name}' is {type}");
            }

            kinds.Add(fields[i].Name, new(type.EndsWith("Matrix", StringComparison.Ordinal) ? EquationParser.SymbolKind.Matrix : EquationParser.SymbolKind.Vector, i));
        }

        var name = NameOf(cell, attribute);
        var @namespace = cell.ContainingNamespace.IsGlobalNamespace ? string.Empty : cell.ContainingNamespace.ToDisplayString();
        var accessibility = SyntaxFacts.GetText(cell.DeclaredAccessibility);
        outline = new(@namespace, cell.Name, accessibility, name, new([.. fields.Select(field => new CellField(field.Name, field.Type.Name, 0))]), new([]), new([]), new([]), new([]), new([]));
        if (!allowsUnsafe)
        {
            return Mistake(KernelDiagnostics.UnsafeNeeded, location, cell.Name);
        }

        if (name.Length == 0 || !name.All(character => char.IsLetterOrDigit(character) || character is '-' or '_'))
        {
            return Mistake(CellDiagnostics.Declaration, location, cell.Name, $"its name consists of letters, digits, '-' and '_', and '{name}' does not");
        }

        // The equations name functions; a method of that name in the class would be run in their place, but not derived.
        if (cell.GetMembers().FirstOrDefault(member => member is IMethodSymbol && member.Name is "Tanh" or "Sigmoid") is { } hidden)
        {
            return Mistake(CellDiagnostics.Declaration, hidden.Locations[0], cell.Name, $"'{hidden.Name}' is the function that equations know by this name");
        }

        var steps = cell.GetMembers("Step").OfType<IMethodSymbol>().ToArray();
        if (steps.Length != 1 || steps[0].DeclaringSyntaxReferences[0].GetSyntax() is not MethodDeclarationSyntax syntax || (syntax.Body is null && syntax.ExpressionBody is null))
        {
            return Mistake(CellDiagnostics.Declaration, location, cell.Name, "it needs one method Step with a body, such as 'Vector Step(Vector h, Vector x)'");
        }

        var step = steps[0];
        var parameters = step.Parameters;
        var states = parameters.Length - 1;
        var returns = step.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple ? [.. tuple.TupleElements.Select(element => element.Type)] : new[] { step.ReturnType };
        if (states is not (1 or 2) || step.IsStatic || step.IsGenericMethod || returns.Length != states
            || !returns.Concat(parameters.Select(parameter => parameter.Type)).All(type => type.ToDisplayString() == CellsNamespace + "Vector")
            || parameters.Any(parameter => parameter.RefKind != RefKind.None))
        {
            return Mistake(CellDiagnostics.Declaration, step.Locations[0], cell.Name, "Step takes one or two states and the input, and returns the states: 'Vector Step(Vector h, Vector x)' or '(Vector h, Vector c) Step(Vector h, Vector c, Vector x)'");
        }

        var parser = new EquationParser(kinds);
        for (var i = 0; i < states; i++)
        {
            parser.Define(parameters[i].Name, Operator.State, i);
        }

        parser.DefineInput(parameters[states].Name);
        int[] results;
        try
        {
            results = parser.Parse(syntax, states);
        }
        catch (EquationException mistake)
        {
            return Mistake(CellDiagnostics.Equation, mistake.Location, cell.Name, mistake.Message);
        }

        var graph = new Graph();
        var nodes = Graph.From(graph, parser.Instructions);
        var used = new HashSet<Node>();
        foreach (var result in results)
        {
            used.UnionWith(nodes[result].Closure());
        }

        var described = new List<CellField>();
        for (var i = 0; i < fields.Length; i++)
        {
            var own = used.Where(node => node.Index == i && node.Operator is Operator.Product or Operator.Input or Operator.Vector).Where(node => node.Index == i).ToArray();
            if (own.Length == 0)
            {
                return Mistake(CellDiagnostics.Unused, fields[i].Locations[0], fields[i].Name);
            }

            if (own.Length > 1)
            {
                var both = own.Any(node => node.Operator == Operator.Input);
                return Mistake(CellDiagnostics.TwoOperands, fields[i].Locations[0], fields[i].Name, both ? "the input and a state" : "two different vectors");
            }

            described.Add(new(fields[i].Name, own[0].Operator switch { Operator.Product => "Recurrent", Operator.Input => "Input", _ => "Vector" }, Start(fields[i])));
        }

        for (var i = 0; i < states; i++)
        {
            if (!used.Any(node => node.Operator == Operator.State && node.Index == i))
            {
                return Mistake(CellDiagnostics.Unused, parameters[i].Locations[0], parameters[i].Name);
            }
        }

        return new(
            new CellModel(
                @namespace,
                cell.Name,
                accessibility,
                name,
                new([.. described]),
                new([.. parameters.Take(states).Select(parameter => parameter.Name)]),
                new([.. Gates(parser.Instructions, place => used.Contains(nodes[place]) && !results.Contains(place))]),
                parser.Instructions,
                new(results),
                new([.. Lines(syntax)])),
            null);
    }

    /// <summary>The equations as they stand in the source, for the comment above what became of them.</summary>
    internal static IEnumerable<string> Lines(MethodDeclarationSyntax method) => method.ExpressionBody is { } body
        ? ["return " + body.Expression + ";"]
        : method.Body!.Statements.Select(statement => statement.NormalizeWhitespace().ToFullString());

    /// <summary>The instructions stand in the order in which the equations are evaluated.</summary>
    private static IEnumerable<CellGate> Gates(EquatableArray<Instruction> instructions, Func<int, bool> isGate)
    {
        var call = 0;
        for (var place = 0; place < instructions.Count; place++)
        {
            if (instructions[place].Operator != Operator.Sigmoid)
            {
                continue;
            }

            if (isGate(place))
            {
                yield return new(instructions[place].Name.Length > 0 ? instructions[place].Name : $"sigmoid {call + 1}", call);
            }

            call++;
        }
    }

    private static double Start(IFieldSymbol field) =>
        field.GetAttributes().FirstOrDefault(data => data.AttributeClass?.ToDisplayString() == CellsNamespace + "StartAttribute") is { ConstructorArguments.Length: 1 } start
            && start.ConstructorArguments[0].Value is double value ? value : 0;
}
