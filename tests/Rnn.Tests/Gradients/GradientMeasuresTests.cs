using CharRnn.Rnn.Gradients;

namespace CharRnn.Rnn.Tests.Gradients;

public class GradientMeasuresTests
{
    /// <summary>By hand: one element that is far off, one that is zero in both, one below every tolerance but the relative one, one at the absolute tolerance.</summary>
    [Fact]
    public void Every_measure_is_what_it_says()
    {
        var measures = GradientMeasures.Compare([3, 0, 1e-9, 1e-8], [-1, 0, 0, 0]);
        Assert.Equal(4 / 4.0 + 1e-9 + 1e-8, measures.SumOfRelativeErrors, 1e-16);
        Assert.Equal(1, measures.LargestRelativeError);
        Assert.Equal(1, measures.NormRatio, 1e-15);
        Assert.Equal(4, measures.LargestDifference);
        Assert.Equal((1, 3, 1, 4), (measures.AbsoluteOffenders, measures.RelativeOffenders, measures.AllCloseOffenders, measures.Count));
        Assert.Equal(0.25, GradientMeasures.Compare([2.5e-9], [0]).LargestRelativeError);
    }

    /// <summary>What numpy.allclose lets pass: an absolute part and a relative one together.</summary>
    [Fact]
    public void Tolerances_are_absolute_and_relative()
    {
        var measures = GradientMeasures.Compare([100 + 9e-4, 100 + 2e-3, 1e-3 + 1.5e-8], [100, 100, 1e-3]);
        Assert.Equal((3, 2, 1), (measures.AbsoluteOffenders, measures.RelativeOffenders, measures.AllCloseOffenders));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_not_finite_is_infinitely_far(double value)
    {
        var measures = GradientMeasures.Compare([1, value], [1, 1]);
        Assert.Equal(new(double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, 1, 1, 1, 2), measures);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    public void The_norm_ratio_is_the_same_at_every_scale(double scale)
    {
        Assert.Equal(5.0 / (5 + 10), GradientMeasures.NormRatioOf([3 * scale, 4 * scale], [6 * scale, 8 * scale]), 1e-15);
        Assert.Equal(1, GradientMeasures.NormRatioOf([0, -scale], [0, 0]), 1e-15);
        Assert.Equal(0, GradientMeasures.NormRatioOf([0, 0], [0, 0]));
    }

    [Fact]
    public void Gradients_of_two_lengths_are_not_compared() =>
        Assert.Equal("A gradient of 1 elements cannot be compared with one of 2.", Assert.Throws<ArgumentException>(() => GradientMeasures.Compare([1], [1, 2])).Message);
}
