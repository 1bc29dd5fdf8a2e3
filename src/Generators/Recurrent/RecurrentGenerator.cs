using CharRnn.Generators.Cells;
using CharRnn.Generators.Emission;
using CharRnn.Generators.Optimizers;
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
                Own(target.Attributes[0], 0) is { } cell ? CellParser.Parse(cell, null).Model : null,
                Own(target.Attributes[0], 1) is { } rule ? OptimizerGenerator.Parse(rule).Model : null,
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
            return (Model: declaration is { Cell: { } cell, Rule: { } rule } ? new RecurrentModel(declaration.Namespace, declaration.Name, declaration.Accessibility, cell, rule, new([.. shapes.Where(shape => shape.Cell is null)])) : null, Error: error);
        });

        context.RegisterSourceOutput(models, static (output, result) =>
        {
            if (result.Error is { } error)
            {
                // The kernels with run-time sizes are written all the same, so that this is the only error.
                output.ReportDiagnostic(Diagnostic.Create(RecurrentDiagnostics.BadShape, Location.None, error));
            }

            // What is wrong with the cell or the rule itself is said where it is declared.
            var fault = result.Model is { } read ? BlockCell.Fault(read.Cell) ?? read.RuleFault : "cell and rule must be classes of this project that carry [RecurrentCell] and [OptimizerRule] without mistakes";
            if (result.Model is not { } model || fault is not null)
            {
                output.ReportDiagnostic(Diagnostic.Create(RecurrentDiagnostics.UnfitCell, Location.None, fault));
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

    /// <summary>A class that the attribute names, where its source is of this project.</summary>
    private static INamedTypeSymbol? Own(AttributeData attribute, int argument) =>
        attribute.ConstructorArguments.Length > argument && attribute.ConstructorArguments[argument].Value is INamedTypeSymbol { DeclaringSyntaxReferences.Length: > 0 } named ? named : null;

    private sealed record Declaration(string Namespace, string Name, string Accessibility, CellModel? Cell, OptimizerModel? Rule, string? Shapes);
}
