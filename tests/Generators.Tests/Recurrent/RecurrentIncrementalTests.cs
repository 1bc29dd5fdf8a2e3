using System.Collections.Immutable;
using CharRnn.Generators.Elementwise;
using CharRnn.Generators.Recurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace CharRnn.Generators.Tests.Recurrent;

/// <summary>What an edit costs: the network's kernels are emitted again only when their declaration, the shapes or the corpus change.</summary>
public sealed class RecurrentIncrementalTests
{
    private const string Elsewhere = "class Elsewhere { }";

    private static readonly string Declarations = RecurrentCompilation.Declarations("5x3");

    [Fact]
    public void An_edit_elsewhere_re_emits_nothing() =>
        AssertReasons(Edit("class Elsewhere { int x = 1; }", Declarations), IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached);

    [Fact]
    public void An_edit_above_in_the_same_file_re_emits_nothing() =>
        AssertReasons(Edit(Elsewhere, "// a line more\n" + Declarations), IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached);

    [Fact]
    public void A_changed_shape_re_emits_the_network_only() =>
        AssertReasons(Edit(Elsewhere, Declarations.Replace("5x3", "5x4")), IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached);

    [Fact]
    public void A_changed_equation_of_the_cell_re_emits_the_network_only() =>
        AssertReasons(Edit(Elsewhere, Declarations.Replace("Tanh(W", "Sigmoid(W")), IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached);

    [Fact]
    public void A_corpus_of_as_many_characters_re_emits_nothing_and_of_more_the_network()
    {
        var declarations = Declarations.Replace(", Shapes = \"5x3\"", string.Empty);
        AssertReasons(Edit(Elsewhere, declarations, "abcba"), IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached);
        AssertReasons(Edit(Elsewhere, declarations, "abcd"), IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached);
    }

    private static void AssertReasons(GeneratorDriverRunResult result, IncrementalStepRunReason network, IncrementalStepRunReason functions)
    {
        Assert.All(Reasons<RecurrentGenerator>(result), reason => Assert.Equal(network, reason));
        Assert.All(Reasons<ElementwiseGenerator>(result), reason => Assert.Equal(functions, reason));
    }

    private static IncrementalStepRunReason[] Reasons<TGenerator>(GeneratorDriverRunResult result)
    {
        var run = result.Results.Single(run => run.Generator.GetGeneratorType() == typeof(TGenerator));
        Assert.Null(run.Exception);
        Assert.NotEmpty(run.GeneratedSources);
        IncrementalStepRunReason[] reasons = [.. run.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs).Select(output => output.Reason)];
        Assert.NotEmpty(reasons);
        return reasons;
    }

    /// <summary>Runs the generators with the corpus <c>abc</c>, edits, and runs them again.</summary>
    private static GeneratorDriverRunResult Edit(string elsewhere, string declarations, string corpus = "abc")
    {
        var first = declarations.Contains("Shapes", StringComparison.Ordinal) ? Declarations : declarations;
        var before = RecurrentCompilation.Create(Elsewhere, first);
        var trees = before.SyntaxTrees.ToArray();
        var text = new Corpus("abc");
        var driver = RecurrentCompilation.Driver()
            .AddAdditionalTexts([text])
            .WithUpdatedAnalyzerConfigOptions(new Options())
            .RunGenerators(before);
        var after = Incremental.Edit(before, (trees[^2], elsewhere), (trees[^1], declarations));
        if (corpus != "abc")
        {
            driver = driver.ReplaceAdditionalText(text, new Corpus(corpus));
        }

        return driver.RunGenerators(after).GetRunResult();
    }

    private sealed class Corpus(string text) : AdditionalText
    {
        public override string Path => "corpus.txt";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    /// <summary>What the build says: every additional file is the corpus, hidden size 5.</summary>
    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(ImmutableDictionary<string, string>.Empty.Add("build_property.HiddenSize", "5"));

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new Values(ImmutableDictionary<string, string>.Empty.Add("build_metadata.AdditionalFiles.CharRnnCorpus", "true"));

        private sealed class Values(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
        }
    }
}
