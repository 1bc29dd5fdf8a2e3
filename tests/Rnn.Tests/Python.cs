using System.Diagnostics;

namespace CharRnn.Rnn.Tests;

/// <summary>Runs where Python with numpy is on the machine and is skipped, by name, elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NumpyTheoryAttribute : TheoryAttribute
{
    public NumpyTheoryAttribute()
    {
        if (Python.Program is null)
        {
            Skip = "Python with numpy is not installed (Debian: apt-get install python3-numpy)";
        }
    }
}

/// <summary>Python with numpy: the system's own, for another may stand before it in the PATH without numpy.</summary>
internal static class Python
{
    public static readonly string? Program = new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(program => Run(program, Path.GetTempPath(), "-c", "import numpy").ExitCode == 0);

    public static (int ExitCode, string Output, string Error) Run(string program, string folder, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
            start.Environment["PYTHONIOENCODING"] = "utf-8";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output.Result, error);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, "", exception.Message);
        }
    }

    /// <summary>Runs a program of several lines, which must succeed.</summary>
    /// <returns>What it printed.</returns>
    public static string Run(string folder, string source)
    {
        File.WriteAllText(Path.Combine(folder, "program.py"), source);
        var (exitCode, output, error) = Run(Program!, folder, "program.py");
        Assert.True(exitCode == 0, error);
        return output;
    }
}
