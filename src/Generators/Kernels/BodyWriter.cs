using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels;

/// <summary>The parts that every operation's body is made of, spelled in one register form.</summary>
internal sealed class BodyWriter(CodeWriter code, KernelShape shape, VectorForm form)
{
    /// <summary>On every body: without it the JIT runs the first calls unoptimised, which costs vector code a hundredfold.</summary>
    public const string Optimized = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    public CodeWriter Code { get; } = code;

    public VectorForm Form { get; } = form;

    public ElementType Element => shape.Element;

    public int Lanes { get; } = form.Lanes(shape.Element);

    /// <summary>The suffix of method names in this form: 512, 256, 128 or Scalar.</summary>
    public string Suffix => Form.IsScalar ? "Scalar" : Form.Bits.ToString();

    /// <summary>The parameter list that every method after the pointers takes: the scale, where there is one.</summary>
    public string ScaleParameter => shape.HasScaleParameter ? $", {Element.Keyword()} scale" : string.Empty;

    public string ScaleArgument => shape.HasScaleParameter ? ", scale" : string.Empty;

    /// <summary>Whether a sum is more than stored: scaled, or added to what is there.</summary>
    public bool HasEpilogue => shape.HasScale || shape.Accumulate;

    public string Load(string pointer) => Form.Load(pointer);

    /// <summary>A statement that turns a finished sum into the result at <paramref name="pointer"/>: scaled, and added if the kernel accumulates.</summary>
    public string StoreResult(string sum, string pointer) => StoreResult(Form, sum, pointer);

    /// <inheritdoc cref="StoreResult(string, string)"/>
    public string StoreResult(VectorForm width, string sum, string pointer) => $"{width.Store(Finish(width, sum, pointer), pointer)};";

    /// <summary>The value that <see cref="StoreResult(string, string)"/> stores.</summary>
    public string Finish(VectorForm width, string sum, string pointer)
    {
        var scale = width.Broadcast(shape.ScaleExpression);
        return (shape.HasScale, shape.Accumulate) switch
        {
            (false, false) => sum,
            (false, true) => $"{width.Load(pointer)} + {sum}",
            (true, false) => $"{scale} * {Operand(sum)}",
            (true, true) => width.MultiplyAdd(scale, Operand(sum), width.Load(pointer)),
        };
    }

    /// <summary>Declares <c>tailMask</c>: all bits in the last <paramref name="tail"/> lanes, none in the others.</summary>
    public void DeclareTailMask(int tail)
    {
        var (zero, one) = Element == ElementType.Single ? ("0", "-1") : ("0L", "-1L");
        var lanes = Enumerable.Range(0, Lanes).Select(lane => lane < Lanes - tail ? zero : one);
        Code.Line($"var tailMask = {Form.Name}.Create({string.Join(", ", lanes)}).As{Element}();");
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
    public static string Chain(int chain) => chain == 0 ? string.Empty : ((char)('a' + chain)).ToString();

    /// <summary><paramref name="pointer"/> plus a constant offset, nothing when it is zero.</summary>
    public static string At(string pointer, int offset) => offset == 0 ? pointer : $"{pointer} + {offset}";

    /// <summary><paramref name="pointer"/> plus a number of strides.</summary>
    public static string AtRow(string pointer, int row, string stride) =>
        row == 0 ? pointer : row == 1 ? $"{pointer} + {stride}" : $"{pointer} + {row} * {stride}";

    /// <summary>An element behind a pointer and a number of strides.</summary>
    public static string ElementAt(string pointer, int row, string stride) =>
        row == 0 ? $"*{pointer}" : row == 1 ? $"{pointer}[{stride}]" : $"{pointer}[{row} * {stride}]";

    private static string Operand(string expression) => expression.Contains(" + ") && !expression.EndsWith(")", StringComparison.Ordinal) ? $"({expression})" : expression;
}
