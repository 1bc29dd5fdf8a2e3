using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Gradients;

public class KernelErrorTests
{
    [Theory]
    [InlineData(1, 1, 1, 0.01)]
    [InlineData(17, 33, 5, 1)]
    [InlineData(100, 80, 25, 0.01)]
    [InlineData(40, 23, 30, 0.3)]
    public void Every_kernel_call_of_real_updates_stays_within_its_rounding_bound(int m, int k, int steps, double scale)
    {
        var of = GradientCase.Random(new(m, k), steps, scale, 3);
        var errors = new KernelErrors();
        using var network = new VanillaNetwork<float>(of.Shape, steps, CompiledKernels.Best<float>(of.Shape).Observe(errors));
        network.Load(of.Weights.ToWeights<float>(), null);
        network.SetHidden(Array.ConvertAll(of.InitialHidden, value => (float)value));
        for (var update = 0; update < 3; update++)
        {
            network.Forward(of.X, of.Y);
            network.BackwardAndUpdate(0.1, 5);
        }

        Assert.Equal(14, errors.Ratios.Count);
        Assert.True(errors.Ok, string.Join("; ", errors.Ratios));
        Assert.True(m == 1 || errors.Ratios.Values.Max() > 0.02, "bounds that far away catch nothing");
    }

    [Fact]
    public void The_gradients_of_a_real_update_are_right_and_a_wrong_one_is_not()
    {
        var (first, second) = GradientCase.FirstBatches(new(100, 80), 25, 1);
        foreach (var of in (GradientCase[])[first, second])
        {
            var judge = new GradientJudge(UpdateGradients.InSingle(of));
            var gradients = UpdateGradients.Of(judge.Case, CompiledKernels.Best<float>(of.Shape));
            Assert.All(judge.Judge(gradients), parameter => Assert.True(parameter.Ok, parameter.ToString()));
            for (var row = 0; row < 100; row++)
            {
                var planted = (double[])gradients.W.Clone();
                planted.AsSpan(row * 100, 100).ToArray().Select(value => value * 1.001).ToArray().CopyTo(planted, row * 100);
                Assert.False(judge.Judge("W", planted).Ok);
            }
        }
    }
}
