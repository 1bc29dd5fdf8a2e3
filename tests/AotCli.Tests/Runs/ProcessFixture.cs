using System.Text;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>A folder of its own, with a text in it.</summary>
public abstract class ProcessFixture : IDisposable
{
    protected ProcessFixture()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 60; i++)
        {
            text.Append($"{i}: Anna went to the mill, and Otto to the well, {i * 7 % 11} times.\n");
        }

        File.WriteAllText(InFolder("text.txt"), text.ToString());
    }

    protected string Root { get; } = Directory.CreateTempSubdirectory("charrnn-cli-").FullName;

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string InFolder(string name) => Path.Combine(Root, name);

    private protected (int ExitCode, string Output, string Error) Charrnn(string arguments) => CharrnnProcess.Run(Root, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    protected byte[] Last(string run) => File.ReadAllBytes(Path.Combine(Root, run, "last.safetensors"));

    /// <summary>One line on standard error, nothing on standard output, no stack trace.</summary>
    protected static void AssertOneLine(int exitCode, (int ExitCode, string Output, string Error) result, string part)
    {
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}, not {exitCode}: {result.Error}");
        Assert.Contains(part, result.Error);
        Assert.StartsWith("charrnn: ", result.Error);
        Assert.Equal(1, result.Error.Count(character => character == '\n'));
        Assert.Equal("", result.Output);
    }
}
