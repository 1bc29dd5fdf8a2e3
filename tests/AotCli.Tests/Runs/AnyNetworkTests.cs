namespace CharRnn.AotCli.Tests.Runs;

public sealed class AnyNetworkTests : ProcessFixture
{
    /// <summary>Every cell, layers, streams and every rule go through all commands that read a run.</summary>
    [Theory]
    [InlineData("--cell lstm --layers 2 --streams 3")]
    [InlineData("--cell gru --optimizer adam --validation 0.1")]
    [InlineData("--cell gru-before --layers 2 --dropout 0.2")]
    [InlineData("--preset adam")]
    public void A_run_of_any_network_can_be_read(string settings)
    {
        foreach (var command in new[]
        {
            $"train text.txt --out run --steps 20 --hidden 6 --seq-length 5 --quiet {settings}", "train --resume run --steps 30 --quiet", "report run", "report run --hand-in", "eval run text.txt", "explain run",
            "sample run --length 20", "info run", "export run --to onnx", "export run --to html",
        })
        {
            var result = Charrnn(command);
            Assert.True(result.ExitCode == 0, $"{command}: {result.ExitCode}, {result.Error}");
        }
    }
}
