using System.Diagnostics;
using System.Text;
using CharRnn.AotCli.Tests.Runs;

namespace CharRnn.AotCli.Tests.CommandLine;

/// <summary>Runs a shell in which <c>charrnn</c> is the program under test.</summary>
internal static class Shell
{
    public static (int ExitCode, string Output, string Error) Run(string folder, string shell, params string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["PATH"] = Path.GetDirectoryName(CharrnnProcess.Binary) + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = folder;
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(60_000))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{shell} did not end within a minute");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}
