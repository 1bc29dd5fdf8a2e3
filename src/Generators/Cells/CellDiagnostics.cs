using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Cells;

/// <summary>Every mistake that a cell or an optimiser's rule can hold. Ids are in sequence and never reused.</summary>
internal static class CellDiagnostics
{
    public static readonly DiagnosticDescriptor Declaration = Error("CRNN111", "A recurrent cell is a sealed partial class with a method Step", "'{0}': {1}");

    public static readonly DiagnosticDescriptor Equation = Error("CRNN112", "An equation is not understood", "'{0}': {1}");

    public static readonly DiagnosticDescriptor Unused = Error("CRNN113", "A parameter has no influence", "'{0}' is never used in what the equations return: its gradient would be zero");

    public static readonly DiagnosticDescriptor TwoOperands = Error("CRNN114", "A matrix is multiplied with two vectors", "'{0}' is multiplied with {1}: a matrix has one operand, so declare two");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(
        id, title, message, "CharRnn.Rnn", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
