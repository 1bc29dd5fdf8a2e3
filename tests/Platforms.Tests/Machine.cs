using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CharRnn.Platforms.Tests;

/// <summary>The programs of this machine, and how one is run.</summary>
internal static class Machine
{
    public static readonly string Root = FindRoot();

    public static readonly string Dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    // Two of them one after the other, a build and what it is for, are less than the time for which a test may stand still (limits.runsettings).
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    /// <summary>Whether a program is in the PATH, or a file where its path says.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a program to its end, for six minutes at most; its output and what it said on standard error, one after the other.</summary>
    public static (int ExitCode, string Output) Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // The test host is itself a child of the SDK; a build inside it starts afresh.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH").ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["PATH"] = $"{Path.GetDirectoryName(Dotnet)}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"not done after {Limit.TotalMinutes} minutes: {program} {string.Join(' ', arguments)}");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>What it wrote.</returns>
    public static string Succeed(string folder, string program, params string[] arguments)
    {
        var (exitCode, output) = Run(folder, program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CharRnn.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
