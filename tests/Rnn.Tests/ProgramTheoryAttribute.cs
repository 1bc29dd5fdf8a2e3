using System.Diagnostics;

namespace CharRnn.Rnn.Tests;

/// <summary>Runs where a program is on the machine and is skipped elsewhere.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program, params string[] probe)
    {
        if (Run(program, probe, Path.GetTempPath()).ExitCode != 0)
        {
            Skip = $"{program} {string.Join(' ', probe)} does not run on this machine";
        }
    }

    /// <summary>Runs a program with nothing on its standard input.</summary>
    /// <returns>Its exit code, -1 where there is no such program, and what it printed.</returns>
    public static (int ExitCode, string Output) Run(string program, string[] arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error + output.Result);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }
}
