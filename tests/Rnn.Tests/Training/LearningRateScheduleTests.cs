using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void By_itself_it_is_the_same_for_every_update() =>
        Assert.All((long[])[1, 2, 1000, long.MaxValue], step => Assert.Equal(0.1, ((LearningRateSchedule)0.1).At(step)));

    [Theory]
    [InlineData("constant", 100, 0.5)]
    [InlineData("linear", 60, 0.3)]
    [InlineData("linear", 100, 0.1)]
    [InlineData("linear", 110, 0.1)]
    [InlineData("cosine", 20, 0.5)]
    [InlineData("cosine", 40, 0.4414213562373095)]   // a quarter of the way: 0.1 + 0.4 (1 + cos 45 degrees) / 2
    [InlineData("cosine", 60, 0.3)]
    [InlineData("cosine", 100, 0.1)]
    [InlineData("cosine", 1, 0.025)]
    [InlineData("linear", 10, 0.25)]
    [InlineData("constant", 19, 0.475)]
    [InlineData("constant", 20, 0.5)]
    public void It_rises_and_falls(string name, long step, double expected) =>
        Assert.Equal(expected, new LearningRateSchedule(0.5) { Name = name, WarmUp = 20, Least = 0.1, Updates = 100 }.At(step), 1e-15);

    /// <summary>A training shorter than its rise goes as far as it comes.</summary>
    [Theory]
    [InlineData("constant")]
    [InlineData("cosine")]
    public void A_rise_longer_than_the_training_is_not_cut(string name) =>
        Assert.Equal([0.1, 0.2, 0.3], Enumerable.Range(1, 3).Select(step => Math.Round(new LearningRateSchedule(0.4) { Name = name, WarmUp = 4, Updates = 3 }.At(step), 12)));
}
