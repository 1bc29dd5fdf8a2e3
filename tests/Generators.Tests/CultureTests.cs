using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using CharRnn.Generators.Kernels;
using CharRnn.Generators.Tests.Kernels;
using CharRnn.Generators.Tests.Recurrent;

namespace CharRnn.Generators.Tests;

/// <summary>
/// The language of the system where the compiler runs must not reach what is emitted: in Swedish a minus is U+2212, in
/// German a decimal point is a comma. The cultures are made here, so that they are there without the system's.
/// </summary>
public sealed class CultureTests
{
    private const string Formatter = "DefaultInterpolatedStringHandler";

    [Fact]
    public void Emitted_code_is_the_same_in_every_culture()
    {
        var expected = In(CultureInfo.InvariantCulture, Everything);
        Assert.All(expected, text => Assert.All(text, character => Assert.True(character < 128)));

        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        Assert.Equal("\u22121,5", In(culture, () => FormattableString.CurrentCulture($"{-1.5}")));
        Assert.Equal(expected, In(culture, Everything));
    }

    [Fact]
    public void Messages_are_the_same_in_every_culture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        var message = In(culture, () => Assert.Single(KernelCompilation.Mistakes(
            "public static partial class Kernels { [MatVec(-3, 5)] public static partial void Apply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c); }")).GetMessage(CultureInfo.InvariantCulture));
        Assert.Contains("-3", message);
        Assert.DoesNotContain("\u2212", message);
    }

    /// <summary>
    /// Only the generators' own handler of <c>$"..."</c> turns a value into text: no other method of the generators calls what
    /// would ask the culture. A record's own text, which the compiler writes and nobody reads, is left out.
    /// </summary>
    [Fact]
    public void One_place_formats()
    {
        var assembly = typeof(KernelGenerator).Assembly;
        var calls = (
            from type in assembly.GetTypes()
            where type.Name != Formatter
            from method in type.GetMembers(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).OfType<MethodBase>()
            where method.Name != "PrintMembers"
            from called in Called(method)
            select (Caller: $"{type.FullName}.{method.Name}", Called: called)).ToArray();

        Assert.Contains(calls, call => call.Called.DeclaringType!.Name == Formatter);
        Assert.Equal("", string.Join("\n", calls.Where(call => Formats(call.Called)).Select(call => $"{call.Caller} calls {call.Called.DeclaringType}.{call.Called}")));
    }

    private static bool Formats(MethodBase method)
    {
        var type = method.DeclaringType!;
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        if (type == typeof(string))
        {
            return method.Name == "Format" || (method.Name is "Concat" or "Join" && (method.IsGenericMethod || parameters.Any(parameter => parameter == typeof(object) || parameter == typeof(object[]))));
        }

        if (type == typeof(StringBuilder))
        {
            return method.Name == "AppendFormat" || (method.Name is "Append" or "Insert" && parameters.Any(parameter => parameter == typeof(object) || IsNumber(parameter)) && parameters is not [{ FullName: "System.Char" }, _]);
        }

        return method.Name == "ToString" && (IsNumber(type) || type == typeof(IFormattable) || type == typeof(Convert) || type == typeof(FormattableString));
    }

    private static bool IsNumber(Type type) => type.IsPrimitive && type != typeof(bool) && type != typeof(char);

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The methods that a method's body calls.</summary>
    private static IEnumerable<MethodBase> Called(MethodBase method)
    {
        var body = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < body.Length;)
        {
            var code = OpCodesByValue[body[at] == 0xFE ? (short)(0xFE00 | body[at + 1]) : body[at]];
            at += code.Size;
            if (code.OperandType == OperandType.InlineMethod)
            {
                yield return method.Module.ResolveMethod(
                    BitConverter.ToInt32(body, at),
                    method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
                    method.IsGenericMethod ? method.GetGenericArguments() : null)!;
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
                _ => 4,
            };
        }
    }

    /// <summary>What the three generators write for kernels with tails, scales and offsets, and for the network's.</summary>
    private static string[] Everything() =>
    [
        .. ((string[])
        [
            "MatVec(20, 203)", "MatVec(3, 5, Scale = -0.1)", "MatVecTransposed(20, 37, Accumulate = true)", "OuterProduct(20, 37, Scale = 2.5e-10)",
            "MatMul(9, 20, 37)", "MatMul(9, 20, 37, TransposeLeft = true)", "MatMul(9, 20, 37, TransposeRight = true)", "MatMul(64, 64, 70, Scale = -1)",
        ]).Select(declaration => KernelCompilation.GeneratedText($"public static partial class Kernels {{ [{declaration}] public static partial void Apply(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Span<double> third); }}")),
        .. RecurrentCompilation.GeneratedTexts("5x3+100x75"),
    ];

    private static T In<T>(CultureInfo culture, Func<T> read)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            return read();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
