using CharRnn.Rnn.Gradients;
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
}
