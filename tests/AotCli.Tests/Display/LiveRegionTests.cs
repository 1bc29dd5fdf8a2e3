using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Tests.Display;

public sealed class LiveRegionTests
{
    [Fact]
    public void Lines_are_drawn_over_those_before_and_go_away()
    {
        var screen = new TerminalScreen(20);
        screen.Write("$ charrnn\n");
        var region = new LiveRegion(screen);
        region.Draw(["first", "second, longer", "third"], 20);
        Assert.Equal(["$ charrnn", "first", "second, longer", "third"], screen.Rows);
        region.Draw(["1st", "\e[34m2nd\e[0m"], 20);
        Assert.Equal(["$ charrnn", "1st", "2nd"], screen.Rows);
        region.Clear(20);
        Assert.Equal(["$ charrnn"], screen.Rows);
        screen.Write("done\n");
        region.Clear(20);
        Assert.Equal(["$ charrnn", "done"], screen.Rows);
    }

    [Fact]
    public void A_terminal_that_became_narrower_is_drawn_over_in_all_its_rows()
    {
        var screen = new TerminalScreen(20);
        screen.Write("above\n");
        var region = new LiveRegion(screen);
        region.Draw([new string('a', 19), "b", new string('c', 16)], 20);
        screen.Narrow(8);
        Assert.Equal(["above", "aaaaaaaa", "aaaaaaaa", "aaa", "b", "cccccccc", "cccccccc"], screen.Rows);
        region.Draw(["new"], 8);
        Assert.Equal(["above", "new"], screen.Rows);
    }

    [Fact]
    public void What_was_written_below_stays()
    {
        var screen = new TerminalScreen(20);
        var region = new LiveRegion(screen);
        region.Draw(["one", "two"], 20);
        screen.Write("[1]+ Stopped\n$ fg\n");
        region.Forget();
        region.Draw(["three"], 20);
        Assert.Equal(["one", "two", "[1]+ Stopped", "$ fg", "three"], screen.Rows);
    }
}
