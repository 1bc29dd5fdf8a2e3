using System.Diagnostics;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>
/// A test in which permissions must bind the program. They do not bind the superuser: there it runs without the capabilities that set them
/// aside (capabilities(7)), and is skipped, by name, where it cannot.
/// </summary>
internal sealed class BoundByPermissionsFactAttribute : FactAttribute
{
    private static readonly string[] Prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

    private static readonly Lazy<bool> CanDrop = new(() =>
    {
        try
        {
            using var probe = Process.Start(new ProcessStartInfo(Prefix[0], [.. Prefix[1..], "true"]) { RedirectStandardError = true })!;
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public BoundByPermissionsFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Windows has no Unix permissions";
        }
        else if (Environment.IsPrivilegedProcess && !CanDrop.Value)
        {
            Skip = "permissions do not bind the superuser, and there is no setpriv to drop them";
        }
    }

    public static (int ExitCode, string Output, string Error) Charrnn(string folder, string arguments)
    {
        var line = arguments.Split(' ');
        return Environment.IsPrivilegedProcess ? CharrnnProcess.Run(folder, [.. Prefix[1..], Path.GetFileName(CharrnnProcess.Binary), .. line], null, program: Prefix[0]) : CharrnnProcess.Run(folder, line);
    }
}
