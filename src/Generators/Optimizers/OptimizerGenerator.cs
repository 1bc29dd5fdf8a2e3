using CharRnn.Generators.Cells;
using CharRnn.Generators.Emission;
using CharRnn.Generators.Equations;
using CharRnn.Generators.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CharRnn.Generators.Optimizers;

/// <summary>Writes the other half of every class with [OptimizerRule].</summary>
[Generator(LanguageNames.CSharp)]
public sealed class OptimizerGenerator : IIncrementalGenerator
{
    internal const string AttributeName = "CharRnn.Rnn.Optimizers.OptimizerRuleAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var rules = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeName,
            static (node, _) => node is ClassDeclarationSyntax,
            static (target, _) => Parse((INamedTypeSymbol)target.TargetSymbol));

        context.RegisterSourceOutput(rules, static (output, parsed) =>
        {
            if (parsed.Mistake is { } mistake)
            {
                output.ReportDiagnostic(mistake.ToDiagnostic());
            }
            else if (parsed.Model is { } model)
            {
                output.AddSource($"{model.Namespace}.{model.ClassName}.g.cs", OptimizerEmitter.Emit(model));
                foreach (var type in new[] { ElementType.Single, ElementType.Double })
                {
                    foreach (var form in VectorForm.All)
                    {
                        output.AddSource($"{model.Namespace}.{model.ClassName}.{type}{form}.g.cs", OptimizerEmitter.EmitKernels(model, type, form));
                    }
                }
            }
        });
    }

    internal static (OptimizerModel? Model, DiagnosticInfo? Mistake) Parse(INamedTypeSymbol rule)
    {
        (OptimizerModel?, DiagnosticInfo?) Mistake(DiagnosticDescriptor descriptor, Location at, params string[] arguments) => (null, DiagnosticInfo.Create(descriptor, at, arguments));
        var fields = rule.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && !field.IsImplicitlyDeclared).ToArray();
        var (slots, scalars) = (new List<string>(), new List<string>());
        var kinds = new Dictionary<string, EquationParser.Symbol>();
        foreach (var field in fields)
        {
            var isSlot = field.Type.ToDisplayString() == "CharRnn.Rnn.Cells.Vector";
            if (!isSlot && field.Type.SpecialType != SpecialType.System_Double)
            {
                return Mistake(CellDiagnostics.Declaration, field.Locations[0], rule.Name, $"a rule's fields are vectors and numbers of type double, and '{field.Name}' is {field.Type.ToDisplayString()}");
            }

            var list = isSlot ? slots : scalars;
            kinds.Add(field.Name, new(isSlot ? EquationParser.SymbolKind.Vector : EquationParser.SymbolKind.Scalar, list.Count));
            list.Add(field.Name);
        }

        if (rule.GetMembers("Step").OfType<IMethodSymbol>().FirstOrDefault() is not { Parameters.Length: 2 } step || step.DeclaringSyntaxReferences[0].GetSyntax() is not MethodDeclarationSyntax syntax)
        {
            return Mistake(CellDiagnostics.Declaration, rule.Locations[0], rule.Name, "it needs a method 'Vector Step(Vector theta, Vector g)'");
        }

        var parser = new EquationParser(kinds);
        parser.Define(step.Parameters[0].Name, Operator.Parameter, 0);
        parser.Define(step.Parameters[1].Name, Operator.Gradient, 0);
        foreach (var (slot, i) in slots.Select((slot, i) => (slot, i)))
        {
            parser.Define(slot, Operator.Vector, i);
        }

        try
        {
            var result = parser.Parse(syntax, 1)[0];
            return (new OptimizerModel(
                rule.ContainingNamespace.ToDisplayString(), rule.Name, SyntaxFacts.GetText(rule.DeclaredAccessibility), new([.. slots]), new([.. scalars]),
                parser.Instructions, result, new([.. slots.Select(parser.PlaceOf)]), new([.. CellParser.Lines(syntax)])), null);
        }
        catch (EquationException mistake)
        {
            return Mistake(CellDiagnostics.Equation, mistake.Location, rule.Name, mistake.Message);
        }
    }
}
