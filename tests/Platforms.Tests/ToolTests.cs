using System.IO.Compression;

namespace CharRnn.Platforms.Tests;

/// <summary>charrnn as a .NET tool, as users install it, from a folder in the place of the registry; and its arm64 half under an emulator.</summary>
[Collection("platforms")]
public sealed class ToolTests(ToolPackages packages)
{
    private const string Arm64 = "gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user", Compiler = "aarch64-linux-gnu-gcc", Library = "/usr/aarch64-linux-gnu/lib/libc.so", Emulator = "qemu-aarch64";

    [PlatformFact("gcc libc6-dev zlib1g-dev", "bash")]
    public void It_is_installed_from_a_folder_and_runs_natively()
    {
        using (var pointer = ZipFile.OpenRead(Path.Combine(packages.Feed, $"charrnn.{packages.Version}.nupkg")))
        {
            Assert.Contains(pointer.Entries, entry => entry.FullName == "README.md");
            using var reader = new StreamReader(pointer.Entries.Single(entry => entry.Name == "DotnetToolSettings.xml").Open());
            var settings = reader.ReadToEnd();
            Assert.All((string[])["linux-x64", .. Machine.Has(Compiler) && Machine.Has(Library) ? (string[])["linux-arm64"] : [], "any"], platform =>
            {
                Assert.Contains($"RuntimeIdentifier=\"{platform}\"", settings);
                Assert.True(File.Exists(Path.Combine(packages.Feed, $"charrnn.{platform}.{packages.Version}.nupkg")), platform);
            });
        }

        var tools = Path.Combine(packages.Folder, "tools");
        Install("charrnn", tools);
        var charrnn = Path.Combine(tools, "charrnn");
        Assert.Matches(@"^charrnn .*\(.*AVX2.*, linux-x64\)", Machine.Succeed(packages.Folder, charrnn, "--version"));
        Assert.Empty(Directory.GetFiles(tools, "charrnn.dll", SearchOption.AllDirectories));
        Machine.Succeed(packages.Folder, charrnn, "train", "--out", "tale", "--steps", "300", "--quiet");
        Assert.True(Machine.Succeed(packages.Folder, charrnn, "sample", "tale", "--length", "40").Length > 40);

        // Once, without installing, as `dnx charrnn` does; it keeps what it fetched, here not among the user's packages.
        var once = Machine.Succeed(packages.Folder, "env", $"NUGET_PACKAGES={Path.Combine(packages.Folder, "nuget")}", Machine.Dotnet, "dnx", $"charrnn@{packages.Version}", "--add-source", packages.Feed, "--yes", "--", "--version");
        Assert.Matches(@"(?m)^charrnn .*\(.*AVX2.*, linux-x64\)", once);
    }

    /// <summary>What Windows and macOS get: the same program on the runtime that is there.</summary>
    [PlatformFact("gcc libc6-dev zlib1g-dev", "bash")]
    public void Where_no_native_one_is_built_the_runtime_runs_it()
    {
        var tools = Path.Combine(packages.Folder, "tools-any");
        Install("charrnn.any", tools);
        Assert.Single(Directory.GetFiles(tools, "charrnn.dll", SearchOption.AllDirectories));
        Assert.StartsWith("charrnn ", Machine.Succeed(packages.Folder, Path.Combine(tools, "charrnn"), "--version"));
        Assert.Contains("all agree with the scalar loops", Machine.Succeed(packages.Folder, Path.Combine(tools, "charrnn"), "bench", "--verify"));
    }

    [PlatformFact("qemu-user", "qemu-x86_64")]
    public void It_runs_on_the_first_processor_with_AVX2_and_tells_an_older_one_so_in_one_line()
    {
        Assert.Contains("AVX2 + FMA, linux-x64)", Machine.Succeed(packages.Folder, "qemu-x86_64", "-cpu", "Haswell", packages.Program("linux-x64"), "--version"));
        var (exitCode, output) = Machine.Run(packages.Folder, "qemu-x86_64", "-cpu", "Nehalem", packages.Program("linux-x64"), "--version");
        Assert.Equal(134, exitCode);
        Assert.Equal("The required instruction sets are not supported by the current CPU.", Assert.Single(output.Split('\n'), line => line.Length > 0 && !line.StartsWith("qemu", StringComparison.Ordinal)));
        var readme = File.ReadAllText(Path.Combine(Machine.Root, "src", "AotCli", "Tool.md")).ReplaceLineEndings(" ");
        Assert.Contains("The required instruction sets are not supported by the current CPU", readme);
    }

    [PlatformFact(Arm64, Compiler, Library, Emulator)]
    public void On_arm64_the_kernels_agree_and_the_gradients_are_right()
    {
        Assert.Contains("NEON, linux-arm64)", OnArm("--version"));
        Assert.Contains("all agree with the scalar loops", OnArm("bench", "--verify"));
        Assert.Contains("\"ok\":true", OnArm("gradcheck", "--hidden", "5", "--vocabulary", "8", "--seq-length", "3", "--cases", "3", "--json").Replace(" ", "", StringComparison.Ordinal));
    }

    /// <summary>A run goes on to the bytes of one that was never interrupted, and what it learned writes the same text on x64.</summary>
    [PlatformFact(Arm64, Compiler, Library, Emulator)]
    public void On_arm64_it_trains_goes_on_and_writes_what_x64_writes()
    {
        OnArm("train", "--out", "whole", "--steps", "400", "--quiet");
        OnArm("train", "--out", "half", "--steps", "150", "--quiet");
        OnArm("train", "--resume", "half", "--steps", "400", "--quiet");
        Assert.Equal(Last("whole"), Last("half"));

        foreach (var temperature in (string[])["0", "0.8"])
        {
            string[] sample = ["sample", "whole/last.safetensors", "--length", "200", "--temperature", temperature];
            Assert.Equal(Machine.Succeed(packages.Folder, packages.Program("linux-x64"), sample), OnArm(sample));
        }

        byte[] Last(string run) => File.ReadAllBytes(Path.Combine(packages.Folder, run, "last.safetensors"));
    }

    private void Install(string package, string tools) => Machine.Succeed(
        packages.Folder, Machine.Dotnet, "tool", "install", package, "--tool-path", tools, "--add-source", packages.Feed, "--version", packages.Version);

    private string OnArm(params string[] arguments) => Machine.Succeed(packages.Folder, Emulator, ["-L", "/usr/aarch64-linux-gnu", packages.Program("linux-arm64"), .. arguments]);
}
