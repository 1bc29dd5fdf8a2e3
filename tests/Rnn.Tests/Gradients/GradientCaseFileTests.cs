using System.Runtime.InteropServices;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Gradients;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>Files of somebody's gradients: what they may look like, and what is said of those that are none.</summary>
public class GradientCaseFileTests
{
    private static readonly GradientCase Of = GradientCase.Random(new(3, 5), 4, 0.5, 1);

    private static readonly SafetensorsFile Valid = GradientCaseFile.Export(Of);

    [Fact]
    public void What_is_exported_holds_all_and_comes_back()
    {
        Assert.Equal(
            "W [3,3] U [3,5] V [5,3] b [3] c [5] h0 [3] x [4] y [4] loss [] a [4,3] h [4,3] o [4,5] p [4,5] grad.W [3,3] grad.U [3,5] grad.V [5,3] grad.b [3] grad.c [5]",
            string.Join(' ', Valid.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(',', tensor.Shape)}]")));
        var back = GradientCaseFile.From(Valid);
        var network = Of.Solve();
        Assert.Equal(Of.Shape, back.Case.Shape);
        Assert.Equal(Of.InitialHidden, back.Case.InitialHidden);
        Assert.Equal(Of.X, back.Case.X);
        Assert.Equal(Of.Y, back.Case.Y);
        Assert.Equal(Of.Weights.Tensors.Select(tensor => tensor.Values), back.Case.Weights.Tensors.Select(tensor => tensor.Values));
        Assert.Equal(network.Gradients.Tensors.Select(tensor => tensor.Values), network.Gradients.Tensors.Select(tensor => back.Gradients[tensor.Name]));
        Assert.Equal(network.h.Skip(1).SelectMany(row => row), back.Intermediates["h"]);
        Assert.All(back.Intermediates["a"].Zip(back.Intermediates["h"]), pair => Assert.Equal(pair.Second, Math.Tanh(pair.First), 1e-15));
        Assert.Equal(network.o.SelectMany(row => row), back.Intermediates["o"]);
        Assert.Equal(network.p.SelectMany(row => row), back.Intermediates["p"]);
        var sum = -Of.Y.Select((y, t) => Math.Log(network.p[t][y])).Sum();
        Assert.Equal(sum, back.Intermediates["loss"][0], sum * 1e-10);
        Assert.Equal(sum / 4, GradientCaseFile.From(GradientCaseFile.Export(Of with { IsMean = true })).Intermediates["loss"][0], sum * 1e-10);
        Assert.Null(back.Readings[0].Note);
        Assert.Empty(back.Contradicting);
    }

    [Fact]
    public void Other_cells_and_layers_come_back()
    {
        var of = GradientCase.Random(new(3, 5) { Cell = Lstm.Description, Layers = 2 }, 4, 0.5, 1);
        var file = GradientCaseFile.Export(of);
        Assert.Equal([12], Assert.Single(file.Tensors, tensor => tensor.Name == "h0").Shape);
        Assert.DoesNotContain(file.Tensors, tensor => tensor.Name == "a");
        var back = GradientCaseFile.From(file);
        Assert.Equal(of.Shape, back.Case.Shape);
        Assert.Equal(of.InitialHidden, back.Case.InitialHidden);
        Assert.Equal(of.Weights.Tensors.Select(tensor => tensor.Values), back.Case.Weights.Tensors.Select(tensor => tensor.Values));
    }

