using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.CommandLine;

public sealed class EmptyNameTests : ProcessFixture
{
    /// <summary>What a script's unset variable leaves is no internal error, and no file of a strange name.</summary>
    [Theory]
    [InlineData("report", "")]
    [InlineData("sample", "")]
    [InlineData("eval", "", "text.txt")]
    [InlineData("eval", "text.txt", "")]
    [InlineData("explain", "")]
    [InlineData("export", "")]
    [InlineData("import", "")]
    [InlineData("diagnose", "")]
    [InlineData("train", "")]
    [InlineData("train", "--out", "")]
    [InlineData("train", "--resume", "")]
    [InlineData("train", "--init", "")]
    [InlineData("train", "--validation", "")]
    [InlineData("gradcheck", "--export", "")]
    [InlineData("lab", "--out", "")]
    [InlineData("sweep", "--out", "")]
    [InlineData("info", "--text", "")]
    public void An_empty_name_is_said_to_be_empty(params string[] arguments)
    {
        var result = CharrnnProcess.Run(Root, arguments);
        AssertOneLine(2, result, "is empty: give the name of a file or a folder");
        Assert.DoesNotContain(Directory.GetFileSystemEntries(Root), path => Path.GetFileName(path) is not "text.txt");
    }
}
