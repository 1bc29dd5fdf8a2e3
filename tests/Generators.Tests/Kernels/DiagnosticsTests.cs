using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>Every mistake has its id, stands on the method, and says what to write instead; a fault-free declaration has none.</summary>
public sealed class DiagnosticsTests
{
    private const string Parameters = "ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y";

    [Theory]
    [InlineData("CRNN001", "[MatVec(2, 3)] partial void F(" + Parameters + ");", "it is not static")]
    [InlineData("CRNN001", "[MatVec(2, 3)] static void F(" + Parameters + ") { }", "it is not partial")]
    [InlineData("CRNN001", "[MatVec(2, 3)] static partial void F(" + Parameters + "); static partial void F(" + Parameters + ") { }", "it has a body already")]
    [InlineData("CRNN001", "[MatVec(2, 3)] public static partial int F(" + Parameters + ");", "it returns a value")]
    [InlineData("CRNN001", "[MatVec(2, 3)] static partial void F<T>(" + Parameters + ");", "it has type parameters")]
    [InlineData("CRNN002", "[MatVec(2, 3)] static partial void F(ReadOnlySpan<float> a, Span<float> y);", "it has 2 parameters")]
    [InlineData("CRNN002", "[MatVec(2, 3)] static partial void F(float[] a, ReadOnlySpan<float> x, Span<float> y);", "'a' is float[]")]
    [InlineData("CRNN002", "[MatVec(2, 3)] static partial void F(ReadOnlySpan<float> a, ReadOnlySpan<float> x, ReadOnlySpan<float> y);", "a ReadOnlySpan cannot be written")]
    [InlineData("CRNN002", "[MatVec(2, 3)] static partial void F(ReadOnlySpan<float> a, ReadOnlySpan<double> x, Span<float> y);", "it mixes float and double")]
    [InlineData("CRNN002", "[MatVec(2, 3)] static partial void F(ref ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y);", "'a' is passed by reference")]
    [InlineData("CRNN002", "[MatVec(2, 3)] static partial void F(" + Parameters + ", Span<float> z);", "may only be a number, the scale")]
    [InlineData("CRNN002", "[OuterProduct(2, 3)] static partial void F(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> a, double scale);", "it mixes float and double")]
    [InlineData("CRNN003", "[MatVec(0, 3)] static partial void F(" + Parameters + ");", "rows is 0, and must be from 1 to 65536")]
    [InlineData("CRNN003", "[MatVec(2, -3)] static partial void F(" + Parameters + ");", "columns is -3, and must be from 1 to 65536")]
    [InlineData("CRNN003", "[MatMul(2, 70000, 3)] static partial void F(" + Parameters + ");", "inner is 70000, and must be from 1 to 65536")]
    [InlineData("CRNN003", "[MatVecTransposed(65536, 65536)] static partial void F(" + Parameters + ");", "matrix has 4294967296 elements (65536 x 65536, row-major), and may have at most 134217728")]
    [InlineData("CRNN005", "[MatVec(2, 2), MatVecTransposed(2, 2)] static partial void F(" + Parameters + ");", "carries [MatVec] and [MatVecTransposed]")]
    [InlineData("CRNN006", "[MatVec(2, 3)] static partial void F(ReadOnlySpan<int> a, ReadOnlySpan<int> x, Span<int> y);", "works on 'int'")]
    [InlineData("CRNN006", "[MatVec(2, 3)] static partial void F(ReadOnlySpan<Half> a, ReadOnlySpan<Half> x, Span<Half> y);", "works on 'System.Half'")]
    [InlineData("CRNN008", "[MatVec(2, 3, Scale = double.NaN)] static partial void F(" + Parameters + ");", "a finite number other than zero in float")]
    [InlineData("CRNN008", "[MatVec(2, 3, Scale = 1e60)] static partial void F(" + Parameters + ");", "a finite number other than zero in float")]
    [InlineData("CRNN008", "[MatVec(2, 3, Scale = 2)] static partial void F(" + Parameters + ", float s);", "the scale is given twice")]
    public void A_mistake_is_an_error_on_the_method(string id, string member, string message)
    {
        var source = $"partial class C {{ {member} }}";
        var mistake = Assert.Single(KernelCompilation.Mistakes(source));
        Assert.Equal(id, mistake.Id);
        Assert.Equal(DiagnosticSeverity.Error, mistake.Severity);
        Assert.Contains(message, mistake.GetMessage());
        Assert.Contains("'F'", mistake.GetMessage());
        var position = mistake.Location.GetLineSpan().StartLinePosition;
        Assert.Equal((0, source.IndexOf(" F", StringComparison.Ordinal) + 1), (position.Line, position.Character));
    }

    [Fact]
    public void Without_unsafe_blocks_the_property_is_named()
    {
        var mistake = Assert.Single(KernelCompilation.Mistakes($"partial class C {{ [MatVec(2, 3)] static partial void F({Parameters}); }}", allowUnsafe: false));
        Assert.Equal("CRNN004", mistake.Id);
        Assert.Contains("<AllowUnsafeBlocks>true</AllowUnsafeBlocks>", mistake.GetMessage());
    }

    [Theory]
    [InlineData("class C", "C")]
    [InlineData("file partial class C", "C")]
    [InlineData("class Outer { partial class C", "Outer")]
    public void The_type_around_must_be_partial(string header, string type)
    {
        var close = new string('}', header.Count(character => character == '{') + 1);
        var mistake = Assert.Single(KernelCompilation.Mistakes($"{header} {{ [MatVec(2, 3)] static partial void F({Parameters}); {close}"));
        Assert.Equal("CRNN007", mistake.Id);
        Assert.Contains($"'{type}'", mistake.GetMessage());
    }

    [Theory]
    [InlineData("partial class C { [MatVec(2, 3)] static partial void F(" + Parameters + "); }")]
    [InlineData("partial struct S { partial record R { partial interface I<T> { [MatVec(2, 3)] internal static partial void F(" + Parameters + "); } } }")]
    [InlineData("namespace @class.N; partial class @static { [MatVec(2, 3)] public static unsafe partial void @void(float* @in, ReadOnlySpan<float> @out, Span<float> @ref); }")]
    [InlineData("public static unsafe partial class C { [MatVec(2, 3)] public static partial void F(float* a, float* x, float* y); }")]
    [InlineData("unsafe partial struct S { partial class C<T, U> { [MatVec(2, 3)] public static partial void F(float* a, float* x, float* y); } }")]
    [InlineData("partial class C { const int N = 2; [MatVec(N + 1, 2 * N)] static partial void F(scoped " + Parameters + "); }")]
    [InlineData("partial class C { [MatVec(2, 3)] static partial void F(" + Parameters + "); [MatVec(2, 3)] static partial void f(" + Parameters + "); }")]
    [InlineData("partial class C { [MatVec(2, 3)] static partial void F(" + Parameters + "); [MatVec(2, 3)] static partial void F(ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> y); }")]
    [InlineData("class Vector512; class MultiplyAddEstimate; partial class C { [MatVec(20, 30)] static partial void F(" + Parameters + "); }")]
    public void A_sound_declaration_compiles_without_a_warning(string source) =>
        KernelCompilation.Compile(KernelCompilation.Create([source]));
}
