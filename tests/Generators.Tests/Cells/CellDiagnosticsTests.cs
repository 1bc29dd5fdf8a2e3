using Microsoft.CodeAnalysis;

namespace CharRnn.Generators.Tests.Cells;

/// <summary>
/// What the generator does not understand, or what would have no gradient, is an error with an id at its place, and the only one in the
/// project. Where it is expected stands between « and ».
/// </summary>
public sealed class CellDiagnosticsTests
{
    private const string Fields = "Matrix W, U; Vector b; ";
    private const string Head = Fields + "Vector Step(Vector h, Vector x) ";
    private const string Good = "Tanh(W * h + U * x + b)";

    [Theory]
    [InlineData("[RecurrentCell] partial class «C» { " + Head + "=> null!; }", "a sealed partial class")]
    [InlineData("[RecurrentCell] sealed class «C» { " + Head + "=> null!; }", "a sealed partial class")]
    [InlineData("[RecurrentCell] sealed partial class «C»<T> { " + Head + "=> null!; }", "without type parameters")]
    [InlineData("partial class Outer { [RecurrentCell] sealed partial class «C» { " + Head + "=> null!; } }", "of its own")]
    [InlineData("[RecurrentCell] sealed partial class C { int «units»; " + Head + "=> null!; }", "'units' is int")]
    public void A_class_that_cannot_be_a_cell_is_said(string source, string message) => AssertMistake("CRNN111", source, message, alone: false);

    [Theory]
    [InlineData("[RecurrentCell] sealed partial class «C» { " + Fields + "}", "it needs one method Step")]
    [InlineData("[RecurrentCell] sealed partial class «C» { " + Head + "=> h; Vector Step(Vector h) => h; }", "it needs one method Step")]
    [InlineData("[RecurrentCell] sealed partial class C { " + Fields + "Vector «Step»(Vector h) => h; }", "one or two states and the input")]
    [InlineData("[RecurrentCell] sealed partial class C { " + Fields + "Vector «Step»(Vector h, Vector c, Vector x) => h; }", "one or two states and the input")]
    [InlineData("[RecurrentCell] sealed partial class C { " + Fields + "Vector «Step»(ref Vector h, Vector x) => h; }", "one or two states and the input")]
    [InlineData("[RecurrentCell] sealed partial class C { " + Fields + "(Vector, double) «Step»(Vector h, Vector c, Vector x) => (h, 1); }", "one or two states and the input")]
    [InlineData("[RecurrentCell] sealed partial class C { " + Head + "=> " + Good + "; static new Vector «Tanh»(Vector a) => a * a; }", "'Tanh' is the function that equations know by this name")]
    [InlineData("[RecurrentCell(Name = \"a \\\"cell\\\"\")] sealed partial class «C» { " + Head + "=> " + Good + "; }", "letters, digits")]
    public void A_method_that_cannot_be_read_is_said(string source, string message) => AssertMistake("CRNN111", source, message, alone: false);

    [Theory]
    [InlineData("«for (var i = 0; i < 3; i++) { h = " + Good + "; }» return h;", "local variables, assignments to them, and one return")]
    [InlineData("«while (true) { }»", "local variables, assignments to them, and one return")]
    [InlineData("«if (h == b) { return h; }» return " + Good + ";", "local variables, assignments to them, and one return")]
    [InlineData("return «h == b ? h : b»;", "is not understood")]
    [InlineData("return «Negate(h)»; } Vector Negate(Vector a) { return -a;", "'Negate' is not known here: Tanh and Sigmoid are")]
    [InlineData("return Tanh(«System.Linq.Enumerable.First(new[] { h })»);", "is not understood")]
    [InlineData("«h += b;» return h;", "local variables, assignments to them, and one return")]
    [InlineData("«const double k = 2;» return k * h;", "local variables, assignments to them, and one return")]
    [InlineData("return Tanh(W * h + b + «x»);", "'x' is the input: it can only be multiplied with a matrix on its left")]
    [InlineData("return Sigmoid(«x»);", "'x' is the input")]
    [InlineData("return W * h + U * (-«x»);", "'x' is the input")]
    [InlineData("«x» = W * h; return x;", "'x' cannot be assigned to")]
    [InlineData("«b» = W * h; return b;", "'b' cannot be assigned to")]
    [InlineData("var «y = x»; return U * y + W * h;", "'y' must be a vector or a number")]
    [InlineData("return Tanh(W * h) + «1 / 2» * b;", "a division of whole numbers")]
    [InlineData("var two = 2; return «1 / two» * " + Good + ";", "a division of whole numbers")]
    [InlineData("return «this.b»;", "is not understood")]
    public void An_equation_that_is_not_understood_is_said_at_its_place(string body, string message) =>
        AssertMistake("CRNN112", $"[RecurrentCell] sealed partial class C {{ {Head}{{ {body} }} }}", message);

    [Theory]
    [InlineData("=> Tanh(h * «W» + b);")]
    [InlineData("=> Tanh(W * h + U * x + b + «k»);")]
    [InlineData("=> «1»;")]
    [InlineData("=> Tanh(«Relu(W * h + U * x + b)»);")]
    public void What_C_sharp_does_not_take_either_is_said_as_well(string body) =>
        AssertMistake("CRNN112", $"[RecurrentCell] sealed partial class C {{ {Head}{body} }}", "C", alone: false);

