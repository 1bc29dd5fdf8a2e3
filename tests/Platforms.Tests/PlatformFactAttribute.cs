using System.Runtime.InteropServices;

namespace CharRnn.Platforms.Tests;

/// <summary>A test that needs programs which not every machine has: skipped, by name, without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PlatformFactAttribute : FactAttribute
{
    /// <param name="install">How to get them on Debian.</param>
    /// <param name="programs">What is looked for in the PATH, or where it says.</param>
    public PlatformFactAttribute(string install, params string[] programs)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Skip = "other platforms are built from Linux on x64";
        }
        else if (programs.FirstOrDefault(program => !Machine.Has(program)) is { } missing)
        {
            Skip = $"{missing} is not installed (Debian: apt-get install {install})";
        }
    }
}
