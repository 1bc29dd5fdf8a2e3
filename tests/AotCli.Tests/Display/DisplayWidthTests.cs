using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Tests.Display;

public sealed class DisplayWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("\e[34mabc\e[0m", 3)]
    [InlineData("e\u0301", 1)]
    [InlineData("日本", 4)]
    [InlineData("한글", 4)]
    [InlineData("😀", 2)]
    [InlineData("ｆ", 2)]
    [InlineData("\u200B\u202E", 0)]
    public void Columns(string text, int columns) => Assert.Equal(columns, DisplayWidth.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_one_character() => Assert.Equal(3, DisplayWidth.Of("a\uD83Db"));

    [Fact]
    public void Wide_characters_are_not_cut_in_two()
    {
        Assert.Equal(["日", "本", "a"], DisplayWidth.Wrap("日本a", 2, 9));
        Assert.Equal(["日本", "a"], DisplayWidth.Wrap("日本a", 4, 9));
        Assert.Equal(["a日", "本"], DisplayWidth.Wrap("a日本", 4, 9));
        Assert.Equal(["ab"], DisplayWidth.Wrap("abcd", 2, 1));
        Assert.Equal("a", DisplayWidth.Cut("a日", 2));
    }

    [Fact]
    public void Lines_break_at_spaces_where_that_costs_little()
    {
        Assert.Equal(["the old", "mill"], DisplayWidth.Wrap("the old mill", 9, 9));
        Assert.Equal(["the old", "mill"], DisplayWidth.Wrap("the old mill", 7, 9));
        Assert.Equal(["a waterwhe", "el turns"], DisplayWidth.Wrap("a waterwheel turns", 10, 9));
        Assert.Equal(["日本 日", "本日"], DisplayWidth.Wrap("日本 日本日", 8, 9));
        Assert.Equal(["the"], DisplayWidth.Wrap("the old", 4, 1));
    }
}
