using CharRnn.Rnn.Gradients;

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
}
