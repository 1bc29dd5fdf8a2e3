using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>What no mistake in a derivation gives: it was never computed, or it broke on the way.</summary>
public class NoDerivationTests
{
    private static readonly GradientJudge Judge = new(GradientCase.Random(new(3, 5), 4, 0.5, 1));

    [Fact]
    public void Numbers_that_are_none_are_counted_and_the_first_is_said()
    {
        var cause = First(("V", 7, double.NaN), ("V", 14, double.PositiveInfinity), ("V", 13, double.NaN));
        Assert.Equal(("not a number", "2 NaN and 1 infinite of 15 elements, the first at [2, 1]", "look for a division by zero, a logarithm of zero, an overflow of exp"), (cause.Name, cause.Form, cause.Advice));
        Assert.Equal(["V"], cause.Explains);
        Assert.Equal("0 NaN and 1 infinite of 3 elements, the first at [2]", First(("b", 2, double.NegativeInfinity)).Form);
    }

    [Fact]
    public void A_gradient_that_was_never_computed_is_all_zero()
    {
        var claimed = Judge.Truth.Clone();
        Array.Clear(claimed.W);
        Array.Clear(claimed.b);
        var cause = Diagnosis.Of(Judge, claimed).Causes[0];
        Assert.Equal(("all zero", "every element is 0", "the gradient was never computed, or never written back"), (cause.Name, cause.Form, cause.Advice));
        Assert.Equal(["W", "b"], cause.Explains);
    }

    [Fact]
    public void A_constant_is_no_gradient()
    {
        var claimed = Judge.Truth.Clone();
        Array.Fill(claimed.c, 0.25);
        var cause = Diagnosis.Of(Judge, claimed).Causes[0];
        Assert.Equal(("one value everywhere", "every element is 0.25", "a constant is no gradient: look for a sum over the wrong axis, or a fill"), (cause.Name, cause.Form, cause.Advice));
    }

    [Fact]
    public void One_element_alone_that_is_wrong_is_said()
    {
        var cause = First(("V", 7, 9));
        Assert.Equal(("a single element", $"[2, 1] of V is 9 and should be {Judge.Truth.V[7]:G6}; all others are right", "look for what is done to that element alone"), (cause.Name, cause.Form, cause.Advice));
        Assert.DoesNotContain(Diagnosis.Of(Judge, Claim(("V", 7, 9), ("V", 8, 9))).Causes, other => other.Name == "a single element");
    }

    private static Cause First(params (string Name, int At, double Value)[] changes) => Diagnosis.Of(Judge, Claim(changes)).Causes[0];

    private static ReferenceParameters<double> Claim(params (string Name, int At, double Value)[] changes)
    {
        var claimed = Judge.Truth.Clone();
        foreach (var (name, at, value) in changes)
        {
            claimed[name][at] = value;
        }

        return claimed;
    }
}
