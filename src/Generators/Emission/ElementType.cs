namespace CharRnn.Generators.Emission;

/// <summary>The element types that kernels are emitted for.</summary>
internal enum ElementType
{
    Single,
    Double,
}

internal static class ElementTypes
{
    public static string Keyword(this ElementType type) => type == ElementType.Single ? "float" : "double";

    public static int Size(this ElementType type) => type == ElementType.Single ? 4 : 8;

    /// <summary>An integral or short constant in the element type's own spelling, such as <c>5f</c>.</summary>
    public static string Literal(this ElementType type, double value) => type == ElementType.Single
        ? $"{(float)value:R}f"
        : $"{value:R}d";
}
