using CharRnn.Generators.Cells;
using CharRnn.Generators.Elementwise;
using CharRnn.Generators.Tests.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Tests.Cells;

/// <summary>Compiles cells with the generator, as a user's project would; what they are built on is the network's own source.</summary>
internal static class CellCompilation
{
    private static readonly string[] FoundationSources =
    [
        .. new[] { "RecurrentCell", "RecurrentCellAttribute", "StartAttribute", "Matrix", "Vector", "CellDescription", "CellGate", "CellParameter", "CellPlan", "CellKernels" }.Select(Source),
        Resource("Registers.VectorMath.cs"), Resource("Registers.ElementwiseFunctionsAttribute.cs"),
    ];

    private static readonly MetadataReference Foundation = Compiled();

    /// <summary>The source of a class in src/Rnn/Cells.</summary>
    public static string Source(string name) => Resource($"Cells.{name}.cs");

    /// <summary>The sources behind what cells are built on; each is a file of the compilation.</summary>
    public static CSharpCompilation Create(IEnumerable<string> sources, bool allowUnsafe = true) =>
        KernelCompilation.Create(sources.Select(source => "using CharRnn.Rnn.Cells;\n" + source), allowUnsafe).WithAssemblyName("Own").AddReferences(Foundation);

    /// <summary>A driver that records what each step did.</summary>
    public static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new CellGenerator().AsSourceGenerator()],
        parseOptions: KernelCompilation.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the generator reports, and every error and warning that the user's project then has.</summary>
    public static (Diagnostic[] Reported, Diagnostic[] Compiled) Compile(string source, bool allowUnsafe = true)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Create([source], allowUnsafe), out var output, out var reported);
        return ([.. reported], [.. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)]);
    }

    /// <summary>The emitted file of that name, such as <c>Lstm.SingleVector512</c>, of a cell in src/Rnn/Cells.</summary>
    public static string Emitted(string cell, string file)
    {
        var trees = Driver().RunGenerators(Create([Source(cell)])).GetRunResult().GeneratedTrees;
        return Assert.Single(trees, tree => tree.FilePath.EndsWith($".{file}.g.cs", StringComparison.Ordinal)).ToString();
    }

    private static PortableExecutableReference Compiled()
    {
        CSharpGeneratorDriver.Create([new ElementwiseGenerator().AsSourceGenerator()], parseOptions: KernelCompilation.ParseOptions)
            .RunGeneratorsAndUpdateCompilation(KernelCompilation.Create(FoundationSources), out var foundation, out _);
        using var assembly = new MemoryStream();
        var emitted = foundation.Emit(assembly);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        return MetadataReference.CreateFromImage(assembly.ToArray());
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(CellCompilation).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
