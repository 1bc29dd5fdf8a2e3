using CharRnn.Rnn.Properties;

namespace CharRnn.Rnn.Tests.Properties;

public class PropertyTests
{
#if CSCHECK
    private static readonly CsCheckLibrary Library = new();
#else
    private static readonly CharRnn.AotCli.Properties.FsCheckLibrary Library = new();
#endif

    public static TheoryData<string> Names => [.. Property.All.Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_property_holds(string name)
    {
        var failure = Property.All.Single(property => property.Name == name).Run(Library, 60, 1);
        Assert.True(failure is null, failure?.ToString());
    }

    /// <summary>A library that finds nothing, or does not shrink, would let every property pass.</summary>
    [Fact]
    public void A_property_that_fails_from_a_size_on_is_found_and_shrunk()
    {
        var shrunk = Library.Falsify(PropertyCase.Ranges, numbers => numbers[0] < 17 || numbers[2] < 5, 200, 3);
        Assert.NotNull(shrunk);
        Assert.InRange(shrunk[0], 17, 40);
        Assert.InRange(shrunk[2], 5, 30);
#if !CSCHECK
        Assert.Equal([17, 1, 5, 0, 0, 0, 0], shrunk);
#endif
        Assert.Null(Library.Falsify(PropertyCase.Ranges, numbers => numbers[0] <= 40, 200, 3));
    }
}
