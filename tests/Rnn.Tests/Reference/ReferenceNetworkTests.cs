using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Reference;

public class ReferenceNetworkTests
{
    /// <summary>Every built-in cell, layers, and dropout: the tape against dual numbers and against differences, which know nothing of it.</summary>
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 2, 1, 1)]
    [InlineData(5, 7, 4, 1)]
    [InlineData(9, 4, 6, 2)]
    [InlineData(4, 3, 5, 3)]
    public void Gradients_of_every_cell_are_those_of_dual_numbers_and_of_differences(int m, int k, int steps, int layers)
    {
        foreach (var cell in BuiltInCells.All)
        {
            foreach (var dropout in (Func<int, int, int, double>?[])[null, (layer, t, unit) => (layer + t + unit) % 3 == 0 ? 0 : 1.5])
            {
                var of = GradientCase.Random(new(m, k) { Cell = cell, Layers = layers }, steps, 0.5, 7) with { Dropout = dropout };
                var (truth, dual, differences) = (of.Solve().Gradients, DualGradients.Compute(of), CentredDifferences.Compute(of, 1e-4));
                foreach (var tensor in truth.Tensors)
                {
                    var what = $"{of.Shape} {tensor.Name}";
                    Assert.True(GradientMeasures.Compare(tensor.Values, dual[tensor.Name]).LargestDifference < 1e-13, what);
                    Assert.True(GradientMeasures.Compare(tensor.Values, differences[tensor.Name]).LargestDifference < 1e-6, what);
                }
            }
        }
    }

    [Fact]
    public void The_initial_states_are_among_the_variables_in_every_cell_and_layer()
    {
        foreach (var cell in BuiltInCells.All)
        {
            var of = GradientCase.Random(new(3, 4) { Cell = cell, Layers = 2 }, 4, 0.5, 7);
            var gradient = of.Solve().InitialHiddenGradient;
            Assert.Equal(of.Shape.StateSize, gradient.Length);
            for (var i = 0; i < gradient.Length; i++)
            {
                Assert.Equal((Loss(1e-5) - Loss(-1e-5)) / 2e-5, gradient[i], 1e-8);

                double Loss(double change)
                {
                    var network = new ReferenceNetwork<double>(of.Weights);
                    network.SetHidden([.. of.InitialHidden.Select((value, j) => j == i ? value + change : value)]);
                    return network.Forward(of.X, of.Y);
                }
            }
        }
    }

    /// <summary>A direction for each row is what large networks are checked with: it must be the sum over the row.</summary>
    [Fact]
    public void The_derivative_along_a_row_is_the_sum_of_its_elements_derivatives()
    {
        foreach (var cell in BuiltInCells.All)
        {
            var of = GradientCase.Random(new(5, 4) { Cell = cell, Layers = 2 }, 4, 0.5, 7);
            var truth = of.Solve().Gradients;
            foreach (var block in Coordinates.Rows(of, 3))
            {
                foreach (var network in (DirectionalNetwork[])[DualGradients.Network(of), CentredDifferences.Network(of, 1e-4)])
                {
                    var derivatives = new double[DirectionalNetwork.Count];
                    network.Run(block.Parameter, block.Directions, derivatives);
                    var tensor = truth.Tensors[block.Parameter];
                    for (var d = 0; d < block.Directions.Length; d++)
                    {
                        var columns = tensor.Values.Length / tensor.Shape[0];
                        var row = tensor.Values.AsSpan(block.Directions[d].Row * columns, columns).ToArray();
                        var expected = block.Directions[d].Coefficients is { } signs ? row.Zip(signs, (g, sign) => g * sign).Sum() : row[0];
                        Assert.Equal(expected, derivatives[d], 1e-6);
                    }
                }
            }
        }
    }

    [Fact]
    public void The_mean_loss_and_its_gradients_are_the_sums_divided_by_the_length()
    {
        var of = GradientCase.Random(new(5, 4), 6, 0.5, 7);
        var (sum, mean) = (of.Solve(), (of with { IsMean = true }).Solve());
        foreach (var (left, right) in sum.Gradients.Tensors.Zip(mean.Gradients.Tensors))
        {
            Assert.All(left.Values.Zip(right.Values), pair => Assert.Equal(pair.First / 6, pair.Second, 1e-15));
        }
    }

    /// <summary>One unit and one character by hand: p = 1, so every gradient is 0; two characters: g = p - onehot.</summary>
    [Fact]
    public void Two_steps_of_one_unit_agree_with_the_formulas_written_out()
    {
        var weights = new ReferenceParameters<double>(new(1, 2));
        (weights.W[0], weights.b[0]) = (0.5, 0.1);
        (weights.U[0], weights.U[1]) = (0.3, -0.2);
        (weights.V[0], weights.V[1], weights.c[0], weights.c[1]) = (0.7, -0.4, 0.05, 0.15);
        var network = new ReferenceNetwork<double>(weights);
        network.SetHidden([0.25]);
        var loss = network.Forward([0, 1], [1, 0]);
        network.Backward();

        var h1 = Math.Tanh((0.5 * 0.25) + 0.3 + 0.1);
        var h2 = Math.Tanh((0.5 * h1) - 0.2 + 0.1);
        var p1 = 1 / (1 + Math.Exp((-0.4 * h1) + 0.15 - (0.7 * h1) - 0.05));
        var p2 = 1 / (1 + Math.Exp((-0.4 * h2) + 0.15 - (0.7 * h2) - 0.05));
        Assert.Equal(-Math.Log(1 - p1) - Math.Log(p2), loss, 1e-14);
        var (g1, g2) = (p1, p2 - 1);
        var z2 = ((0.7 * g2) + (-0.4 * -g2)) * (1 - (h2 * h2));
        var z1 = ((0.7 * g1) + (-0.4 * -g1) + (0.5 * z2)) * (1 - (h1 * h1));
        Assert.Equal((z1 * 0.25) + (z2 * h1), network.Gradients.W[0], 1e-14);
        Assert.Equal(z1, network.Gradients.U[0], 1e-14);
        Assert.Equal(z2, network.Gradients.U[1], 1e-14);
        Assert.Equal(z1 + z2, network.Gradients.b[0], 1e-14);
        Assert.Equal((g1 * h1) + (g2 * h2), network.Gradients.V[0], 1e-14);
        Assert.Equal(-g1 - g2, network.Gradients.c[1], 1e-14);
        Assert.Equal(0.5 * z1, network.InitialHiddenGradient[0], 1e-14);
    }

    [Fact]
    public void An_update_clips_each_element_and_divides_by_the_root_of_the_sum_so_far()
    {
        var network = new ReferenceNetwork<double>(new(new(1, 1)));
        network.Gradients.W[0] = 2;
        network.Gradients.b[0] = -0.5;
        network.Update(0.1, 1);
        network.Update(0.1, 1);
        Assert.Equal(2, network.AdagradSums.W[0]);
        Assert.Equal((-0.1 / Math.Sqrt(1 + 1e-8)) - (0.1 / Math.Sqrt(2 + 1e-8)), network.Weights.W[0], 1e-15);
        Assert.Equal(0.5, network.AdagradSums.b[0]);
        Assert.Equal((0.05 / Math.Sqrt(0.25 + 1e-8)) + (0.05 / Math.Sqrt(0.5 + 1e-8)), network.Weights.b[0], 1e-15);
        Assert.Equal(2, network.Gradients.W[0]);
        Assert.Equal(0, network.Weights.c[0]);
    }
}
