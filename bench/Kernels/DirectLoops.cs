using System.Globalization;
using System.Reflection;
using System.Text;
using CharRnn.Generators.Kernels;
using CharRnn.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>
/// Kernels that are generated and compiled while the benchmark runs, each in a loop of direct calls, as a loop of one's own makes them: a delegate
/// for each call would take longer than the smallest kernels do.
/// </summary>
internal static class DirectLoops
{
    /// <summary>Each kernel as a loop of so many calls over its two operands and its result.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="kernels">As the attribute says it, such as <c>MatVec(4, 4)</c>.</param>
    public static Func<T[], T[], T[], Action<int>>[] Compile<T>(params IReadOnlyList<string> kernels)
        where T : struct
    {
        var element = typeof(T) == typeof(float) ? "float" : "double";
        var source = new StringBuilder("using System; using System.Runtime.CompilerServices; using CharRnn.Kernels; public static partial class Loops {");
        for (var i = 0; i < kernels.Count; i++)
        {
            source.Append(CultureInfo.InvariantCulture, $$"""

                [{{kernels[i]}}] static partial void K{{i}}(ReadOnlySpan<{{element}}> first, ReadOnlySpan<{{element}}> second, Span<{{element}}> result);
                [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)] static void L{{i}}(int calls, {{element}}[] first, {{element}}[] second, {{element}}[] result) { for (var i = 0; i < calls; i++) { K{{i}}(first, second, result); } }
                public static Action<int> Loop{{i}}({{element}}[] first, {{element}}[] second, {{element}}[] result) => calls => L{{i}}(calls, first, second, result);
                """);
        }

        source.Append('}');
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(MatVecAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "DirectLoops", [CSharpSyntaxTree.ParseText(source.ToString())], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release));
        CSharpGeneratorDriver.Create(new KernelGenerator()).RunGeneratorsAndUpdateCompilation(compilation, out var whole, out _);
        using var bytes = new MemoryStream();
        var emitted = whole.Emit(bytes);
        if (!emitted.Success)
        {
            throw new InvalidOperationException($"The kernels do not compile: {emitted.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)}");
        }

        var type = Assembly.Load(bytes.ToArray()).GetType("Loops")!;
        return [.. kernels.Select((_, i) => type.GetMethod($"Loop{i}")!.CreateDelegate<Func<T[], T[], T[], Action<int>>>())];
    }
}