    [Theory]
    [InlineData("Matrix W, U; Vector «b»; ", "=> Tanh(W * h + U * x);", "'b' is never used")]
    [InlineData("Matrix W, U, «X»; Vector b; ", "=> " + Good + ";", "'X' is never used")]
    [InlineData("Matrix W, U; Vector «b»; ", "=> Tanh(W * h + U * x + 0 * b);", "'b' is never used")]
    [InlineData("Matrix W, U; Vector «b»; ", "{ var k = 2.0 - 2; return Tanh(W * h + U * x + b * k); }", "'b' is never used")]
    [InlineData("Matrix W, U; Vector «b»; ", "{ var y = W * h + U * x + b; y = W * h + U * x; return Tanh(y); }", "'b' is never used")]
    [InlineData("Matrix W, «U»; Vector b; ", "{ var y = Tanh(U * x); return Tanh(W * h + b); }", "'U' is never used")]
    public void A_parameter_without_influence_is_said_where_it_is_declared(string fields, string body, string message) =>
        AssertMistake("CRNN113", $"[RecurrentCell] sealed partial class C {{ {fields}Vector Step(Vector h, Vector x) {body} }}", message);

    [Theory]
    [InlineData("Matrix U; Vector b; Vector Step(Vector «h», Vector x) => Tanh(U * x + b);", "'h' is never used")]
    [InlineData(Fields + "(Vector h, Vector c) Step(Vector h, Vector «c», Vector x) { h = " + Good + "; c = Sigmoid(h); return (h * c, c); }", "'c' is never used")]
    public void A_state_without_influence_is_said_where_it_is_declared(string members, string message) =>
        AssertMistake("CRNN113", $"[RecurrentCell] sealed partial class C {{ {members} }}", message);

    [Theory]
    [InlineData("Matrix «W»; Vector b; ", "Tanh(W * h + W * x + b)", "the input and a state")]
    [InlineData("Matrix «W», U; Vector b; ", "Tanh(W * h + W * (h * h) + U * x + b)", "two different vectors")]
    public void A_matrix_with_two_operands_is_said_where_it_is_declared(string fields, string value, string message) =>
        AssertMistake("CRNN114", $"[RecurrentCell] sealed partial class C {{ {fields}Vector Step(Vector h, Vector x) => {value}; }}", message);

    [Fact]
    public void Without_unsafe_blocks_the_property_is_named_and_nothing_else_is_wrong()
    {
        var (reported, compiled) = CellCompilation.Compile($"[RecurrentCell] sealed partial class C {{ {Head}=> {Good}; }}", allowUnsafe: false);
        var mistake = Assert.Single(reported);
        Assert.Equal("CRNN004", mistake.Id);
        Assert.Contains("<AllowUnsafeBlocks>true</AllowUnsafeBlocks>", mistake.GetMessage());
        Assert.Empty(compiled);
    }

    [Theory]
    [InlineData("Vanilla")]
    [InlineData("Lstm")]
    [InlineData("Gru")]
    [InlineData("GruBefore")]
    public void A_cell_without_a_fault_gives_no_warning(string cell)
    {
        var (reported, compiled) = CellCompilation.Compile(CellCompilation.Source(cell));
        Assert.Empty(reported);
        Assert.Empty(compiled);
    }

    [Theory]
    [InlineData("=> 0.5 * Sigmoid(W * h + U * x) / 2 - -b;")]
    [InlineData("{ double half = 1; half = half / 2; var y = W * h; return Tanh(y + (U * x + b) * half); }")]
    [InlineData("{ var y = W * h + U * x; var z = Tanh(y); y = z * z + b; return y; }")]
    public void Numbers_minus_signs_and_variables_are_understood(string body)
    {
        var (reported, compiled) = CellCompilation.Compile($"[RecurrentCell] sealed partial class C {{ {Head}{body} }}");
        Assert.Empty(reported);
        Assert.Empty(compiled);
    }

    /// <summary>The one mistake in a source. Where C# itself has nothing against it, it must be alone.</summary>
    private static void AssertMistake(string id, string source, string message, bool alone = true)
    {
        var (start, end) = (source.IndexOf('«'), source.IndexOf('»') - 1);
        source = source.Replace("«", string.Empty).Replace("»", string.Empty);
        var (reported, compiled) = CellCompilation.Compile(source);
        var mistake = Assert.Single(reported);
        Assert.Equal(id, mistake.Id);
        Assert.Equal(DiagnosticSeverity.Error, mistake.Severity);
        Assert.Contains(message, mistake.GetMessage());
        var lines = mistake.Location.GetLineSpan();
        Assert.Equal(1, lines.StartLinePosition.Line);   // below the using
        Assert.Equal(source[start..end], source[lines.StartLinePosition.Character..lines.EndLinePosition.Character]);
        Assert.Equal(start, lines.StartLinePosition.Character);
        if (alone)
        {
            Assert.DoesNotContain(compiled, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        }
    }
}
