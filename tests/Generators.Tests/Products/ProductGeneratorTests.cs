using CharRnn.Generators.Products;
using CharRnn.Generators.Tests.Kernels;
using CharRnn.Generators.Tests.Recurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Tests.Products;

/// <summary>Which depths become constants, what is said about a cell that is not there, and what an edit costs.</summary>
public sealed class ProductGeneratorTests
{
    [Fact]
    public void The_sizes_of_each_shape_of_a_cell_are_depths()
    {
        var result = Run("lstm:16x80+gru:96x80+100x75");
        var text = result.GeneratedTrees.Single(tree => tree.FilePath.EndsWith("SingleVector512.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Equal(["16", "80", "96"], [.. text.Split('\n').Where(line => line.Contains("case ") && line.Contains("Multiply<Depth")).Select(line => line.Trim().Split(' ', ':')[1])]);
        Assert.DoesNotContain("Depth100", text);
        Assert.DoesNotContain("Depth75", text);
        Assert.DoesNotContain("Depth", result.GeneratedTrees.Single(tree => tree.FilePath.EndsWith("SingleScalar.g.cs", StringComparison.Ordinal)).ToString().Replace("RunTimeDepth", "").Replace("IProductDepth", "").Replace("TDepth", "").Replace("product.Depth", ""));
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void A_cell_that_is_not_there_is_named_beside_those_that_are()
    {
        var diagnostic = Assert.Single(Run("lsmt:16x80+gru:96x80").Diagnostics);
        Assert.Equal("CRNN101", diagnostic.Id);
        Assert.Equal("'lsmt:16x80' names no cell of this project: the cells are gru, lstm", diagnostic.GetMessage());
    }

    [Fact]
    public void An_edit_elsewhere_re_emits_nothing()
    {
        var before = RecurrentCompilation.Create("class Elsewhere { }", Declarations("lstm:16x80"));
        var driver = Driver().RunGenerators(before);
        var reasons = driver.RunGenerators(Incremental.Edit(before, (before.SyntaxTrees.ToArray()[^2], "class Elsewhere { int x = 1; }"))).GetRunResult().Results.Single()
            .TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs).Select(output => output.Reason).ToArray();
        Assert.NotEmpty(reasons);
        Assert.All(reasons, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private static GeneratorDriverRunResult Run(string shapes) => Driver().RunGenerators(RecurrentCompilation.Create(Declarations(shapes))).GetRunResult();

    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new ProductGenerator().AsSourceGenerator()],
        parseOptions: KernelCompilation.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static string Declarations(string shapes) => $$"""
        namespace CharRnn.Rnn.Kernels { internal sealed class ProductKernelsAttribute : Attribute { public string? Shapes { get; set; } } }
        namespace Demo
        {
            [CharRnn.Rnn.Kernels.ProductKernels(Shapes = "{{shapes}}")] internal static partial class Products { }
            [CharRnn.Rnn.Cells.RecurrentCell] internal sealed partial class Lstm { }
            [CharRnn.Rnn.Cells.RecurrentCell] internal sealed partial class Gru { }
        }
        """;
}
