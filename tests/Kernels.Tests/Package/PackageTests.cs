using System.Diagnostics;
using System.IO.Compression;
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
        Dotnet(Root, "pack", "src/Kernels", "-c", "Release", "-o", feed, $"-p:PackageVersion={_version}");
        var package = Assert.Single(Directory.GetFiles(feed, "*.nupkg"));
        using (var archive = ZipFile.OpenRead(package))
        {
            var names = archive.Entries.Select(entry => entry.FullName).ToArray();
            foreach (var expected in (string[])
                ["analyzers/dotnet/cs/CharRnn.Generators.dll", "lib/net9.0/CharRnn.Kernels.dll", "lib/net9.0/CharRnn.Kernels.xml", "README.md", "LICENSE", "icon.png", "build/CharRnn.Kernels.targets", "buildTransitive/CharRnn.Kernels.targets"])
            {
                Assert.Contains(expected, names.Select(name => name.Replace("net10.0", "net9.0")));
            }

            Assert.DoesNotContain(names, name => name.StartsWith("runtimes/", StringComparison.Ordinal));
        }

        var project = Directory.CreateDirectory(Path.Combine(_folder, "fresh")).FullName;
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        WriteFeed(project, feed);
        File.WriteAllText(Path.Combine(project, "fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net9.0</TargetFramework>
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
            Assert.Contains("<IlcInstructionSet>x86-x64-v3</IlcInstructionSet>", published);
            Assert.Contains("equal=True Vector256=False", Run(native, project));
        }

        // With the property set the message is gone, and the wider form is in the binary.
        published = Dotnet(project, "publish", "-c", "Release", "-o", "native", "-p:IlcInstructionSet=native");
        Assert.DoesNotContain("CRNN201", published);
        Assert.Contains($"equal=True Vector256={System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated}", Run(native, project));

        // The samples, copied out of the solution.
        foreach (var sample in (string[])["KalmanFilter", "Perceptron"])
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

    private static string Run(string program, string folder, params string[] arguments)
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
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(" ", arguments)}\n{output}");
        return output;
    }
}
