using System.Text.RegularExpressions;
using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels;

/// <summary>The parts that every operation's body is made of, spelled in one register form.</summary>
internal sealed class BodyWriter(CodeWriter code, KernelShape shape, VectorForm form)
{
    /// <summary>
    /// Without it the JIT runs the first calls of a body unoptimised, which costs vector code a hundredfold. It forbids inlining; a kernel
    /// that takes as long as a call or two is inlined instead.
    /// </summary>
    public string Optimized => shape.IsInlined ? "[MethodImpl(MethodImplOptions.AggressiveInlining)]" : "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    public CodeWriter Code { get; } = code;

    public VectorForm Form { get; } = form;

    public ElementType Element => shape.Element;

    public int Lanes { get; } = form.Lanes(shape.Element);

    /// <summary>The suffix of method names in this form: 512, 256, 128 or Scalar.</summary>
    public string Suffix => Form.IsScalar ? "Scalar" : $"{Form.Bits}";

    /// <summary>The parameter list that every method after the pointers takes: the scale, where there is one.</summary>
    public string ScaleParameter => shape.HasScaleParameter ? $", {Element.Keyword()} scale" : string.Empty;

    public string ScaleArgument => shape.HasScaleParameter ? ", scale" : string.Empty;

    /// <summary>Whether a sum is more than stored: scaled, or added to what is there.</summary>
    public bool HasEpilogue => shape.HasScale || shape.Accumulate || shape.HasBias || shape.Activation != ActivationFunction.None;

    /// <summary>What is in the result or beside it is read.</summary>
    public bool ReadsMore => shape.Accumulate || shape.HasBias;

    /// <summary>The bias of each column is added: the parameter that a tile takes for it.</summary>
    public bool HasBias => shape.HasBias;

    public string BiasParameter => shape.HasBias ? $", {Element.Keyword()}* bias" : string.Empty;

    /// <summary>The register forms that the activation is applied in.</summary>
    public HashSet<VectorForm> Activated { get; } = [];

    /// <summary>The bias as a tile's argument: from the column on that the tile begins with.</summary>
    public string BiasArgument(string offset) => shape.HasBias ? $", bias{offset}" : string.Empty;

    public string Load(string pointer) => Load(Form, pointer);

    /// <summary>A statement that stores <paramref name="value"/> at <paramref name="pointer"/>.</summary>
    public string Store(string value, string pointer) => Store(Form, value, pointer);

    /// <summary>A statement that turns a finished sum into the result at <paramref name="pointer"/>: scaled, and added if the kernel accumulates.</summary>
    public string StoreResult(string sum, string pointer) => StoreResult(Form, sum, pointer);

    /// <inheritdoc cref="StoreResult(string, string)"/>
    public string StoreResult(VectorForm width, string sum, string pointer) => Store(width, Finish(width, sum, pointer), pointer);

    /// <summary>The value that <see cref="StoreResult(string, string)"/> stores.</summary>
    /// <param name="width">The register form.</param>
    /// <param name="sum">The finished sum.</param>
    /// <param name="pointer">Where the result lies.</param>
    /// <param name="bias">The bias in the result's lanes; null where it lies in memory as the result's row does.</param>
    public string Finish(VectorForm width, string sum, string pointer, string? bias = null)
    {
        var scale = width.Broadcast(shape.ScaleExpression);
        var value = (shape.HasScale, shape.Accumulate) switch
        {
            (false, false) => sum,
            (false, true) => $"{Load(width, pointer)} + {sum}",
            (true, false) => $"{scale} * {Operand(sum)}",
            (true, true) => width.MultiplyAdd(scale, Operand(sum), Load(width, pointer)),
        };
        if (shape.HasBias)
        {
            value = $"{bias ?? Load(width, BiasOf(pointer))} + {value}";
        }

        if (shape.Activation == ActivationFunction.None)
        {
            return value;
        }

        Activated.Add(width.Whole);
        return $"{shape.Activation}({value})";
    }

