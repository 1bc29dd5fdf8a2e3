using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels;

/// <summary>Everything that a kernel's body depends on, and nothing else: equal shapes have equal bodies.</summary>
/// <param name="Sizes">The attribute's sizes in its own order.</param>
/// <param name="Element">float or double.</param>
/// <param name="Accumulate">Adds to the result instead of overwriting it.</param>
/// <param name="Scale">The constant factor of the product; 1 when absent.</param>
/// <param name="HasScaleParameter">The factor is a parameter, <c>scale</c>, instead.</param>
/// <param name="TransposeLeft">The left side is stored transposed (MatMul).</param>
/// <param name="TransposeRight">The right side is stored transposed (MatMul).</param>
internal sealed record KernelShape(
    EquatableArray<int> Sizes,
    ElementType Element,
    bool Accumulate = false,
    double Scale = 1,
    bool HasScaleParameter = false,
    bool TransposeLeft = false,
    bool TransposeRight = false)
{
    public bool HasScale => HasScaleParameter || Scale != 1;

    /// <summary>The factor in the emitted code: the parameter's name, or a literal.</summary>
    public string ScaleExpression => HasScaleParameter ? "scale" : Element.Literal(Scale);

    /// <summary>What the sizes and the type are called in a class name, such as 100x80Single.</summary>
    public string Suffix => string.Join("x", Sizes.Select(size => $"{size}")) + Element;
}
