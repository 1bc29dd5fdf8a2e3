using CharRnn.Generators.Kernels.Operations;
using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Kernels;

/// <summary>
/// Writes the body of every method that carries a kernel attribute. Three steps, each in a file of its own: the parser turns
/// symbols into a <see cref="KernelModel"/>, an operation plans the register tiles, the emitter turns the model into text.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class KernelGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the step whose output must not change for an unrelated edit.</summary>
    internal const string ModelStep = "KernelModel";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        foreach (var operation in Operation.All)
        {
            var parsed = context.SyntaxProvider.ForAttributeWithMetadataName(
                operation.AttributeName,
                static (_, _) => true,
                (target, _) => KernelParser.Parse(operation, target));

            var models = parsed.Select(static (result, _) => result.Model).WithTrackingName(ModelStep);
            context.RegisterSourceOutput(models, static (output, model) =>
            {
                if (model is not null)
                {
                    output.AddSource(model.HintName, KernelEmitter.Emit(model));
                }
            });

            var stubs = parsed.Select(static (result, _) => result.Stub);
            context.RegisterSourceOutput(stubs, static (output, stub) =>
            {
                if (stub is not null)
                {
                    output.AddSource(stub.HintName, stub.Text);
                }
            });

            var mistakes = parsed.Select(static (result, _) => result.Mistake);
            context.RegisterSourceOutput(mistakes, static (output, mistake) =>
            {
                if (mistake is not null)
                {
                    output.ReportDiagnostic(mistake.ToDiagnostic());
                }
            });
        }
    }
}
