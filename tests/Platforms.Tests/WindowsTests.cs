namespace CharRnn.Platforms.Tests;

/// <summary>The program for Windows, as far as wine shows it: windows.sh names each thing that holds.</summary>
[Collection("platforms")]
public sealed class WindowsTests(ToolPackages packages)
{
    [PlatformFact("wine", "bash", "wine")]
    public void What_a_student_with_Windows_does_works_under_wine() =>
        Assert.EndsWith("everything holds\n", Machine.Succeed(packages.Folder, "bash", Path.Combine(Machine.Root, "tests", "Platforms.Tests", "windows.sh"), packages.Sources));
}
