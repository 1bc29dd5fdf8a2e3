using CharRnn.Generators.Cells;
using CharRnn.Generators.Emission;
using CharRnn.Generators.Recurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Products;

/// <summary>Writes the products of the layered network into the class that carries [ProductKernels].</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProductGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider.ForAttributeWithMetadataName(
            "CharRnn.Rnn.Kernels.ProductKernelsAttribute",
            static (_, _) => true,
            static (target, _) => (
                Namespace: target.TargetSymbol.ContainingNamespace.ToDisplayString(),
                target.TargetSymbol.Name,
                Accessibility: SyntaxFacts.GetText(target.TargetSymbol.DeclaredAccessibility),
                Shapes: target.Attributes[0].NamedArguments.Where(argument => argument.Key == "Shapes").Select(argument => argument.Value.Value as string).FirstOrDefault()));

        var cells = context.SyntaxProvider.ForAttributeWithMetadataName(
            CellGenerator.AttributeName,
            static (_, _) => true,
            static (target, _) => CellParser.NameOf((INamedTypeSymbol)target.TargetSymbol, target.Attributes[0])).Collect().Select(static (names, _) => new EquatableArray<string>([.. names]));

        var build = context.AnalyzerConfigOptionsProvider.Select(static (provider, _) => BuildShapes.Read(provider.GlobalOptions).Shapes);

        // What is wrong with a list of shapes is said by the generator of the one-stream kernels, which reads it too.
        var models = classes.Combine(build).Select(static (pair, _) => new ProductModel(
            pair.Left.Namespace, pair.Left.Name, pair.Left.Accessibility, new([.. BuildShapes.Parse(pair.Left.Shapes ?? pair.Right).Shapes.Where(shape => shape.Cell is not null)])));

        context.RegisterSourceOutput(models, static (output, model) =>
        {
            foreach (var type in new[] { ElementType.Single, ElementType.Double })
            {
                foreach (var form in VectorForm.All)
                {
                    output.AddSource($"{model.ClassName}.{ProductEmitter.ClassName(type, form)}.g.cs", ProductEmitter.Emit(model, type, form));
                }
            }

            output.AddSource($"{model.ClassName}.Registry.g.cs", ProductRegistry.Emit(model));
        });

        context.RegisterSourceOutput(models.Combine(cells), static (output, pair) =>
        {
            foreach (var shape in pair.Left.Shapes.Where(shape => pair.Right.Count > 0 && !pair.Right.Contains(shape.Cell!)))
            {
                output.ReportDiagnostic(Diagnostic.Create(RecurrentDiagnostics.BadShape, Location.None, $"'{shape}' names no cell of this project: the cells are {string.Join(", ", pair.Right.OrderBy(name => name, StringComparer.Ordinal))}"));
            }
        });
    }
}
