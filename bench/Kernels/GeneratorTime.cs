using System.Diagnostics;
using CharRnn.Generators.Kernels;
using CharRnn.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>
/// <c>dotnet run -c Release --project bench -- generator</c>: what the generator costs a build, and a keystroke in another file, with 1, 100 and 1,000 kernels.
/// </summary>
internal static class GeneratorTime
{
    public static int Run(TextWriter output)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(MatVecAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path))
            .ToArray();
        output.WriteLine("| kernels | first run, ms | after an edit elsewhere, ms |");
        output.WriteLine("|---|---|---|");
        foreach (var count in (int[])[1, 1, 100, 1000])
        {
            var methods = Enumerable.Range(0, count).Select(i =>
                $"[CharRnn.Kernels.MatMul({1 + (i % 40)}, {1 + (i % 37)}, {1 + (i % 53)})] public static partial void F{i}(System.ReadOnlySpan<float> a, System.ReadOnlySpan<float> b, System.Span<float> c);");
            var elsewhere = CSharpSyntaxTree.ParseText("class Elsewhere { }");
            var compilation = CSharpCompilation.Create(
                "Timed", [CSharpSyntaxTree.ParseText($"static partial class K {{ {string.Join("\n", methods)} }}"), elsewhere], references,
                new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
            GeneratorDriver driver = CSharpGeneratorDriver.Create(new KernelGenerator());
            var watch = Stopwatch.StartNew();
            driver = driver.RunGenerators(compilation);
            var first = watch.Elapsed;
            if (driver.GetRunResult().GeneratedTrees.Length != count)
            {
                throw new InvalidOperationException("The generator wrote fewer kernels than there are.");
            }

            var edits = new List<TimeSpan>();
            for (var edit = 0; edit < 20; edit++)
            {
                var changed = elsewhere.WithChangedText(SourceText.From($"class Elsewhere {{ int x = {edit}; }}"));
                compilation = compilation.ReplaceSyntaxTree(elsewhere, changed);
                elsewhere = (CSharpSyntaxTree)changed;
                watch.Restart();
                driver = driver.RunGenerators(compilation);
                edits.Add(watch.Elapsed);
            }

            output.WriteLine($"| {count} | {first.TotalMilliseconds:F1} | {edits.Min().TotalMilliseconds:F2} |");
        }

        output.WriteLine();
        output.WriteLine("The first line includes the JIT's work on the generator itself; edits: the least of 20.");
        return 0;
    }
}
