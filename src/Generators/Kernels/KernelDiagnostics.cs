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

    public static readonly DiagnosticDescriptor BadWidth = Error("CRNN009", "A kernel's largest register width is not one",
        "'{0}': MaxVectorWidth is {1}, and must be 128, 256 or 512 (bits), or absent");

    public static readonly DiagnosticDescriptor OldLanguage = Error("CRNN010", "Kernels need a newer language version",
        "'{0}' is written in C# 11 or later, and this project is built as C# {1}: take LangVersion out of the project file, or raise it");

    public static readonly DiagnosticDescriptor OddOrder = new("CRNN011", "The names of a kernel's parameters contradict their order",
        "'{0}': parameter {1} is the {2}, and is named '{3}', which reads as the {4}: the order is {5}", "CharRnn.Kernels", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor BadStride = Error("CRNN012", "A kernel's row stride does not fit its matrix",
        "'{0}': {1} is {2}, and must be from {3}, the elements of a stored row, to {4}");

    public static readonly DiagnosticDescriptor BadActivation = Error("CRNN013", "A kernel's activation is none of those there are",
        "'{0}': Activation is {1}, and must be one of {2}");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(
        id, title, message, "CharRnn.Kernels", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
