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
    public string Suffix => Form.IsScalar ? "Scalar" : $"{Form.Bits}";

    /// <summary>The parameter list that every method after the pointers takes: the scale, where there is one.</summary>
    public string ScaleParameter => shape.HasScaleParameter ? $", {Element.Keyword()} scale" : string.Empty;

    public string ScaleArgument => shape.HasScaleParameter ? ", scale" : string.Empty;

    /// <summary>Whether a sum is more than stored: scaled, or added to what is there.</summary>
    public bool HasEpilogue => shape.HasScale || shape.Accumulate;

    public string Load(string pointer) => Load(Form, pointer);

    /// <summary>A statement that stores <paramref name="value"/> at <paramref name="pointer"/>.</summary>
    public string Store(string value, string pointer) => Store(Form, value, pointer);

    /// <summary>A statement that turns a finished sum into the result at <paramref name="pointer"/>: scaled, and added if the kernel accumulates.</summary>
    public string StoreResult(string sum, string pointer) => StoreResult(Form, sum, pointer);

    /// <inheritdoc cref="StoreResult(string, string)"/>
    public string StoreResult(VectorForm width, string sum, string pointer) => Store(width, Finish(width, sum, pointer), pointer);

    /// <summary>The value that <see cref="StoreResult(string, string)"/> stores.</summary>
    public string Finish(VectorForm width, string sum, string pointer)
    {
        var scale = width.Broadcast(shape.ScaleExpression);
        return (shape.HasScale, shape.Accumulate) switch
        {
            (false, false) => sum,
            (false, true) => $"{Load(width, pointer)} + {sum}",
            (true, false) => $"{scale} * {Operand(sum)}",
            (true, true) => width.MultiplyAdd(scale, Operand(sum), Load(width, pointer)),
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
