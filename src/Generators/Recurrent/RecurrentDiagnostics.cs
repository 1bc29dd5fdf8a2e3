using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Recurrent;

/// <summary>What can be wrong with the shapes that a build asks for.</summary>
internal static class RecurrentDiagnostics
{
    public static readonly DiagnosticDescriptor BadShape = new(
        "CRNN101",
        "Shape of the compiled-in kernels",
        "{0}",
        "CharRnn.Kernels",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
