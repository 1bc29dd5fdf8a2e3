namespace CharRnn.Platforms.Tests;

/// <summary>The program for Windows, as far as wine shows it: windows.sh names each thing that holds.</summary>
[Collection("platforms")]
public sealed class WindowsTests(ToolPackages packages)
{
    [PlatformFact("wine", "bash", "wine")]
    public void Its_arithmetic_is_right_under_wine() => Holds("arithmetic");

    [PlatformFact("wine", "bash", "wine")]
    public void What_a_student_with_Windows_does_works_under_wine() => Holds("runs");

    [PlatformFact("wine", "bash", "wine")]
    public void Names_that_Windows_keeps_are_refused_and_long_ones_taken_under_wine() => Holds("names");

    [PlatformFact("wine", "bash", "wine")]
    public void A_run_is_locked_and_Ctrl_C_saves_it_under_wine() => Holds("stopping");

    private void Holds(string part)
    {
        var script = Path.Combine(Machine.Root, "tests", "Platforms.Tests", "windows.sh");
        Assert.EndsWith("everything holds\n", Machine.Succeed(packages.Folder, "env", $"WINEPREFIX={Path.Combine(packages.Folder, "wine")}", "bash", script, packages.Windows, part));
    }
}
