using System.Globalization;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Reference;

/// <summary>300 losses under Adam by a numpy program that knows nothing of this code: other equations, another backward pass, other sums.</summary>
public class NumpyTests
{
    [NumpyTheory]
    [InlineData("gru", 1)]
    [InlineData("gru", 2)]
    [InlineData("lstm", 1)]
    [InlineData("lstm", 2)]
    public void Losses_of_300_updates_agree_to_1e_9(string cell, int layers)
    {
        var of = GradientCase.Random(new(8, 6) { Cell = BuiltInCells.Find(cell)!, Layers = layers }, 10, 0.4, 5);
        var network = new ReferenceNetwork<double>(of.Weights);
        network.SetHidden(of.InitialHidden);
        var input = $"{cell} {layers} 8 6\n{Line(of.InitialHidden)}\n{string.Join(' ', of.X)}\n{string.Join(' ', of.Y)}\n"
            + string.Concat(of.Weights.Tensors.Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)} {Line(tensor.Values)}\n"));
        var file = Path.GetTempFileName();
        File.WriteAllText(file, input);
        var (exitCode, output, error) = Python.Run(Python.Program!, Path.GetTempPath(), Path.Combine(AppContext.BaseDirectory, "Reference", "recurrent_adam.py"), file);
        File.Delete(file);
        Assert.True(exitCode == 0, error);
        var expected = output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(300, expected.Length);
        foreach (var loss in expected)
        {
            Assert.InRange(network.Forward(of.X, of.Y) / loss, 1 - 1e-9, 1 + 1e-9);
            network.Backward();
            network.UpdateAdam(0.01);
            network.CarryHidden();
        }

        Assert.True(expected[^1] < 0.5 * expected[0], "nothing was learnt");
    }

    private static string Line(double[] values) => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
