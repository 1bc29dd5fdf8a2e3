using CharRnn.Generators.Cells;
using CharRnn.Generators.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Recurrent;

/// <summary>Writes the recurrent network's update kernels into the classes that carry [RecurrentKernels].</summary>
[Generator(LanguageNames.CSharp)]
public sealed class RecurrentGenerator : IIncrementalGenerator
{
    private const string AttributeName = "CharRnn.Rnn.Kernels.RecurrentKernelsAttribute";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var declarations = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeName,
            static (_, _) => true,
            static (target, _) => new Declaration(
                target.TargetSymbol.ContainingNamespace.ToDisplayString(),
                target.TargetSymbol.Name,
                SyntaxFacts.GetText(target.TargetSymbol.DeclaredAccessibility),
                target.Attributes[0].ConstructorArguments.FirstOrDefault().Value is INamedTypeSymbol { DeclaringSyntaxReferences.Length: > 0 } cell ? CellParser.Parse(cell, null).Model : null,
                target.Attributes[0].NamedArguments.Where(argument => argument.Key == "Shapes").Select(argument => argument.Value.Value as string).FirstOrDefault()));

        var corpus = context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(static pair => pair.Right.GetOptions(pair.Left).TryGetValue("build_metadata.AdditionalFiles.CharRnnCorpus", out var value) && value == "true")
            .Select(static (pair, cancellation) => CorpusVocabulary.Count(pair.Left.GetText(cancellation)))
            .Collect()
            .Select(static (counts, _) => counts.Length > 0 ? counts[0] : 0);

        var options = context.AnalyzerConfigOptionsProvider.Select(static (provider, _) => BuildShapes.Read(provider.GlobalOptions));

        var models = declarations.Combine(options.Combine(corpus)).Select(static (pair, _) =>
        {
            var (declaration, (build, vocabularySize)) = pair;
            var (shapes, error) = declaration.Shapes is { } own
                ? BuildShapes.Parse(own)
                : build.Resolve(vocabularySize);
            return (Model: declaration.Cell is { } cell ? new RecurrentModel(declaration.Namespace, declaration.Name, declaration.Accessibility, cell, shapes) : null, Error: error);
        });

        context.RegisterSourceOutput(models, static (output, result) =>
        {
            if (result.Error is { } error)
            {
                // The kernels with run-time sizes are written all the same, so that this is the only error.
                output.ReportDiagnostic(Diagnostic.Create(RecurrentDiagnostics.BadShape, Location.None, error));
            }

            if (result.Model is not { } model || BlockCell.Fault(model.Cell) is not null)
            {
                // What is wrong with the cell itself is said where it is declared.
                output.ReportDiagnostic(Diagnostic.Create(RecurrentDiagnostics.UnfitCell, Location.None, result.Model is null ? "its cell must be a class of this project that carries [RecurrentCell] without mistakes" : BlockCell.Fault(result.Model.Cell)));
                return;
            }

            foreach (var type in new[] { ElementType.Single, ElementType.Double })
            {
                foreach (var form in VectorForm.All)
                {
                    // Where there are no vectors, constant sizes gain nothing.
                    var shapes = form.IsScalar ? [] : model.Shapes.Select(shape => (FixedShape?)shape);
                    foreach (var shape in shapes.Append(null))
                    {
                        var variant = new RecurrentVariant(shape, type, form);
                        output.AddSource($"{model.ClassName}.{variant.ClassName}.g.cs", RecurrentEmitter.Emit(model, variant));
                    }
                }
            }

            output.AddSource($"{model.ClassName}.Registry.g.cs", RegistryEmitter.Emit(model));
        });
    }

    private sealed record Declaration(string Namespace, string Name, string Accessibility, CellModel? Cell, string? Shapes);
}
