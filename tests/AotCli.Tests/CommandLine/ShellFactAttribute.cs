namespace CharRnn.AotCli.Tests.CommandLine;

/// <summary>A test that takes a program that not every machine has; without it, it is skipped by name.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellFactAttribute : FactAttribute
{
    public ShellFactAttribute(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (OperatingSystem.IsWindows() || !folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Skip = $"{program} is not on this machine";
        }
    }
}
