using CharRnn.Generators.Kernels;
using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Tests.Kernels;

/// <summary>What an edit costs: nothing is emitted again unless a kernel's own declaration changes.</summary>
public sealed class IncrementalTests
{
    private const string Kernels = """
        partial class C
        {
            [MatVec(6, 4)] static partial void F(ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y);
            [MatMul(6, 4, 2)] static partial void G(ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y);
        }
        """;

    [Fact]
    public void An_edit_elsewhere_re_emits_nothing() => AssertReasons(
        edited: "class Elsewhere { int x = 1; }", Kernels,
        IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged);

    [Fact]
    public void An_edit_above_in_the_same_file_re_emits_nothing() => AssertReasons(
        edited: "class Elsewhere { }", "// a line more\n" + Kernels,
        IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged);

    [Fact]
    public void A_changed_size_re_emits_that_kernel_only()
    {
        var result = Edit("class Elsewhere { }", Kernels.Replace("MatVec(6, 4)", "MatVec(6, 5)"));
        var reasons = result.TrackedSteps[KernelGenerator.ModelStep].SelectMany(step => step.Outputs).Select(output => output.Reason).ToArray();
        Assert.Single(reasons, reason => reason == IncrementalStepRunReason.Modified);
        Assert.Single(reasons, reason => reason != IncrementalStepRunReason.Modified);
    }

    [Fact]
    public void A_model_holds_no_symbol_and_no_syntax() => Incremental.AssertHoldsNoSyntax(typeof(ParsedKernel), within: typeof(KernelShape));

    private static void AssertReasons(string edited, string kernels, params IncrementalStepRunReason[] allowed)
    {
        var result = Edit(edited, kernels);
        var models = result.TrackedSteps[KernelGenerator.ModelStep].SelectMany(step => step.Outputs).ToArray();
        Assert.Equal(2, models.Length);
        Assert.All(models, output => Assert.Contains(output.Reason, allowed));
        var outputs = result.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs).ToArray();
        Assert.NotEmpty(outputs);
        Assert.All(outputs, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    /// <summary>Runs the generator, edits the two files, and runs it again.</summary>
    private static GeneratorRunResult Edit(string elsewhere, string kernels)
    {
        var before = KernelCompilation.Create(["class Elsewhere { }", Kernels]);
        var trees = before.SyntaxTrees.ToArray();
        var driver = KernelCompilation.Driver().RunGenerators(before);
        var after = Incremental.Edit(before, (trees[1], elsewhere), (trees[2], kernels));
        return driver.RunGenerators(after).GetRunResult().Results.Single();
    }
}
