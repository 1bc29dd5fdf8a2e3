using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels.Operations;

/// <summary>
/// One kind of kernel: its sizes, its operands, its cost, and how a body is written in one register form. The parser and the
/// emitter know operations only through this class, so a new one is a file beside these and a line in <see cref="All"/>.
/// </summary>
internal abstract class Operation
{
    /// <summary>The registered operations. The attribute is <c>CharRnn.Kernels.{Name}Attribute</c>.</summary>
    public static readonly Operation[] All =
    [
        new MatVec(),
        new MatVecTransposed(),
        new MatMul(),
        new OuterProduct(),
    ];

    public string Name => GetType().Name;

    public string AttributeName => $"CharRnn.Kernels.{Name}Attribute";

    /// <summary>The attribute's constructor parameters.</summary>
    public abstract string[] SizeNames { get; }

    /// <summary>The method's parameters, the result last. They are named in the emitted body as here.</summary>
    public abstract Operand[] Operands(KernelShape shape);

    /// <summary>What is computed, without accumulation and scale, such as <c>A x</c>.</summary>
    public abstract string Formula(KernelShape shape);

    /// <summary>How many products each element of the result sums.</summary>
    public abstract int Terms(KernelShape shape);

    /// <summary>The dimension that registers lie along: a form needs at least one whole register of it.</summary>
    public abstract int VectorizedLength(KernelShape shape);

    /// <summary>The tile in words, for the emitted comment.</summary>
    public abstract string Describe(KernelShape shape, VectorForm form);

    /// <summary>Writes the body of <c>Run{bits}</c> and, through <paramref name="later"/>, methods that stand after it.</summary>
    public abstract void WriteBody(KernelShape shape, BodyWriter body, List<Action> later);

    /// <summary>So many of something, in words.</summary>
    protected static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    /// <summary>The forms that are emitted, widest first. The scalar one is always there.</summary>
    public VectorForm[] Forms(KernelShape shape) =>
        [.. VectorForm.All.Where(form => form.Lanes(shape.Element) <= VectorizedLength(shape))];
}
