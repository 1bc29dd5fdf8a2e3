using CharRnn.Generators.Cells;
using CharRnn.Generators.Elementwise;
using CharRnn.Generators.Optimizers;
using CharRnn.Generators.Recurrent;
using CharRnn.Generators.Tests.Kernels;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CharRnn.Generators.Tests.Recurrent;

/// <summary>Runs the generators of the network's kernels over declarations such as the network's own.</summary>
internal static class RecurrentCompilation
{
    private const string Attributes = """
        namespace CharRnn.Rnn.Kernels { internal sealed class RecurrentKernelsAttribute(Type cell, Type rule) : Attribute { public Type Cell => cell; public Type Rule => rule; public string? Shapes { get; set; } } }
        namespace CharRnn.Rnn.Cells
        {
            internal sealed class RecurrentCellAttribute : Attribute { }
            internal class Matrix { public static Vector operator *(Matrix left, Vector right) => right; }
            internal class Vector { public static Vector operator +(Vector left, Vector right) => right; }
        }
        namespace CharRnn.Rnn.Registers { internal sealed class ElementwiseFunctionsAttribute : Attribute { } }
        """;

    /// <summary>The declarations for shapes such as <c>64x80+100x80</c>.</summary>
    public static string Declarations(string shapes) => $$"""
        namespace Demo
        {
            [CharRnn.Rnn.Kernels.RecurrentKernels(typeof(Cell), typeof(Rule), Shapes = "{{shapes}}")] internal static partial class Updates { }
            [CharRnn.Rnn.Registers.ElementwiseFunctions] internal static partial class Functions { }
            internal sealed partial class Cell
            {
                CharRnn.Rnn.Cells.Matrix W, U;
                CharRnn.Rnn.Cells.Vector b;
                CharRnn.Rnn.Cells.Vector Step(CharRnn.Rnn.Cells.Vector h, CharRnn.Rnn.Cells.Vector x) => Tanh(W * h + U * x + b);
            }
            internal sealed partial class Rule
            {
                CharRnn.Rnn.Cells.Vector G;
                double eta, epsilon;
                CharRnn.Rnn.Cells.Vector Step(CharRnn.Rnn.Cells.Vector theta, CharRnn.Rnn.Cells.Vector g)
                {
                    G = G + g * g;
                    return theta - eta * g / Sqrt(G + epsilon);
                }
            }
        }
        """;

    /// <summary>The vanilla cell, as the generator reads it.</summary>
    public static CellModel Cell { get; } = CellParser.Parse(Create(Declarations("1x1")).GetTypeByMetadataName("Demo.Cell")!, null).Model!;

    /// <summary>AdaGrad, as the generator reads it.</summary>
    public static OptimizerModel Rule { get; } = OptimizerGenerator.Parse(Create(Declarations("1x1")).GetTypeByMetadataName("Demo.Rule")!).Model!;

    public static CSharpCompilation Create(params string[] sources) => KernelCompilation.Create([Attributes, .. sources]);

    /// <summary>A driver that records what each step did.</summary>
    public static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [new RecurrentGenerator().AsSourceGenerator(), new ElementwiseGenerator().AsSourceGenerator()],
        parseOptions: KernelCompilation.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The text of every file that is written for the shapes.</summary>
    public static string[] GeneratedTexts(string shapes)
    {
        var texts = Driver().RunGenerators(Create(Declarations(shapes))).GetRunResult().GeneratedTrees.Select(tree => tree.ToString()).ToArray();
        Assert.True(texts.Length > 20);
        return texts;
    }
}
