using CharRnn.Generators.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CharRnn.Generators.Cells;

/// <summary>Writes the other half of every class with [RecurrentCell].</summary>
[Generator(LanguageNames.CSharp)]
public sealed class CellGenerator : IIncrementalGenerator
{
    internal const string AttributeName = "CharRnn.Rnn.Cells.RecurrentCellAttribute";

    /// <summary>The name of the step that tests look at.</summary>
    internal const string ParsedStep = "ParsedCell";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var cells = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeName,
            static (node, _) => node is ClassDeclarationSyntax,
            static (target, _) => CellParser.Parse((INamedTypeSymbol)target.TargetSymbol, target.Attributes[0], target.SemanticModel.Compilation.Options is not CSharpCompilationOptions { AllowUnsafe: false })).WithTrackingName(ParsedStep);

        context.RegisterSourceOutput(cells, static (output, parsed) =>
        {
            if (parsed.Mistake is { } mistake)
            {
                output.ReportDiagnostic(mistake.ToDiagnostic());
            }

            if ((parsed.Model ?? parsed.Outline) is not { } model)
            {
                return;
            }

            var name = model.Namespace.Length > 0 ? $"{model.Namespace}.{model.ClassName}" : model.ClassName;
            if (model == parsed.Outline)
            {
                output.AddSource($"{name}.g.cs", CellEmitter.EmitOutline(model));
                return;
            }

            output.AddSource($"{name}.g.cs", CellEmitter.Emit(model));
            foreach (var type in new[] { ElementType.Single, ElementType.Double })
            {
                foreach (var form in VectorForm.All)
                {
                    output.AddSource($"{name}.{type}{form}.g.cs", CellEmitter.EmitKernels(model, type, form));
                }
            }
        });
    }
}
