using CharRnn.Rnn.Gradients;

namespace CharRnn.Rnn.Tests.Gradients;

public class ForwardCheckTests
{
    private static readonly GradientCase Of = GradientCase.Random(new(3, 5), 4, 0.5, 1);

    /// <summary>The first by the order of the equations, though what follows from it differs too.</summary>
    [Theory]
    [InlineData("a h o p", 2, 1, "a at time step 3 of 4")]
    [InlineData("h o p", 0, 1, "h at time step 1 of 4")]
    [InlineData("p o", 3, -1, "o at time step 4 of 4")]
    [InlineData("p", 1, double.NaN, "p at time step 2 of 4")]
    public void The_first_that_differs_is_named(string names, int row, double error, string expected)
    {
        var intermediates = Intermediates();
        foreach (var name in names.Split(' '))
        {
            intermediates[name][row * intermediates[name].Length / 4] += error;
        }

        Assert.Equal($"the forward pass differs first in {expected}: mend that before the gradients", Difference(intermediates));
    }

    [Fact]
    public void What_float_brings_differs_not_nor_what_is_not_there()
    {
        Assert.Null(Difference(Intermediates()));
        Assert.Null(Difference([]));
        var intermediates = Intermediates();
        foreach (var values in intermediates.Values)
        {
            values[0] *= 1 + 1e-5;
        }

        Assert.Null(Difference(intermediates));
        intermediates.Remove("a");
        intermediates["p"][0] += 0.1;
        Assert.StartsWith("the forward pass differs first in p", Difference(intermediates), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_is_the_sum_or_the_mean_in_nats()
    {
        var sum = GradientCaseFile.SumOfLosses(Of);
        Assert.Null(Difference(new() { ["loss"] = [sum * 1.0005] }));
        Assert.Null(Difference(new() { ["loss"] = [sum / 4] }));
        Assert.Equal("the loss is in bits, not in nats", Difference(new() { ["loss"] = [sum / Math.Log(2)] }));
        Assert.Equal("the loss has the wrong sign: it is -sum_t log p_t[y_t], or its mean", Difference(new() { ["loss"] = [-sum] }));
        foreach (var other in (double[])[1.01 * sum, 0, double.NaN])
        {
            Assert.Equal($"the loss is {other:G8} and should be {sum:G8}", Difference(new() { ["loss"] = [other] }));
        }
    }

    private static Dictionary<string, double[]> Intermediates() => new(GradientCaseFile.From(GradientCaseFile.Export(Of)).Intermediates);

    private static string? Difference(Dictionary<string, double[]> intermediates) =>
        ForwardCheck.FirstDifference(GradientCaseFile.From(GradientCaseFile.Export(Of)) with { Intermediates = intermediates }, Of.Solve());
}
