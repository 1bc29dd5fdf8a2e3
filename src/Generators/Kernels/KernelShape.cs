using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels;

/// <summary>The values of the attributes' <c>Activation</c>, in its order.</summary>
internal enum ActivationFunction
{
    None,
    Tanh,
    Sigmoid,
}

/// <summary>Everything that a kernel's body depends on, and nothing else: equal shapes have equal bodies.</summary>
/// <param name="Sizes">The attribute's sizes in its own order.</param>
/// <param name="Element">float or double.</param>
/// <param name="Accumulate">Adds to the result instead of overwriting it.</param>
/// <param name="Scale">The constant factor of the product; 1 when absent.</param>
/// <param name="HasScaleParameter">The factor is a parameter, <c>scale</c>, instead.</param>
/// <param name="TransposeLeft">The left side is stored transposed (MatMul).</param>
/// <param name="TransposeRight">The right side is stored transposed (MatMul).</param>
/// <param name="HasBias">A vector is added to each row of the product, or to the product of a vector.</param>
/// <param name="Activation">What is applied before a result is stored.</param>
/// <param name="LeftRowStride">Elements from row to row of the left matrix, or of the only one, as stored; 0 where rows follow one another.</param>
/// <param name="RightRowStride">The same of the right matrix (MatMul).</param>
/// <param name="ResultRowStride">The same of the result (MatMul).</param>
/// <param name="MaxVectorWidth">The widest registers in bits; 0 where the plan decides.</param>
internal sealed record KernelShape(
    EquatableArray<int> Sizes,
    ElementType Element,
    bool Accumulate = false,
    double Scale = 1,
    bool HasScaleParameter = false,
    bool TransposeLeft = false,
    bool TransposeRight = false,
    int MaxVectorWidth = 0,
    bool HasBias = false,
    ActivationFunction Activation = ActivationFunction.None,
    int LeftRowStride = 0,
    int RightRowStride = 0,
    int ResultRowStride = 0)
{
    /// <summary>Multiply-adds of the largest kernel that is inlined where it is called.</summary>
    private const int MostInlined = 64;

    /// <summary>All of it is a few instructions beside which a call would weigh. With both sides transposed it needs a buffer.</summary>
    public bool IsInlined => Sizes.Aggregate(1L, (product, size) => product * size) <= MostInlined && !(TransposeLeft && TransposeRight) && Activation == ActivationFunction.None;

    /// <summary>An operand is a block of a larger matrix.</summary>
    public bool HasStride => LeftRowStride + RightRowStride + ResultRowStride > 0;

    public bool HasScale => HasScaleParameter || Scale != 1;

    /// <summary>The factor in the emitted code: the parameter's name, or a literal.</summary>
    public string ScaleExpression => HasScaleParameter ? "scale" : Element.Literal(Scale);

    /// <summary>What the sizes and the type are called in a class name, such as 100x80Single.</summary>
    public string Suffix => string.Join("x", Sizes.Select(size => $"{size}")) + Element;
}