    [Theory]
    [InlineData("x", TensorType.I64, "", "no tensor x: a case has W U V b c, h0, x, y and grad.W ... grad.c")]
    [InlineData("b", TensorType.F64, "", "no tensor b: a case has W U V b c, h0, x, y and grad.W ... grad.c")]
    [InlineData("x", TensorType.I64, "4,1", "x is [4,1]: it must be [T], with T at least 1")]
    [InlineData("x", TensorType.I64, "0", "x is [0]: it must be [T], with T at least 1")]
    [InlineData("y", TensorType.I64, "3", "y is [3] and must be [4], as long as x")]
    [InlineData("y", TensorType.F64, "4", "y is of type F64: it must be I64, I32 or U8")]
    [InlineData("h0", TensorType.F64, "2", "h0 is [2] and must be [3]")]
    [InlineData("h0", TensorType.I64, "3", "h0 is of type I64: it must be F64 or F32")]
    [InlineData("W", TensorType.F64, "3,4", "W is [3,4] and V is [5,3]: W must be [m,m] and V [K,m]")]
    [InlineData("W", TensorType.F64, "9", "W is [9] and V is [5,3]: W must be [m,m] and V [K,m]")]
    [InlineData("W", TensorType.F64, "0,0", "W is [0,0] and V is [5,3]: W must be [m,m] and V [K,m]")]
    [InlineData("V", TensorType.F64, "4,5", "W is [3,3] and V is [4,5]: W must be [m,m] and V [K,m]")]
    [InlineData("V", TensorType.F64, "0,3", "W is [3,3] and V is [0,3]: W must be [m,m] and V [K,m]")]
    [InlineData("V", TensorType.F64, "1048577,3", "m = 3 and K = 1048577 are too large to judge")]
    [InlineData("U", TensorType.F64, "3,4", "U is [3,4] and must be [3,5]")]
    [InlineData("b", TensorType.F64, "3,3", "b is [3,3] and must be [3]")]
    [InlineData("grad.c", TensorType.F64, "4", "grad.c is [4] and must be [5]")]
    [InlineData("grad.W", TensorType.F64, "3,5", "grad.W is [3,5] and must be [3,3]")]
    [InlineData("a", TensorType.F64, "3,4", "a is [3,4] and must be [4,3]")]
    [InlineData("loss", TensorType.F64, "2", "loss is [2] and must be one number")]
    public void A_tensor_that_is_missing_or_does_not_fit_is_named(string name, TensorType type, string extents, string message)
    {
        long[] shape = extents.Length == 0 ? [] : [.. extents.Split(',').Select(long.Parse)];
        var tensor = new SafetensorsTensor(name, type, shape, new byte[8 * shape.Aggregate(1L, (product, extent) => product * extent)]);
        Assert.Equal(message, Refused([.. Valid.Tensors.Where(other => other.Name != name), .. extents.Length == 0 ? (SafetensorsTensor[])[] : [tensor]]));
    }

    [Fact]
    public void Several_that_are_missing_are_named_together()
    {
        Assert.Equal("no tensor W, c, h0, y: a case has W U V b c, h0, x, y and grad.W ... grad.c", Refused([.. Valid.Tensors.Where(tensor => tensor.Name is not ("W" or "c" or "h0" or "y"))]));
        Assert.Equal("no tensor h0, y: a case has W U V b c, h0, x, y and grad.W ... grad.c", Refused([.. Valid.Tensors.Where(tensor => tensor.Name is not ("h0" or "y"))]));
        Assert.Equal("no gradient to judge: put yours in as grad.W, grad.U, grad.V, grad.b, grad.c", Refused([.. Valid.Tensors.Where(tensor => !tensor.Name.StartsWith("grad.", StringComparison.Ordinal))]));
        Assert.Equal("the tensors layer0.* are those of no cell: there are vanilla, gru, gru-before, lstm", Refused([.. Valid.Tensors.Where(tensor => tensor.Name != "W"), Doubles("layer0.Q", [1], 0)]));
    }

    [Theory]
    [InlineData(2, 5, "x[2] is 5: indices are zero-based, from 0 to 4")]
    [InlineData(0, -1, "x[0] is -1: indices are zero-based, from 0 to 4")]
    public void A_character_that_the_vocabulary_has_not_is_named(int at, long value, string message)
    {
        var x = Array.ConvertAll(Of.X, index => (long)index);
        x[at] = value;
        Assert.Equal(message, Refused(With(new SafetensorsTensor("x", TensorType.I64, [4], Bytes(x)))));
    }

    [Fact]
    public void A_case_is_finite_and_a_gradient_need_not_be()
    {
        Assert.Equal("b holds a number that is infinite or not a number", Refused(With(Doubles("b", [3], 1, double.NaN, 0))));
        Assert.Equal("h0 holds a number that is infinite or not a number", Refused(With(Doubles("h0", [3], 1, double.PositiveInfinity, 0))));
        Assert.Equal([1, double.NaN, 0], GradientCaseFile.From(new([], With(Doubles("grad.b", [3], 1, double.NaN, 0)))).Gradients["b"]);
    }

    /// <summary>As other languages have them: indices of 32 or 8 bits, numbers in single precision, vectors as columns or rows.</summary>
    [Fact]
    public void Indices_and_vectors_may_be_of_other_forms()
    {
        var bytes = new SafetensorsFile([], With(new("x", TensorType.U8, [4], Array.ConvertAll(Of.X, index => (byte)index)), new("y", TensorType.I32, [4], Bytes(Of.Y)), Doubles("h0", [1, 3], Of.InitialHidden), Doubles("b", [3, 1], Of.Weights.b), Doubles("loss", [1], 7)));
        var file = GradientCaseFile.From(bytes);
        Assert.Equal(Of.X, file.Case.X);
        Assert.Equal(Of.Y, file.Case.Y);
        Assert.Equal(Of.InitialHidden, file.Case.InitialHidden);
        Assert.Equal(Of.Weights.b, file.Case.Weights.b);
        Assert.Equal([7], file.Intermediates["loss"]);
        Assert.Equal("vectors are stored as matrices: b [3,1], h0 [1,3]", file.Readings[0].Note);
        Assert.Equal("h0 is [2,2] and must be [4]", Assert.Throws<GradientCaseException>(() => GradientCaseFile.From(new([], [.. GradientCaseFile.Export(GradientCase.Random(new(4, 5), 4, 0.5, 1)).Tensors.Where(tensor => tensor.Name != "h0"), Doubles("h0", [2, 2], 0, 0, 0, 0)]))).Message);
    }

