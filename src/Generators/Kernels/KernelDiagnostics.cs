using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Kernels;

/// <summary>Every mistake that a kernel declaration can hold. Ids are in sequence and never reused; docs/kernels.md lists them.</summary>
internal static class KernelDiagnostics
{
    public static readonly DiagnosticDescriptor NotStaticPartial = Error("CRNN001", "A kernel is a static partial void method",
        "'{0}' must be declared 'static partial void', without a body and without type parameters: the generator writes the body ({1})");

    public static readonly DiagnosticDescriptor WrongSignature = Error("CRNN002", "A kernel's parameters do not fit its operation",
        "'{0}' must take {1}: {2}");

    public static readonly DiagnosticDescriptor BadSize = Error("CRNN003", "A kernel's size is out of range",
        "'{0}': {1}");

    public static readonly DiagnosticDescriptor UnsafeNeeded = Error("CRNN004", "Kernels need unsafe blocks",
        "'{0}' is written with pointers: set <AllowUnsafeBlocks>true</AllowUnsafeBlocks> in the project file");

    public static readonly DiagnosticDescriptor TwoKernels = Error("CRNN005", "A method carries more than one kernel attribute",
        "'{0}' carries {1}: a method is one kernel, so keep one of them");

    public static readonly DiagnosticDescriptor ElementTypeNotSupported = Error("CRNN006", "A kernel's element type is not supported",
        "'{0}' works on '{1}': the elements must be float or double");

    public static readonly DiagnosticDescriptor TypeNotPartial = Error("CRNN007", "The type around a kernel is not partial",
        "'{0}' is in '{1}', which must be declared partial and not file-local: the generator writes the other part");

    public static readonly DiagnosticDescriptor BadScale = Error("CRNN008", "A kernel's scale is not usable",
        "'{0}': {1}");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(
        id, title, message, "CharRnn.Kernels", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
