using CharRnn.Generators.Cells;
using CharRnn.Generators.Equations;
using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Tests.Cells;

/// <summary>What an edit costs: a cell's kernels are emitted again only when its own equations or fields change.</summary>
public sealed class CellIncrementalTests
{
    private const string Elsewhere = "class Elsewhere { }";

    private const string Cells = """
        [RecurrentCell] public sealed partial class First { Matrix W, U; Vector b; Vector Step(Vector h, Vector x) => Tanh(W * h + U * x + b); }
        [RecurrentCell] public sealed partial class Second { Matrix W, U; [Start(1)] Vector b; Vector Step(Vector h, Vector x) => Sigmoid(W * h + U * x + b); }
        """;

    [Fact]
    public void An_edit_elsewhere_re_emits_nothing() => AssertNothing(Edit("class Elsewhere { int x = 1; }", Cells));

    [Fact]
    public void An_edit_above_in_the_same_file_re_emits_nothing() => AssertNothing(Edit(Elsewhere, "// a line more\n" + Cells));

    [Theory]
    [InlineData("Sigmoid(W", "0.5 * Sigmoid(W")]
    [InlineData("Start(1)", "Start(2)")]
    public void A_changed_cell_alone_is_emitted_again(string before, string after)
    {
        var result = Edit(Elsewhere, Cells.Replace(before, after));
        var reasons = Reasons(result.TrackedSteps[CellGenerator.ParsedStep]);
        Assert.Single(reasons, reason => reason == IncrementalStepRunReason.Modified);
        Assert.Single(reasons, reason => reason != IncrementalStepRunReason.Modified);
        var outputs = result.TrackedOutputSteps.SelectMany(pair => pair.Value).ToArray();
        Assert.Contains(outputs, step => step.Outputs.Any(output => output.Reason == IncrementalStepRunReason.Modified));
        Assert.Contains(outputs, step => step.Outputs.All(output => output.Reason == IncrementalStepRunReason.Cached));
    }

    [Fact]
    public void A_mistake_that_moved_is_reported_where_it_stands_now()
    {
        var result = Edit(Elsewhere, "\n" + Cells.Replace("Sigmoid(W", "Relu(W"));
        var mistake = Assert.Single(result.Diagnostics);
        Assert.Equal("CRNN112", mistake.Id);
        Assert.Equal(3, mistake.Location.GetLineSpan().StartLinePosition.Line);
    }

    [Fact]
    public void A_model_holds_no_symbol_and_no_syntax() => Incremental.AssertHoldsNoSyntax(typeof(ParsedCell), within: typeof(Instruction));

    private static void AssertNothing(GeneratorRunResult result)
    {
        Assert.All(Reasons(result.TrackedSteps[CellGenerator.ParsedStep]), reason => Assert.Contains(reason, new[] { IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged }));
        var outputs = result.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs).ToArray();
        Assert.NotEmpty(outputs);
        Assert.All(outputs, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private static IncrementalStepRunReason[] Reasons(IEnumerable<IncrementalGeneratorRunStep> steps)
    {
        IncrementalStepRunReason[] reasons = [.. steps.SelectMany(step => step.Outputs).Select(output => output.Reason)];
        Assert.Equal(2, reasons.Length);
        return reasons;
    }

    /// <summary>Runs the generator, edits the two files, and runs it again.</summary>
    private static GeneratorRunResult Edit(string elsewhere, string cells)
    {
        var before = CellCompilation.Create([Elsewhere, Cells]);
        var trees = before.SyntaxTrees.ToArray();
        var driver = CellCompilation.Driver().RunGenerators(before);
        Assert.Empty(driver.GetRunResult().Diagnostics);
        const string Uses = "using CharRnn.Rnn.Cells;\n";
        var after = Incremental.Edit(before, (trees[^2], Uses + elsewhere), (trees[^1], Uses + cells));
        return driver.RunGenerators(after).GetRunResult().Results.Single();
    }
}