    /// <summary>One gradient alone that has the shape of the transposed matrix is read so, and named.</summary>
    [Fact]
    public void A_gradient_of_the_transposed_shape_is_read_and_named()
    {
        var truth = Of.Solve().Gradients.U;
        var file = GradientCaseFile.From(new([], With(Doubles("grad.U", [5, 3], [.. Enumerable.Range(0, 15).Select(i => truth[(i % 3 * 5) + (i / 3)])]))));
        Assert.Equal(["U"], file.Contradicting);
        Assert.Equal(truth, file.Gradients["U"]);
    }

    [Fact]
    public void Every_layout_that_it_may_be_in_is_read_and_said()
    {
        string?[] notes = [null, "the gradients are stored by columns (column-major), the matrices are not", "all matrices are stored by columns (column-major)"];
        Assert.Equal(notes, Notes(Of, "plain"));
        Assert.Equal(
            [
                "all matrices are transposed, inputs as rows: U [K,m], V [m,K]", "U and V are transposed, W is not",
                "the gradients are stored by columns (column-major), the matrices are not", "all matrices are stored by columns (column-major)",
            ],
            Notes(Of, "transposed"));
        Assert.Equal(
            [null, "the gradients are transposed, or stored by columns (column-major; m = K cannot tell), the matrices are not", "all matrices are transposed, or stored by columns (column-major; m = K cannot tell)"],
            Notes(GradientCase.Random(new(3, 3), 4, 0.5, 1), "plain"));
        Assert.Equal("all matrices are transposed, inputs as rows: U [K,m], V [m,K]; vectors are stored as matrices: b [1,3]", GradientCaseFile.From(new([], [
            .. DiagnosisRates.File(Of, Of.Solve().Gradients, "transposed", isMean: false, isSingle: false).Tensors.Where(tensor => tensor.Name != "b"), Doubles("b", [1, 3], Of.Weights.b)])).Readings[0].Note);
        // One matrix alone that is turned is a mistake.
        Assert.Equal([null], GradientCaseFile.From(new([], [.. Valid.Tensors.Where(tensor => tensor.Name is not ("grad.W" or "grad.V"))])).Readings.Select(reading => reading.Note));

        static IEnumerable<string?> Notes(GradientCase of, string layout) => GradientCaseFile.From(DiagnosisRates.File(of, of.Solve().Gradients, layout, isMean: false, isSingle: false)).Readings.Select(reading => reading.Note);
    }

    /// <summary>Whether somebody's own loss is the mean or the sum; not the one that was exported, which says nothing of theirs.</summary>
    [Fact]
    public void The_loss_says_whether_gradients_are_means()
    {
        var sum = GradientCaseFile.SumOfLosses(Of);
        Assert.Null(GradientCaseFile.From(Valid).StudentsConvention(Of));
        Assert.Null(GradientCaseFile.From(GradientCaseFile.Export(Of with { IsMean = true })).StudentsConvention(Of));
        Assert.Null(GradientCaseFile.From(new([], [.. Valid.Tensors.Where(tensor => tensor.Name != "loss")])).StudentsConvention(Of));
        foreach (var (loss, isMean) in new (double, bool?)[] { (sum * 1.0005, false), (sum / 4 * 0.9995, true), (sum * 1.01, null), (sum / 4 * 0.99, null), (sum / 4 * 1.01, null) })
        {
            Assert.Equal(isMean, GradientCaseFile.From(new([], With(Doubles("loss", [], loss)))).StudentsConvention(Of));
        }
    }

    private static string Refused(IReadOnlyList<SafetensorsTensor> tensors) => Assert.Throws<GradientCaseException>(() => GradientCaseFile.From(new([], tensors))).Message;

    private static SafetensorsTensor[] With(params SafetensorsTensor[] tensors) => [.. Valid.Tensors.Where(tensor => tensors.All(other => other.Name != tensor.Name)), .. tensors];

    private static SafetensorsTensor Doubles(string name, long[] shape, params double[] values) => new(name, TensorType.F64, shape, Bytes(values));

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
