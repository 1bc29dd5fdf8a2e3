using CharRnn.Generators.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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
    [InlineData("CRNN009", "[MatVec(2, 3, MaxVectorWidth = 64)] static partial void F(" + Parameters + ");", "MaxVectorWidth is 64, and must be 128, 256 or 512")]
    [InlineData("CRNN012", "[MatVec(2, 3, RowStride = 2)] static partial void F(" + Parameters + ");", "RowStride is 2, and must be from 3, the elements of a stored row, to 65536")]
    [InlineData("CRNN012", "[MatMul(2, 3, 4, TransposeRight = true, RightRowStride = 2)] static partial void F(" + Parameters + ");", "RightRowStride is 2, and must be from 3")]
    [InlineData("CRNN012", "[MatMul(2, 3, 4, ResultRowStride = -4)] static partial void F(" + Parameters + ");", "ResultRowStride is -4, and must be from 4")]
    [InlineData("CRNN012", "[OuterProduct(2, 3, RowStride = 70000)] static partial void F(" + Parameters + ");", "RowStride is 70000")]
    [InlineData("CRNN013", "[MatVec(2, 3, Activation = (Activation)7)] static partial void F(" + Parameters + ");", "Activation is 7, and must be one of None, Tanh, Sigmoid")]
    [InlineData("CRNN001", "void Outer() { [MatVec(2, 3)] static void F(" + Parameters + ") { } }", "it is a local function")]
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

    /// <summary>The method has another part all the same, which throws: the compiler has nothing to add about a body that is missing.</summary>
    [Theory]
    [InlineData("CRNN002", "[MatVec(2, 3)] public static partial void F(float[] a, in int x, ref Span<float> y);")]
    [InlineData("CRNN003", "[MatVec(0, 3)] public static unsafe partial void F(float* a, float* x, float* y);")]
    [InlineData("CRNN003", "[MatVec(0, 3)] public static partial void F(this " + Parameters + ");")]
    [InlineData("CRNN001", "[MatVec(2, 3)] public static partial int F(" + Parameters + ");")]
    [InlineData("CRNN001", "[MatVec(2, 3)] public static partial void F<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> x, Span<T> y);")]
    [InlineData("CRNN001", "[MatVec(2, 3)] internal partial void F(" + Parameters + ");")]
    [InlineData("CRNN005", "[MatVec(2, 2), MatVecTransposed(2, 2)] public static partial void F(" + Parameters + ");")]
    [InlineData("CRNN006", "[MatVec(2, 3)] public static partial void F(ReadOnlySpan<Half> a, ReadOnlySpan<Half> x, Span<Half> y);")]
    [InlineData("CRNN008", "[MatVec(2, 3, Scale = 0)] private static partial void @float(" + Parameters + ");")]
    public void A_mistake_is_the_only_error(string id, string member)
    {
        KernelCompilation.Driver().RunGeneratorsAndUpdateCompilation(KernelCompilation.Create([$"namespace N.@in; static partial class C {{ {(member.Contains("internal partial") ? "} partial class D {" : string.Empty)} {member} }}"]), out var output, out var mistakes);
        Assert.Equal(id, Assert.Single(mistakes).Id);
        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void An_old_language_version_is_named()
    {
        var compilation = CSharpCompilation.Create("old", [CSharpSyntaxTree.ParseText($"using System; using CharRnn.Kernels; partial class C {{ [MatVec(2, 3)] static partial void F({Parameters}); }}", new CSharpParseOptions(LanguageVersion.CSharp9))], KernelCompilation.References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var driver = CSharpGeneratorDriver.Create([new KernelGenerator().AsSourceGenerator()], parseOptions: new CSharpParseOptions(LanguageVersion.CSharp9));
        var mistake = Assert.Single(driver.RunGenerators(compilation).GetRunResult().Diagnostics);
        Assert.Equal("CRNN010", mistake.Id);
        Assert.Contains("C# 9.0", mistake.GetMessage());
    }

    /// <summary>The kernel is written all the same: the names may be meant.</summary>
    [Theory]
    [InlineData("[MatVec(2, 3)] static partial void F(ReadOnlySpan<float> vector, ReadOnlySpan<float> matrix, Span<float> y);", "parameter 1 is the matrix, and is named 'vector', which reads as the vector: the order is matrix, vector, result")]
    [InlineData("[MatMul(2, 3, 4)] static partial void F(Span<float> result, ReadOnlySpan<float> left, Span<float> right);", "parameter 1 is the left, and is named 'result'")]
    [InlineData("[OuterProduct(2, 3)] static partial void F(ReadOnlySpan<float> y, ReadOnlySpan<float> x, Span<float> a);", "parameter 1 is the x, and is named 'y'")]
    public void Names_that_contradict_the_order_are_warned_of(string member, string message)
    {
        KernelCompilation.Driver().RunGeneratorsAndUpdateCompilation(KernelCompilation.Create([$"partial class C {{ {member} }}"]), out var output, out var mistakes);
        var warning = Assert.Single(mistakes);
        Assert.Equal(("CRNN011", DiagnosticSeverity.Warning), (warning.Id, warning.Severity));
        Assert.Contains(message, warning.GetMessage());
        Assert.Equal(2, output.SyntaxTrees.Count(tree => tree.ToString().Contains("partial void F(")));
    }

    [Fact]
    public void A_documentation_comment_of_either_kind_is_kept()
    {
        var text = KernelCompilation.GeneratedText($"public partial class C {{\n/**\n * <summary>My own words.</summary>\n */\n[MatVec(2, 3)] public static partial void F({Parameters}); }}");
        Assert.Contains("<summary>My own words.</summary>", text);
        Assert.DoesNotContain("<summary>y = A x</summary>", text);
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
    [InlineData("public static partial class C { [MatVec(2, 3)] public static partial void F(this " + Parameters + "); }")]
    [InlineData("partial class C { const int N = 2; [MatVec(N + 1, 2 * N)] static partial void F(scoped " + Parameters + "); }")]
    [InlineData("partial class C { [MatVec(2, 3)] static partial void F(" + Parameters + "); [MatVec(2, 3)] static partial void f(" + Parameters + "); }")]
    [InlineData("partial class C { [MatVec(2, 3)] static partial void F(" + Parameters + "); [MatVec(2, 3)] static partial void F(ReadOnlySpan<double> a, ReadOnlySpan<double> x, Span<double> y); }")]
    [InlineData("class Vector512; class MultiplyAddEstimate; partial class C { [MatVec(20, 30)] static partial void F(" + Parameters + "); }")]
    public void A_sound_declaration_compiles_without_a_warning(string source) =>
        KernelCompilation.Compile(KernelCompilation.Create([source]));
}
