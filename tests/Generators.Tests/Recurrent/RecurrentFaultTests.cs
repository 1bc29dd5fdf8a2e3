using CharRnn.Generators.Recurrent;
using CharRnn.Generators.Tests.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Tests.Recurrent;

/// <summary>Equations that the one-stream kernels have no place for are an error, and nothing is written.</summary>
public sealed class RecurrentFaultTests
{
    [Theory]
    [InlineData("W * h + U * x + b", "W * h + b", "CRNN102", "cell and rule must be classes of this project")]
    [InlineData("return theta - eta * g / Sqrt(G + epsilon);", "return 2 * theta - eta * g / Sqrt(G + epsilon);", "CRNN102", "Rule is not a rule of one slot, eta and epsilon that leaves weights alone whose gradient is zero")]
    [InlineData("return theta - eta * g / Sqrt(G + epsilon);", "return theta - eta * g / Sqrt(G);", "CRNN102", "Rule is not a rule of one slot, eta and epsilon")]
    [InlineData("G = G + g * g;", "G = epsilon * G + g * g;", "CRNN102", "Rule is not a rule of one slot, eta and epsilon that leaves weights alone")]
    [InlineData("Shapes = \"5x3\"", "Shapes = \"5\"", "CRNN101", "'5' is not a shape")]
    public void What_does_not_fit_is_named(string right, string wrong, string id, string message)
    {
        var declarations = RecurrentCompilation.Declarations("5x3");
        Assert.Contains(right, declarations);
        var driver = CSharpGeneratorDriver.Create([new RecurrentGenerator().AsSourceGenerator()], parseOptions: KernelCompilation.ParseOptions);
        var result = driver.RunGenerators(RecurrentCompilation.Create(declarations.Replace(right, wrong))).GetRunResult();
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(message, diagnostic.GetMessage());
        Assert.True(id == "CRNN101" || result.GeneratedTrees.IsEmpty);
    }
}
