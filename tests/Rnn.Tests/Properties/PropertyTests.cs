using CharRnn.Rnn.Properties;

namespace CharRnn.Rnn.Tests.Properties;

public class PropertyTests
{
    public static TheoryData<string> Names => [.. Property.All.Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_property_holds(string name)
    {
        var failure = Property.All.Single(property => property.Name == name).Run(60, 1);
        Assert.True(failure is null, failure?.ToString());
    }

    /// <summary>A search that finds nothing, or does not shrink, would let every property pass.</summary>
    [Fact]
    public void A_property_that_fails_from_a_size_on_is_found_and_shrunk()
    {
        var shrunk = Counterexample.Find(PropertyCase.Numbers, numbers => numbers[0] < 17 || numbers[2] < 5, PropertyCase.Smaller, 200, 3);
        Assert.NotNull(shrunk);
        Assert.Equal([17, 1, 5, 0, 0, 0, 0], shrunk);
        Assert.Null(Counterexample.Find(PropertyCase.Numbers, numbers => numbers[0] <= 40, PropertyCase.Smaller, 200, 3));
    }

    /// <summary>What a seed draws is what it drew when it was written down, in this version of the library and the next; the native binary is asked for the same.</summary>
    [Fact]
    public void A_seed_draws_the_same_cases_for_ever()
    {
        var drawn = Counterexample.Draw(PropertyCase.Numbers, 7).Take(40).ToArray();
        Assert.Equal("11,7,23,3,1,732,202872", string.Join(',', drawn[0]));
        Assert.Equal("14,37,21,0,1,347,792977", string.Join(',', drawn[39]));
        Assert.All(drawn, numbers => Assert.All(numbers.Zip(PropertyCase.Ranges), pair => Assert.InRange(pair.First, pair.Second.Low, pair.Second.High)));
        Assert.NotEqual(drawn[0], Counterexample.Draw(PropertyCase.Numbers, 8).First());
    }
}
