using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Recurrent;

/// <summary>What can be wrong with the shapes that a build asks for, and with the cell or the rule.</summary>
internal static class RecurrentDiagnostics
{
    public static readonly DiagnosticDescriptor BadShape = new(
        "CRNN101",
        "Shape of the compiled-in kernels",
        "{0}",
        "CharRnn.Kernels",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnfitCell = new(
        "CRNN102",
        "Cell or rule of the one-stream kernels",
        "The kernels of [RecurrentKernels] cannot be written: {0}",
        "CharRnn.Kernels",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
