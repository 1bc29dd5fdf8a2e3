using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace CharRnn.Kernels.Tests.Package;

/// <summary>
/// The package as a stranger meets it: packed, restored from a folder into a fresh project outside the solution, run by the JIT
/// and as a native binary. The samples are built against it too.
/// </summary>
public sealed class PackageTests : IDisposable
{
    private const string Program = """
        using System.Runtime.Intrinsics;
        using CharRnn.Kernels;
        using CharRnn.Kernels.Reference;

        float[] matrix = [.. Enumerable.Range(0, 37 * 53).Select(i => (float)(i % 9) - 4)];
        float[] vector = [.. Enumerable.Range(0, 53).Select(i => (float)(i % 5) - 2)];
        var (result, expected) = (new float[37], new float[37]);
        Kernels.Apply(matrix, vector, result);
        ScalarKernels.MatVec<float>(37, 53, matrix, vector, expected);
        Console.WriteLine($"equal={result.SequenceEqual(expected)} Vector256={Vector256.IsHardwareAccelerated}");

        static partial class Kernels
        {
            [MatVec(37, 53)]
            public static partial void Apply(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
        }
        """;

    /// <summary>Where the sources would be published; the tests never go there.</summary>
    private const string Remote = "https://github.com/example/charrnn";

    // The kinds of debug information of the portable PDB format.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    private static readonly string Root = FindRoot();

