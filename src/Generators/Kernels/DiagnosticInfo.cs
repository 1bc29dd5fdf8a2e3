using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace CharRnn.Generators.Kernels;

/// <summary>A diagnostic by value: a location without its syntax tree, so that the pipeline keeps no tree alive.</summary>
internal sealed record DiagnosticInfo(
    DiagnosticDescriptor Descriptor, EquatableArray<string> Arguments, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, Location location, params string[] arguments)
    {
        var lines = location.GetLineSpan();
        return new(descriptor, new(arguments), lines.Path ?? string.Empty, location.SourceSpan, lines.Span);
    }

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location.Create(Path, Span, Lines), Arguments.ToArray<object>());
}
