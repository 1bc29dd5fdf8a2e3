using CharRnn.Generators.Emission;
using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Elementwise;

/// <summary>Writes tanh and exp into the class that asks for them.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ElementwiseGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var classes = context.SyntaxProvider.ForAttributeWithMetadataName(
            "CharRnn.Rnn.Registers.ElementwiseFunctionsAttribute",
            static (_, _) => true,
            static (target, _) => (Namespace: target.TargetSymbol.ContainingNamespace.ToDisplayString(), target.TargetSymbol.Name));

        context.RegisterSourceOutput(classes, static (output, target) =>
        {
            foreach (var form in VectorForm.All)
            {
                output.AddSource($"{target.Name}.{form}.g.cs", ElementwiseEmitter.Emit(target.Namespace, target.Name, form));
            }
        });
    }
}