    /// <summary>Where the bias of the result at a pointer is: as far along, in every row the same.</summary>
    private static string BiasOf(string result) => Regex.Replace(result, @" \+ (\d+ \* )?(Columns|ResultRowStride)\b", string.Empty).Replace("result", "bias");

    /// <summary>Declares <c>tailMask</c>: all bits in the last <paramref name="tail"/> lanes, none in the others.</summary>
    public void DeclareTailMask(int tail)
    {
        var (zero, one) = Element == ElementType.Single ? ("0", "-1") : ("0L", "-1L");
        var lanes = Enumerable.Range(0, Lanes).Select(lane => lane < Lanes - tail ? zero : one);
        Code.Line($"var tailMask = {Form.Name}.Create({string.Join(", ", lanes)}).As{Element}();");
    }

    /// <summary>Stores the sums of registers side by side: as many at a time as fill a register, of the widest form that divides them.</summary>
    public void StoreSums(string[] sums, string result)
    {
        var form = Form.Whole;
        var narrowest = VectorForm.Vector128.Lanes(Element);
        if (!form.IsScalar && sums.Length >= narrowest)
        {
            while (sums.Length % form.Lanes(Element) != 0 && form.Lanes(Element) > narrowest)
            {
                form = VectorForm.All[Array.IndexOf(VectorForm.All, form) + 1];
                for (var row = 0; row < sums.Length; row++)
                {
                    var half = $"sum{row}_in{form.Bits}";
                    Code.Line($"var {half} = {sums[row]}.GetLower() + {sums[row]}.GetUpper();");
                    sums[row] = half;
                }
            }
        }

        var lanes = form.Lanes(Element);
        var whole = form.IsScalar ? 0 : sums.Length / lanes * lanes;
        for (var row = 0; row < whole; row += lanes)
        {
            Code.Line(StoreResult(form, $"RowSums.Of({string.Join(", ", sums.Skip(row).Take(lanes))})", At(result, row)));
        }

        for (var row = whole; row < sums.Length; row++)
        {
            Code.Line(StoreResult(VectorForm.Scalar, form.Sum(sums[row]), At(result, row)));
        }
    }

    /// <summary>Adds the chains of each accumulator to the first of them, in pairs.</summary>
    public void MergeChains(IEnumerable<Func<int, string>> accumulators, int chains)
    {
        var names = accumulators.ToArray();
        for (var step = 1; step < chains; step *= 2)
        {
            for (var chain = 0; chain + step < chains; chain += 2 * step)
            {
                foreach (var name in names)
                {
                    Code.Line($"{name(chain)} += {name(chain + step)};");
                }
            }
        }
    }

    /// <summary>The suffix of one of several chains that add up the same element: nothing, b, c, ...</summary>
    public static string Chain(int chain) => chain == 0 ? string.Empty : $"{(char)('a' + chain)}";

    /// <summary><paramref name="pointer"/> plus a constant offset, nothing when it is zero.</summary>
    public static string At(string pointer, int offset) => offset == 0 ? pointer : $"{pointer} + {offset}";

    /// <summary><paramref name="pointer"/> plus a number of strides.</summary>
    public static string AtRow(string pointer, int row, string stride) =>
        row == 0 ? pointer : row == 1 ? $"{pointer} + {stride}" : $"{pointer} + {row} * {stride}";

    private static string Load(VectorForm width, string pointer) => width.IsScalar ? Indexed(pointer) : width.Load(pointer);

    private static string Store(VectorForm width, string value, string pointer) => $"{(width.IsScalar ? $"{Indexed(pointer)} = {value}" : width.Store(value, pointer))};";

    /// <summary>The element at a pointer, as a person indexes it: <c>rows + 4</c> is <c>rows[4]</c>.</summary>
    private static string Indexed(string pointer)
    {
        var plus = pointer.IndexOf(" + ", StringComparison.Ordinal);
        return plus < 0 ? $"{pointer}[0]" : $"{pointer.Substring(0, plus)}[{pointer.Substring(plus + 3)}]";
    }

    private static string Operand(string expression) => expression.Contains(" + ") && !expression.EndsWith(")", StringComparison.Ordinal) ? $"({expression})" : expression;
}