    private readonly string _folder = Directory.CreateTempSubdirectory("package").FullName;
    private readonly string _version = $"0.1.0-test.{Environment.ProcessId}.{Environment.TickCount64}";

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var restored = Path.Combine(packages, "charrnn.kernels", _version);
        if (Directory.Exists(restored))
        {
            Directory.Delete(restored, recursive: true);
        }
    }

    [Fact]
    public void A_fresh_project_restores_it_and_runs_it_on_the_JIT_and_as_a_native_binary()
    {
        var feed = Path.Combine(_folder, "feed");
        var (clone, commit) = CloneWithRemote();
        Dotnet(clone, "pack", "src/Kernels", "-c", "Release", "-o", feed, $"-p:PackageVersion={_version}", "-p:ContinuousIntegrationBuild=true");
        var package = Assert.Single(Directory.GetFiles(feed, "*.nupkg"));
        using (var archive = ZipFile.OpenRead(package))
        {
            var names = archive.Entries.Select(entry => entry.FullName).ToArray();
            foreach (var expected in (string[])
                ["analyzers/dotnet/cs/CharRnn.Generators.dll", "lib/net10.0/CharRnn.Kernels.dll", "lib/net10.0/CharRnn.Kernels.xml", "README.md", "LICENSE", "icon.png", "build/net10.0/CharRnn.Kernels.targets", "buildTransitive/net10.0/CharRnn.Kernels.targets"])
            {
                Assert.Contains(expected, names);
            }

            // Anything for every framework, but analyzers, would make the package fit those that have no kernels.
            Assert.DoesNotContain(names, name => name.StartsWith("runtimes/", StringComparison.Ordinal) || name is "build/CharRnn.Kernels.targets" or "buildTransitive/CharRnn.Kernels.targets");

            using var specification = new StreamReader(archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
            var text = specification.ReadToEnd();
            Assert.Contains($"<version>{_version}</version>", text);
            Assert.Contains("<license type=\"expression\">MIT</license>", text);
            Assert.Contains($"url=\"{Remote}\"", text);
            Assert.Contains($"commit=\"{commit}\"", text);

            // A debugger finds the symbols inside each assembly, and every source file of it at this commit or inside the symbols.
            foreach (var assembly in archive.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)))
            {
                AssertSymbols(assembly, $"{Remote.Replace("github.com", "raw.githubusercontent.com")}/{commit}/*");
            }
        }

        var project = Directory.CreateDirectory(Path.Combine(_folder, "fresh")).FullName;
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        WriteFeed(project, feed);
        File.WriteAllText(Path.Combine(project, "fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <RollForward>Major</RollForward>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
                <PublishAot>true</PublishAot>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="CharRnn.Kernels" Version="{_version}" />
              </ItemGroup>
            </Project>
            """);

        Assert.Contains("equal=True", Dotnet(project, "run", "-c", "Release"));

        // By default the binary is for the baseline, and the build says so and what to set.
        var published = Dotnet(project, "publish", "-c", "Release", "-o", "native");
        var native = Path.Combine(project, "native", OperatingSystem.IsWindows() ? "fresh.exe" : "fresh");
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Assert.Contains("CRNN201", published);
            Assert.Contains("<IlcInstructionSet>x86-64-v3</IlcInstructionSet>", published);
            Assert.Contains("equal=True Vector256=False", Run(native, project));
        }

        // With the property set the message is gone, and the wider form is in the binary.
        published = Dotnet(project, "publish", "-c", "Release", "-o", "native", "-p:IlcInstructionSet=native");
        Assert.DoesNotContain("CRNN201", published);
        Assert.Contains($"equal=True Vector256={System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated}", Run(native, project));

        // Where the package cannot work, the build says why.
        foreach (var framework in (string[])["net8.0", "netstandard2.0"])
        {
            var older = WriteProject(feed, framework, "older.csproj", $"<TargetFramework>{framework}</TargetFramework>");
            Assert.Contains("NU1202", Dotnet(older, exitCode: 1, "restore"));
        }

        foreach (var (extension, file, program) in (ReadOnlySpan<(string, string, string)>)
            [("fsproj", "Program.fs", "module Program"), ("vbproj", "Program.vb", "Module Program\nEnd Module")])
        {
            var foreign = WriteProject(feed, extension, $"foreign.{extension}", "<TargetFramework>net10.0</TargetFramework><EnableDefaultCompileItems>false</EnableDefaultCompileItems>", $"<Compile Include=\"{file}\" />");
            File.WriteAllText(Path.Combine(foreign, file), program);
            var built = Dotnet(foreign, "build", "-c", "Release");
            Assert.Contains("CRNN202", built);
            Assert.Contains("kernels are written in C# only", built);
        }

        // The samples, copied out of the solution.
        foreach (var sample in (string[])["KalmanFilter", "Covariance", "Perceptron", "Points"])
        {
            var copy = Directory.CreateDirectory(Path.Combine(_folder, "samples", sample)).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(Root, "samples", sample)))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            File.Copy(Path.Combine(Root, "samples", "Samples.props"), Path.Combine(_folder, "samples", "Samples.props"), overwrite: true);
            File.Copy(Path.Combine(Root, "Directory.Build.props"), Path.Combine(_folder, "samples", "Directory.Build.props"), overwrite: true);
            File.WriteAllText(Path.Combine(_folder, "samples", "Directory.Packages.props"), "<Project><PropertyGroup><ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally></PropertyGroup></Project>");
            WriteFeed(copy, feed);
            Dotnet(copy, "run", "-c", "Release", $"-p:KernelsPackageVersion={_version}");
        }
    }

    /// <summary>The files that the package is made of, in a repository of their own with a public remote, as a release is packed.</summary>
    private (string Folder, string Commit) CloneWithRemote()
    {
        var clone = Directory.CreateDirectory(Path.Combine(_folder, "clone")).FullName;
        string[] files = [.. Directory.GetFiles(Root).Where(file => Path.GetFileName(file) is not ".git"), .. Sources("src/Kernels"), .. Sources("src/Generators")];
        foreach (var file in files)
        {
            var copy = Path.Combine(clone, Path.GetRelativePath(Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Run("git", clone, "init", "--quiet");
        Run("git", clone, "add", "--all");
        Run("git", clone, "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "as packed");
        Run("git", clone, "remote", "add", "origin", Remote);
        return (clone, Run("git", clone, "rev-parse", "HEAD").Trim());

        static IEnumerable<string> Sources(string folder) => Directory.GetFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar) is var parts && !parts.Contains("bin") && !parts.Contains("obj"));
    }

    private static void AssertSymbols(ZipArchiveEntry entry, string sources)
    {
        using var bytes = new MemoryStream();
        using (var stream = entry.Open())
        {
            stream.CopyTo(bytes);
        }

        bytes.Position = 0;
        using var assembly = new PEReader(bytes);
        var embedded = Assert.Single(assembly.ReadDebugDirectory(), debug => debug.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = assembly.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var symbols = provider.GetMetadataReader();
        var information = symbols.CustomDebugInformation.Select(symbols.GetCustomDebugInformation).ToArray();
        var link = System.Text.Encoding.UTF8.GetString(symbols.GetBlobBytes(Assert.Single(information, item => symbols.GetGuid(item.Kind) == SourceLink).Value));
        Assert.Contains($"\"/_/*\":\"{sources}\"", link);
        var inside = information.Where(item => symbols.GetGuid(item.Kind) == EmbeddedSource).Select(item => (DocumentHandle)item.Parent).ToHashSet();
        Assert.NotEmpty(symbols.Documents);
        foreach (var handle in symbols.Documents)
        {
            var name = symbols.GetString(symbols.GetDocument(handle).Name);
            Assert.True(inside.Contains(handle) || (name.StartsWith("/_/", StringComparison.Ordinal) && !name.Contains("/obj/")), $"{entry.FullName}: nobody finds {name}");
        }
    }

    /// <summary>A project in a folder of its own that references the package.</summary>
    private string WriteProject(string feed, string folder, string name, string properties, string items = "")
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName;
        WriteFeed(project, feed);
        File.WriteAllText(Path.Combine(project, name), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>{properties}</PropertyGroup>
              <ItemGroup>{items}<PackageReference Include="CharRnn.Kernels" Version="{_version}" /></ItemGroup>
            </Project>
            """);
        return project;
    }

    /// <summary>The folder as one more source of packages, beside those that the machine has.</summary>
    private static void WriteFeed(string project, string feed) => File.WriteAllText(Path.Combine(project, "nuget.config"), $"""
        <configuration>
          <packageSources>
            <add key="local" value="{feed}" />
          </packageSources>
        </configuration>
        """);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CharRnn.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests are not inside the repository.");
        }

        return folder.FullName;
    }

    private static string Dotnet(string folder, params string[] arguments) =>
        Run(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet")), folder, arguments);

    private static string Dotnet(string folder, int exitCode, params string[] arguments) =>
        Run(Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet")), folder, exitCode, arguments);

    private static string Run(string program, string folder, params string[] arguments) => Run(program, folder, exitCode: 0, arguments);

    private static string Run(string program, string folder, int exitCode, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // The test host is itself a child of the SDK; a build inside it starts afresh.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH").ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        output += errors.Result;
        Assert.True(process.ExitCode == exitCode, $"{program} {string.Join(" ", arguments)}\n{output}");
        return output;
    }
}
