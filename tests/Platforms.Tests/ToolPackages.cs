using System.IO.Compression;

namespace CharRnn.Platforms.Tests;

/// <summary>One copy and one set of packages for all tests.</summary>
[CollectionDefinition("platforms")]
public sealed class PlatformsCollection : ICollectionFixture<ToolPackages>;

/// <summary>The tool packed once for all tests, from a copy of the sources so that no other build is disturbed, and a folder to work in.</summary>
public sealed class ToolPackages : IDisposable
{
    private readonly Lazy<string> _sources, _feed, _windows;

    public ToolPackages() => (_sources, _feed, _windows) = (new Lazy<string>(Copy), new Lazy<string>(Pack), new Lazy<string>(PublishForWindows));

    /// <summary>A version that nobody else has packed.</summary>
    public string Version { get; } = $"0.1.0-test.{Environment.ProcessId}.{Environment.TickCount64}";

    // The libraries are taken as the solution's build left them: compiling them again is most of the work.
    private string[] Build => [$"-p:Version={Version}", "-p:BuildProjectReferences=false", "-p:CompileUsingReferenceAssemblies=false", "-p:RunAnalyzers=false", "-v", "q", "-nologo"];

    /// <summary>A folder that is deleted when the tests are done.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("charrnn-platforms-").FullName;

    /// <summary>The copy of the sources.</summary>
    public string Sources => _sources.Value;

    /// <summary>The folder with the packages.</summary>
    public string Feed => _feed.Value;

    /// <summary>The folder with the program for Windows and the runtime it needs.</summary>
    public string Windows => _windows.Value;

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

    /// <summary>
    /// The sources without what is built of them, but for the libraries: they are the same for every platform, and take most of the time.
    /// </summary>
    private string Copy()
    {
        var clone = Path.Combine(Folder, "clone");
        foreach (var file in Directory.GetFiles(Machine.Root).Where(file => Path.GetFileName(file) is not ".git").Concat(Directory.GetFiles(Path.Combine(Machine.Root, "src"), "*", SearchOption.AllDirectories)))
        {
            var name = Path.GetRelativePath(Machine.Root, file);
            if (!name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            {
                CopyTo(name, file);
            }
        }

        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        foreach (var project in (string[])["Kernels", "Rnn"])
        {
            var bin = Path.Combine("src", project, "bin");
            foreach (var file in Directory.GetFiles(Path.Combine(Machine.Root, bin, configuration), "*", SearchOption.AllDirectories))
            {
                CopyTo(Path.Combine(bin, "Release", Path.GetRelativePath(Path.Combine(Machine.Root, bin, configuration), file)), file);
            }
        }

        return clone;

        void CopyTo(string name, string file)
        {
            var copy = Path.Combine(clone, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private string Pack()
    {
        var feed = Path.Combine(Folder, "feed");
        Machine.Succeed(Sources, "bash", ["src/AotCli/pack.sh", feed, .. Build]);
        return feed;
    }

    private string PublishForWindows()
    {
        var program = Path.Combine(Folder, "windows");
        Machine.Succeed(Sources, Machine.Dotnet, ["publish", "src/AotCli", "-c", "Release", "-r", "win-x64", "--self-contained", "-p:PublishAot=false", "-o", program, .. Build]);
        return program;
    }
}
