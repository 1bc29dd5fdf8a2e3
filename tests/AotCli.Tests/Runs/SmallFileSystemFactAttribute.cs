using System.Diagnostics;

namespace CharRnn.AotCli.Tests.Runs;

/// <summary>A test that mounts a file system of its own: skipped, by name, where that is not allowed.</summary>
internal sealed class SmallFileSystemFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> CanMount = new(() =>
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return false;
        }

        var folder = Directory.CreateTempSubdirectory("charrnn-mount-").FullName;
        try
        {
            if (!Mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder))
            {
                return false;
            }

            using var unmount = Process.Start("umount", folder);
            unmount.WaitForExit();
            return true;
        }
        finally
        {
            Directory.Delete(folder);
        }
    });

    public SmallFileSystemFactAttribute()
    {
        if (!CanMount.Value)
        {
            Skip = "mounting a small file system takes root on Linux";
        }
    }

    public static bool Mount(params string[] arguments)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        mount.StandardError.ReadToEnd();
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }
}
