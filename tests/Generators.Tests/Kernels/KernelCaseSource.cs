using System.Text;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>Writes the program that declares kernels and checks each of them.</summary>
internal sealed class KernelCaseSource
{
    /// <summary>Every length up to four 512-bit registers of floats, and larger ones on and off a register's multiple.</summary>
    public static readonly int[] Sizes = [.. Enumerable.Range(1, 64), 96, 100, 104, 128, 131, 200, 256];

    private readonly StringBuilder _declarations = new();
    private readonly StringBuilder _checks = new();

    public int Count { get; private set; }

    public void MatVec(int rows, int columns, string element, KernelFlags flags, int apart = 0) =>
        Add("MatVec", [rows, columns], (rows, columns, 1), element, flags, strides: (Stride(columns, apart), 0, 0));

    public void MatVecTransposed(int rows, int columns, string element, KernelFlags flags, int apart = 0) =>
        Add("MatVecTransposed", [rows, columns], (columns, rows, 1), element, flags, transposeLeft: true, strides: (Stride(columns, apart), 0, 0));

    public void MatMul(int rows, int inner, int columns, bool transposeLeft, bool transposeRight, string element, KernelFlags flags, (int Left, int Right, int Result) apart = default) =>
        Add("MatMul", [rows, inner, columns], (rows, inner, columns), element, flags, transposeLeft, transposeRight,
            (transposeLeft ? ", TransposeLeft = true" : string.Empty) + (transposeRight ? ", TransposeRight = true" : string.Empty),
            (Stride(transposeLeft ? rows : inner, apart.Left), Stride(transposeRight ? inner : columns, apart.Right), Stride(columns, apart.Result)));

    public void OuterProduct(int rows, int columns, string element, KernelFlags flags, int apart = 0) =>
        Add("OuterProduct", [rows, columns], (rows, 1, columns), element, flags, strides: (0, 0, Stride(columns, apart)));

    public override string ToString() => $$"""
        using CharRnn.Generators.Tests.Kernels;

        public static class Program
        {
            public static int Main()
            {
                Console.WriteLine(Verification.Forms);
        {{_checks}}
                return Verification.Report({{Count}});
            }
        }

        internal static partial class Declared
        {
        {{_declarations}}
        }
        """;

    private void Add(
        string operation, int[] sizes, (int Rows, int Inner, int Columns) product, string element, KernelFlags flags,
        bool transposeLeft = false, bool transposeRight = false, string extra = "", (int Left, int Right, int Result) strides = default)
    {
        var name = $"{operation}_{string.Join("x", sizes)}_{element}_{Count++}";
        var scale = (flags & (KernelFlags.Scale | KernelFlags.ScaleParameter)) switch { KernelFlags.Scale => "0.5", KernelFlags.ScaleParameter => "-2", _ => "1" };
        var named = (flags.HasFlag(KernelFlags.Accumulate) ? ", Accumulate = true" : string.Empty) + (flags.HasFlag(KernelFlags.Scale) ? ", Scale = 0.5" : string.Empty) + extra;
        foreach (var (property, stride) in new[] { ("Left", strides.Left), ("Right", strides.Right), ("Result", strides.Result) })
        {
            named += stride == 0 ? string.Empty : $", {(operation == "MatMul" ? property : string.Empty)}RowStride = {stride}";
        }

        // The bias of a vector's product is as long as that, of a matrix's as its rows.
        var isBiased = flags.HasFlag(KernelFlags.Bias) && (operation is "MatVec" or "MatMul");
        var biasLength = !isBiased ? 0 : operation == "MatVec" ? product.Rows : product.Columns;
        var activation = operation is not ("MatVec" or "MatMul") ? "None" : flags.HasFlag(KernelFlags.Tanh) ? "Tanh" : flags.HasFlag(KernelFlags.Sigmoid) ? "Sigmoid" : "None";
        named += (isBiased ? ", Bias = true" : string.Empty) + (activation == "None" ? string.Empty : $", Activation = Activation.{activation}");
        var (biasParameter, biasArgument) = isBiased ? ($" ReadOnlySpan<{element}> bias,", " bias,") : (string.Empty, string.Empty);
        var (parameter, argument) = flags.HasFlag(KernelFlags.ScaleParameter) ? ($", {element} scale", ", s") : (string.Empty, string.Empty);
        _declarations.AppendLine($"    [{operation}({string.Join(", ", sizes)}{named})] public static partial void {name}(ReadOnlySpan<{element}> first, ReadOnlySpan<{element}> second,{biasParameter} Span<{element}> result{parameter});");
        _checks.AppendLine(
            $"        Verification.Check(new KernelCase<{element}>(\"{name}{named}\", {product.Rows}, {product.Inner}, {product.Columns}, {Text(transposeLeft)}, {Text(transposeRight)}, "
            + $"{Text(flags.HasFlag(KernelFlags.Accumulate))}, {scale}, {biasLength}, \"{activation}\", ({strides.Left}, {strides.Right}, {strides.Result}), static (a, b, bias, c, s) => Declared.{name}(a, b,{biasArgument} c{argument})));");
    }

    private static int Stride(int columns, int apart) => apart == 0 ? 0 : columns + apart;

    private static string Text(bool value) => value ? "true" : "false";
}

[Flags]
internal enum KernelFlags
{
    None = 0,
    Accumulate = 1,
    Scale = 2,
    ScaleParameter = 4,
    Bias = 8,
    Tanh = 16,
    Sigmoid = 32,
}
