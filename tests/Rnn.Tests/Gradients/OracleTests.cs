using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Gradients;

public class OracleTests
{
    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(5, 3, 3)]
    [InlineData(17, 9, 8)]
    [InlineData(100, 80, 25)]
    public void Backpropagation_agrees_with_dual_numbers_and_with_differences_on_both_batches(int m, int k, int steps)
    {
        var (first, second) = GradientCase.FirstBatches(new(m, k), steps, 1);
        Assert.All(first.InitialHidden, value => Assert.Equal(0, value));
        Assert.All(second.InitialHidden, value => Assert.NotEqual(0, value));
        foreach (var batch in (GradientCase[])[first, second])
        {
            var truth = batch.Solve().Gradients;
            var dual = DualGradients.Compute(batch);
            var differences = CentredDifferences.Compute(batch, 1e-4);
            foreach (var tensor in truth.Tensors)
            {
                Assert.InRange(GradientMeasures.NormRatioOf(tensor.Values, dual[tensor.Name]), 0, 1e-11);
                Assert.InRange(GradientMeasures.NormRatioOf(tensor.Values, differences[tensor.Name]), 0, 2e-7);
                Assert.InRange(GradientMeasures.Compare(tensor.Values, differences[tensor.Name]).SumOfRelativeErrors, 0, 2e-6);
            }
        }
    }

    /// <summary>The batches of the exercise of 2026: means, matrices drawn by their size, and before the second batch Adam's step, which moves each weight that has a gradient by eta.</summary>
    [Fact]
    public void The_check_of_the_adam_preset_is_of_its_mean_loss_its_start_and_its_rule()
    {
        var settings = Preset.Apply(Preset.Adam, new() { TextSha256 = "", TextLength = 0, Vocabulary = "" });
        var (first, second) = GradientCase.FirstBatches(new(10, 8), 5, 1, settings: settings);
        var (summed, _) = GradientCase.FirstBatches(new(10, 8), 5, 1);
        Assert.InRange(first.Weights["W"].Select(Math.Abs).Max() / summed.Weights["W"].Select(Math.Abs).Max(), 10, 40);
        Assert.All(first.Weights["b"].Zip(second.Weights["b"]), pair => Assert.Equal(0.001, Math.Abs(pair.First - pair.Second), 5));
        var (mean, sum) = (first.Solve().Gradients, (first with { IsMean = false }).Solve().Gradients);
        Assert.All(mean["V"].Zip(sum["V"]), pair => Assert.Equal(pair.Second / 5, pair.First, 14));
        var check = GradientCheck.Run(new(10, 8), 5, 1, 1e-4, settings: settings);
        Assert.True(check.Ok);
        Assert.All(check.Parameters, parameter => Assert.InRange(parameter.DualNormRatio, 0, 1e-11));
    }

    /// <summary>A large network: a direction for each row, and of a small network of the same cell and layers every coordinate.</summary>
    [Fact]
    public void A_large_network_is_checked_along_its_rows_and_a_small_one_in_every_coordinate()
    {
        foreach (var cell in BuiltInCells.All)
        {
            var shape = new NetworkShape(24, 14) { Cell = cell, Layers = 2 };
            var check = GradientCheck.Run(shape, 12, 1, 1e-4, text: null, progress: null, settings: null, mostWork: 0);
            Assert.True(check.Ok, cell.Name);
            Assert.Equal(shape.Parameters.Concat(shape.Parameters).Select(parameter => parameter.Shape[0]), check.Parameters.Select(parameter => parameter.Differences.Count));
            var small = GradientCheck.SmallShape(shape);
            Assert.Equal((cell, 2, 20, 12), (small.Cell, small.Layers, small.HiddenSize, small.VocabularySize));
            Assert.Equal(small.Parameters.Concat(small.Parameters).Select(parameter => parameter.Count), check.Small!.Parameters.Select(parameter => (long)parameter.Differences.Count));
            Assert.Null(check.Small.Small);
            Assert.Null(GradientCheck.Run(shape, 12, 1, 1e-4).Small);
        }
    }
}
