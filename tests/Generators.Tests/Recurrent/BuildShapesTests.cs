using CharRnn.Generators.Emission;
using CharRnn.Generators.Recurrent;
using CharRnn.Generators.Tests.Kernels;

namespace CharRnn.Generators.Tests.Recurrent;

/// <summary>The shapes that a build asks for, and what is said about those that cannot be.</summary>
public sealed class BuildShapesTests
{
    [Fact]
    public void Shapes_are_read_once_each()
    {
        var (shapes, error) = BuildShapes.Parse("64x80+100x75 + lstm:64x80 + 64x80+gru-before:1x2");
        Assert.Null(error);
        Assert.Equal([new(64, 80), new(100, 75), new(64, 80, "lstm"), new(1, 2, "gru-before")], shapes);
    }

    /// <summary>The vanilla network with one stream has a shape in every build: where the list names none, that of the other properties.</summary>
    [Theory]
    [InlineData("", "", "", "100x43")]
    [InlineData("64", "", "", "64x43")]
    [InlineData("64", "", "lstm:128x80", "64x43 lstm:128x80")]
    [InlineData("64", "96", "lstm:128x80+gru:5x6", "64x96 lstm:128x80 gru:5x6")]
    [InlineData("64", "96", "lstm:128x80+5x6", "lstm:128x80 5x6")]
    public void A_build_has_a_shape_for_the_vanilla_network(string hiddenSize, string vocabularySize, string list, string expected)
    {
        var (shapes, error) = new BuildShapes(hiddenSize, vocabularySize, list).Resolve(43);
        Assert.Null(error);
        Assert.Equal(expected, string.Join(" ", shapes));
    }

    [Theory]
    [InlineData("100", "'100' is not a shape: write hidden size x vocabulary size")]
    [InlineData("0x80", "'0x80' is not a shape")]
    [InlineData("lstm:256", "'lstm:256' is not a shape")]
    [InlineData("lstm:16x80:gru", "'lstm:16x80:gru' is not a shape")]
    [InlineData("65537x1", "each from 1 to 65536")]
    [InlineData("100x80+50000x80", "'50000x80' has a matrix of 2500000000 elements, and at most 134217728 are compiled in")]
    [InlineData("11586x1", "'11586x1' has a matrix of 134235396 elements")]
    [InlineData("2049x65536", "'2049x65536' has a matrix of 134283264 elements")]
    public void What_cannot_be_compiled_in_is_named(string text, string message) =>
        Assert.Contains(message, BuildShapes.Parse(text).Error);

    /// <summary>At the limit every constant of the emitted code still fits its type: a product of them would be refused by the compiler.</summary>
    [Theory]
    [InlineData("11585x11585")]
    [InlineData("2048x65536")]
    public void The_largest_shapes_have_constants_that_fit(string name)
    {
        var (shapes, error) = BuildShapes.Parse(name);
        Assert.Null(error);
        foreach (var form in (VectorForm[])[VectorForm.Vector512, VectorForm.Vector256])
        {
            var text = RecurrentEmitter.Emit(new RecurrentModel("Demo", "Updates", "internal", RecurrentCompilation.Cell, RecurrentCompilation.Rule, shapes), new RecurrentVariant(shapes[0], ElementType.Double, form));

            // The types of the network are not here; what the compiler says about numbers, it says all the same.
            var diagnostics = KernelCompilation.Create([text]).GetDiagnostics();
            Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id is "CS0220" or "CS0221" or "CS0266" or "CS1021" or "CS0031");
        }
    }
}
