namespace CharRnn.AotCli.Tests.Runs;

public sealed class CharrnnProcessTests : ProcessFixture
{
    /// <summary>On a build server every test of the program would else be one of the build that the JIT compiles.</summary>
    [Fact]
    public void The_program_that_runs_is_the_one_under_test()
    {
        using var process = CharrnnProcess.Start(Root, ["train", "-", "--out", "run"]);   // it waits for its text
        Assert.Equal(Path.GetFullPath(CharrnnProcess.Binary), process.Program);
        process.Kill();
    }
}
