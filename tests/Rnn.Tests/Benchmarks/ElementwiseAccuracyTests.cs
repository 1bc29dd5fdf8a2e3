using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Registers;

namespace CharRnn.Rnn.Tests.Benchmarks;

/// <summary>A sample of what <c>charrnn bench --elementwise</c> proves over all floats; a wrong coefficient or a lost underflow shows at once.</summary>
public sealed class ElementwiseAccuracyTests
{
    [Fact]
    public void Tanh_is_within_five_units_of_the_last_place()
    {
        var result = ElementwiseAccuracy.Tanh(stride: 4001);
        Assert.InRange(result.LargestUlps, 0.5, 5);
    }

    [Fact]
    public void Exp_is_within_one_and_a_half_units_of_the_last_place()
    {
        var result = ElementwiseAccuracy.Exp(stride: 1009);
        Assert.InRange(result.LargestUlps, 0.5, 1.5);
    }

    [Fact]
    public void Every_register_form_has_the_same_special_values()
    {
        Assert.Equal(0f, VectorMath.Tanh(0f));
        Assert.Equal(1f, VectorMath.Tanh(float.PositiveInfinity), 1e-6f);
        Assert.Equal(-1f, VectorMath.Tanh(-30f), 1e-6f);
        Assert.True(float.IsNaN(VectorMath.Tanh(float.NaN)));
        Assert.Equal(1f, VectorMath.ExpOfNonPositive(0f));
        Assert.Equal(0f, VectorMath.ExpOfNonPositive(float.NegativeInfinity));
        Assert.Equal(0d, VectorMath.ExpOfNonPositive(double.NegativeInfinity));
        Assert.Equal(1d, VectorMath.Tanh(50d));
        Assert.Equal(-1d, VectorMath.Tanh(double.NegativeInfinity));
        Assert.True(double.IsNaN(VectorMath.Tanh(double.NaN)));
    }

    [Fact]
    public void Double_precision_is_within_four_units_of_the_last_place()
    {
        for (var x = -40.0; x <= 0; x += 0.000731)
        {
            Assert.InRange(VectorMath.ExpOfNonPositive(x) / Math.Exp(x), 1 - 1e-15, 1 + 1e-15);
            Assert.InRange(VectorMath.Tanh(x) / Math.Tanh(x), 1 - 1e-15, 1 + 1e-15);
        }
    }
}
