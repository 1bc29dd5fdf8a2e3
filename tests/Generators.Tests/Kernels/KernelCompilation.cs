using CharRnn.Generators.Kernels;
using CharRnn.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>Compiles sources with the kernel generator, as a user's project would.</summary>
internal static class KernelCompilation
{
    private const string GlobalUsings = "global using System; global using System.Collections.Generic; global using System.Linq; global using CharRnn.Kernels;";

    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

    public static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "netstandard.dll" or "mscorlib.dll" or "CharRnn.Kernels.dll")
        .Select(path => MetadataReference.CreateFromFile(path))];

    public static CSharpCompilation Create(IEnumerable<string> sources, bool allowUnsafe = true, OutputKind kind = OutputKind.DynamicallyLinkedLibrary) =>
        CSharpCompilation.Create(
            "Kernels",
            sources.Prepend(GlobalUsings).Select((source, index) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"source{index}.cs")),
            References,
            new CSharpCompilationOptions(kind, allowUnsafe: allowUnsafe, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>A driver that records what each step did.</summary>
    public static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new KernelGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>Generates and compiles. Fails on any error, and on any warning in the generated code.</summary>
    public static byte[] Compile(CSharpCompilation compilation)
    {
        Driver().RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics);
        Assert.Empty(diagnostics);
        using var assembly = new MemoryStream();
        Assert.Empty(output.Emit(assembly).Diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error
                || (diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true))
            .Take(5));
        return assembly.ToArray();
    }

    /// <summary>The text that the generator wrote for one source.</summary>
    public static string GeneratedText(string source)
    {
        Compile(Create([source]));
        return Assert.Single(Driver().RunGenerators(Create([source])).GetRunResult().GeneratedTrees).ToString();
    }

    /// <summary>What the generator reports about a class with these members.</summary>
    public static Diagnostic[] Mistakes(string source, bool allowUnsafe = true) =>
        [.. Driver().RunGenerators(Create([source], allowUnsafe)).GetRunResult().Diagnostics];

    public static string KernelsAssembly => typeof(MatVecAttribute).Assembly.Location;
}
