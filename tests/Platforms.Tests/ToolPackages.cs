using System.IO.Compression;

namespace CharRnn.Platforms.Tests;

/// <summary>One copy and one set of packages for all tests.</summary>
[CollectionDefinition("platforms")]
public sealed class PlatformsCollection : ICollectionFixture<ToolPackages>;

/// <summary>The tool packed once for all tests, from a copy of the sources so that no other build is disturbed, and a folder to work in.</summary>
public sealed class ToolPackages : IDisposable
{
    private readonly Lazy<string> _sources, _feed;

    public ToolPackages() => (_sources, _feed) = (new Lazy<string>(Copy), new Lazy<string>(Pack));

    /// <summary>A version that nobody else has packed.</summary>
    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}.{Environment.TickCount64}";

    /// <summary>A folder that is deleted when the tests are done.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("charrnn-platforms-").FullName;

    /// <summary>The copy of the sources.</summary>
    public string Sources => _sources.Value;

    /// <summary>The folder with the packages.</summary>
    public string Feed => _feed.Value;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The native program inside a package.</summary>
    /// <param name="platform">linux-x64 or linux-arm64.</param>
    public string Program(string platform)
    {
        var program = Path.Combine(Folder, $"charrnn-{platform}");
        if (!File.Exists(program))
        {
            using var archive = ZipFile.OpenRead(Path.Combine(Feed, $"charrnn.{platform}.{Version}.nupkg"));
            archive.Entries.Single(entry => entry.FullName == $"tools/any/{platform}/charrnn").ExtractToFile(program);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        return program;
    }

    private string Copy()
    {
        var clone = Path.Combine(Folder, "clone");
        foreach (var file in Directory.GetFiles(Machine.Root).Where(file => Path.GetFileName(file) is not ".git").Concat(Directory.GetFiles(Path.Combine(Machine.Root, "src"), "*", SearchOption.AllDirectories)))
        {
            var name = Path.GetRelativePath(Machine.Root, file);
            if (name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            {
                continue;
            }

            var copy = Path.Combine(clone, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return clone;
    }

    private string Pack()
    {
        var feed = Path.Combine(Folder, "feed");
        Machine.Succeed(Sources, "bash", "src/AotCli/pack.sh", feed, $"-p:Version={Version}", "-v", "q", "-nologo", "-p:RunAnalyzers=false");
        return feed;
    }
}
