using CharRnn.Rnn.Model;
using NetArchTest.Rules;

namespace CharRnn.Rnn.Tests;

/// <summary>One way leads through the code: a folder of src/Rnn needs only those before it, so no two need each other.</summary>
public sealed class FolderOrderTests
{
    private const string Root = "CharRnn.Rnn";

    private static readonly string[] Order =
        ["Registers", "Text", "Cells", "Optimizers", "Model", "Kernels", "Reference", "Training", "Units", "Sampling", "Checkpoints", "ProtocolBuffers", "Export", "Runs", "Gradients", "Properties", "Benchmarks", "TensorBoard", "Explain", "Sweeps", "Reports"];

    /// <summary>The one exception: the observer behind each kernel is nested in the kernels, and knows the sums of errors that it adds to.</summary>
    private const string Exception = "CharRnn.Rnn.Kernels.RecurrentKernels`1";

    public static TheoryData<string> Folders => [.. Order];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_needs_only_those_before_it(string folder)
    {
        string[] later = [.. Order.SkipWhile(name => name != folder).Skip(1).Select(name => $"{Root}.{name}")];
        var types = Types.InAssembly(typeof(NetworkShape).Assembly).That().ResideInNamespaceMatching($@"^{Root}\.{folder}(\.|$)");
        if (later.Length == 0)
        {
            return;
        }

        var result = types.ShouldNot().HaveDependencyOnAny(later).GetResult();
        Assert.DoesNotContain(result.FailingTypeNames ?? [], name => !name.StartsWith(Exception, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_folder_has_its_place()
    {
        var folders = Types.InAssembly(typeof(NetworkShape).Assembly).GetTypes()
            .Select(type => type.Namespace ?? "").Where(name => name.StartsWith($"{Root}.", StringComparison.Ordinal)).Select(name => name.Split('.')[2]).Distinct();
        Assert.Empty(folders.Except(Order));
    }
}
