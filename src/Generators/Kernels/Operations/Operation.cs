using CharRnn.Generators.Emission;
using Microsoft.CodeAnalysis;

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

    /// <summary>What else an operand's parameter is often called, by the operand's name.</summary>
    protected virtual (string Operand, string[] Names)[] OtherNames => [];

    /// <summary>The first parameter whose name says that it is another operand than its place says, and which: the two would be mistaken for each other.</summary>
    public (int Parameter, int Meant)? OddName(Operand[] operands, IReadOnlyList<IParameterSymbol> parameters)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            var meant = Array.FindIndex(operands, operand => Means(operand.Name, parameters[i].Name));
            if (meant >= 0 && meant != i)
            {
                return (i, meant);
            }
        }

        return null;

        bool Means(string operand, string name) =>
            string.Equals(operand, name, StringComparison.OrdinalIgnoreCase)
            || OtherNames.Any(other => other.Operand == operand && other.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The attribute's properties that set a matrix's rows apart, and the matrices.</summary>
    public virtual (string Property, string Operand)[] StrideNames => [("RowStride", "matrix")];

    /// <summary>The constants beside the sizes: the distances between rows that are not those of the sizes.</summary>
    public virtual (string Name, int Value)[] Strides(KernelShape shape) => shape.LeftRowStride > 0 ? [("RowStride", shape.LeftRowStride)] : [];

    /// <summary>How emitted code calls the distance between the rows of the only matrix.</summary>
    protected static string Stride(KernelShape shape) => shape.LeftRowStride > 0 ? "RowStride" : "Columns";

    /// <summary>Whether a body of the form takes several rows to a register.</summary>
    protected virtual bool IsPacked(KernelShape shape, VectorForm form) => false;

    /// <summary>
    /// Whether fewer lanes in more registers are sooner done. Where lanes are results, always; where they are terms of one sum, what counts is how
    /// many registers a sum has: 17 to 20 of double are three of 512 bits or five of 256.
    /// </summary>
    protected virtual bool MayTakeFewerLanes(KernelShape shape) => true;

    /// <summary>Whether a row of so many terms is one register of 512 bits and a part of the next.</summary>
    protected static bool IsOneRegisterAndMore(KernelShape shape, int terms) => terms < 2 * VectorForm.Vector512.Lanes(shape.Element);

    /// <summary>
    /// The forms that are emitted, widest first. The scalar one is always there, but beside it none is wider than <c>MaxVectorWidth</c>. Without
    /// that, 512 bits are left out where 256 cover the row with a sixth fewer lanes: ten columns of double take two registers of eight or three of
    /// four, and a processor that does one wide operation in the time of two narrow ones is slower with the two (<c>bench -- sweep</c>).
    /// </summary>
    public VectorForm[] Forms(KernelShape shape)
    {
        var length = VectorizedLength(shape);
        var forms = VectorForm.All.Where(form => form.Lanes(shape.Element) <= length && (shape.MaxVectorWidth == 0 || form.Bits <= shape.MaxVectorWidth)).ToList();
        if (shape.Element == ElementType.Single && length is 2 or 3)
        {
            forms.Insert(0, length == 2 ? VectorForm.Pairs : VectorForm.Triples);
        }

        if (shape.MaxVectorWidth == 0 && forms[0] == VectorForm.Vector512 && MayTakeFewerLanes(shape) && 5 * Covered(forms[0]) >= 6 * Covered(forms[1]))
        {
            forms.RemoveAt(0);
        }

        // A form that takes several rows to a register needs no long ones, and no part of a register beside it.
        var packed = VectorForm.All.Where(form => !forms.Contains(form) && (shape.MaxVectorWidth == 0 || form.Bits <= shape.MaxVectorWidth) && IsPacked(shape, form)).ToArray();
        forms.RemoveAll(form => form.IsPartial && packed.Contains(form.Whole));
        forms.InsertRange(0, packed);
        return [.. forms];

        int Covered(VectorForm form) => (length + form.Lanes(shape.Element) - 1) / form.Lanes(shape.Element) * form.Lanes(shape.Element);
    }

    /// <summary>
    /// The operation that does the same on the same memory where a side is one: a product with one column is a matrix times a vector. So no
    /// shape is slower than the same work under another name.
    /// </summary>
    /// <returns>The operation, its shape, and for each of its operands the number of this one's.</returns>
    public (Operation Operation, KernelShape Shape, int[] Order) Same(KernelShape shape) =>
        shape.HasBias || shape.HasStride || shape.Activation != ActivationFunction.None ? Itself(shape) : Renamed(shape);

    /// <inheritdoc cref="Same"/>
    protected virtual (Operation Operation, KernelShape Shape, int[] Order) Renamed(KernelShape shape) => Itself(shape);

    private (Operation Operation, KernelShape Shape, int[] Order) Itself(KernelShape shape) => (this, shape, [.. Enumerable.Range(0, Operands(shape).Length)]);

    /// <summary>The bias, where there is one.</summary>
    protected static Operand[] Bias(KernelShape shape, int length) => shape.HasBias ? [new("bias", length)] : [];

    /// <summary>This operation with other sizes.</summary>
    protected static (Operation Operation, KernelShape Shape, int[] Order) As<TOperation>(KernelShape shape, int[] sizes, params int[] order)
        where TOperation : Operation =>
        (All.OfType<TOperation>().Single(), shape with { Sizes = new(sizes), TransposeLeft = false, TransposeRight = false }, order);

    /// <summary>Whether a body of the form takes memory of the stack.</summary>
    public virtual bool TakesStack(KernelShape shape, VectorForm form) => false;
}
