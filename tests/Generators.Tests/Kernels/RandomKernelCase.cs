using CsCheck;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>A kernel that nobody chose, for the property tests, and what is smaller than it.</summary>
internal sealed record RandomKernelCase(string Operation, int Rows, int Inner, int Columns, bool TransposeLeft, bool TransposeRight, string Element, KernelFlags Flags)
{
    private static readonly string[] Operations = ["MatVec", "MatVecTransposed", "OuterProduct", "MatMul", "MatMul"];

    // The cube of an evenly drawn number: half of the sides are below 20.
    private static readonly Gen<int> Side = Gen.Int[0, 999].Select(draw => 1 + (int)(150 * Math.Pow(draw / 1000.0, 3)));

    public static Gen<RandomKernelCase> Generator { get; } =
        from operation in Gen.OneOf(Operations)
        from rows in Side
        from inner in Side
        from columns in Side
        from transposeLeft in Gen.Bool
        from transposeRight in Gen.Bool
        from element in Gen.OneOf(CompileAndRunTests.Elements)
        from flags in Gen.OneOf(CompileAndRunTests.Epilogues)
        select new RandomKernelCase(operation, rows, inner, columns, transposeLeft, transposeRight, element, flags);

    /// <summary>Fewer kernels first; when one is left, a smaller one.</summary>
    public static IEnumerable<RandomKernelCase[]> Smaller(RandomKernelCase[] cases)
    {
        if (cases.Length == 1)
        {
            return cases[0].Smaller().Select(test => (RandomKernelCase[])[test]);
        }

        return cases.Length == 0 ? [] : [cases[..(cases.Length / 2)], cases[(cases.Length / 2)..]];
    }

    public void AddTo(KernelCaseSource source)
    {
        switch (Operation)
        {
            case "MatVec":
                source.MatVec(Rows, Columns, Element, Flags);
                break;
            case "MatVecTransposed":
                source.MatVecTransposed(Rows, Columns, Element, Flags);
                break;
            case "OuterProduct":
                source.OuterProduct(Rows, Columns, Element, Flags);
                break;
            default:
                source.MatMul(Rows, Inner, Columns, TransposeLeft, TransposeRight, Element, Flags);
                break;
        }
    }

    private IEnumerable<RandomKernelCase> Smaller()
    {
        foreach (var rows in Less(Rows))
        {
            yield return this with { Rows = rows };
        }

        foreach (var inner in Operation == "MatMul" ? Less(Inner) : [])
        {
            yield return this with { Inner = inner };
        }

        foreach (var columns in Less(Columns))
        {
            yield return this with { Columns = columns };
        }

        if (Flags != KernelFlags.None)
        {
            yield return this with { Flags = KernelFlags.None };
        }

        if (TransposeLeft)
        {
            yield return this with { TransposeLeft = false };
        }

        if (TransposeRight)
        {
            yield return this with { TransposeRight = false };
        }
    }

    /// <summary>One, half, one less.</summary>
    private static IEnumerable<int> Less(int side) => new[] { 1, side / 2, side - 1 }.Where(less => less >= 1 && less < side).Distinct();
}
