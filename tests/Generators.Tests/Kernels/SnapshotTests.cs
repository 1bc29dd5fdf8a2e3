using System.Runtime.CompilerServices;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>
/// The emitted text of a few shapes, to be read in review. <c>UPDATE_SNAPSHOTS=1 dotnet test tests/Generators.Tests</c> writes them anew.
/// </summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("MatVec-tails", "[MatVec(3, 5)] public static partial void Apply(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);")]
    [InlineData("MatVec-large", "[MatVec(20, 200)] public static partial void Apply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);")]
    [InlineData("MatVecTransposed-double", "[MatVecTransposed(4, 6, Accumulate = true)] public static partial void Apply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);")]
    [InlineData("OuterProduct-pointers", "/// <summary>The user's own words.</summary>\n[OuterProduct(7, 9, Accumulate = true)] public static unsafe partial void Add(float* x, float* y, float* matrix, float rate);")]
    [InlineData("MatMul-small", "[MatMul(4, 4, 4)] public static partial void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);")]
    [InlineData("MatMul-large", "[MatMul(64, 64, 70)] public static partial void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);")]
    [InlineData("MatMul-dots", "[MatMul(3, 9, 5, TransposeRight = true, Scale = 0.5)] public static partial void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);")]
    [InlineData("MatMul-turned", "[MatMul(5, 3, 2, TransposeLeft = true, TransposeRight = true)] public static partial void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);")]
    public void Emitted_code_is_as_reviewed(string name, string declaration)
    {
        var text = KernelCompilation.GeneratedText($"namespace Demo;\npublic static partial class Kernels\n{{\n{declaration}\n}}");
        AssertSnapshot(name, text);
    }

    /// <summary>The text against the reviewed one of that name, which is written anew where the environment asks for it.</summary>
    internal static void AssertSnapshot(string name, string text)
    {
        var path = Path.Combine(Folder(), $"{name}.cs.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    /// <summary>
    /// arm64, where these tests have not been run, takes the 128-bit form. It is written in .NET's portable vectors: no emitted kernel names a
    /// processor's own instructions, and every one that has vectors has that form and the scalar one.
    /// </summary>
    [Fact]
    public void No_kernel_names_a_processor()
    {
        foreach (var declaration in (string[])
            ["MatVec(20, 37)", "MatVecTransposed(20, 37, Accumulate = true)", "OuterProduct(20, 37, Scale = 2)", "MatMul(9, 20, 37)", "MatMul(9, 20, 37, TransposeLeft = true)", "MatMul(9, 20, 37, TransposeRight = true)", "MatMul(9, 20, 37, TransposeLeft = true, TransposeRight = true)"])
        {
            foreach (var element in CompileAndRunTests.Elements)
            {
                var text = KernelCompilation.GeneratedText($"public static partial class Kernels {{ [{declaration}] public static partial void Apply(ReadOnlySpan<{element}> first, ReadOnlySpan<{element}> second, Span<{element}> third); }}");
                Assert.Contains("if (Vector128.IsHardwareAccelerated)", text);
                Assert.Contains("private static void Run128(", text);
                Assert.Contains("private static void RunScalar(", text);
                Assert.All((string[])["X86", "Arm", "Sse", "Avx", "Fma", "AdvSimd", "Wasm"], name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
            }
        }
    }

    private static string Folder([CallerFilePath] string file = "")
    {
        // A deterministic build maps the compiler's paths; then the folder is found from where the tests run.
        var beside = Path.Combine(Path.GetDirectoryName(file)!, "Snapshots");
        return Directory.Exists(beside) ? beside : Path.Combine(AppContext.BaseDirectory, "Kernels", "Snapshots");
    }
}
