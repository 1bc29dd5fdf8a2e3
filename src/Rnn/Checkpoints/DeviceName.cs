namespace CharRnn.Rnn.Checkpoints;

/// <summary>
/// Names that Windows keeps for devices in every folder, whatever their ending (https://learn.microsoft.com/windows/win32/fileio/naming-a-file):
/// what is written under them is gone.
/// </summary>
public static class DeviceName
{
    private static readonly string[] Plain = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>The first part of a path that Windows takes for a device, as it stands there; null where there is none.</summary>
    /// <param name="path">A path with either kind of separator.</param>
    public static string? In(string path) => path.Split('/', '\\').FirstOrDefault(IsDevice);

    private static bool IsDevice(string part)
    {
        var name = part.Split('.', ':')[0].TrimEnd(' ');
        return Plain.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (name.Length == 4 && (name.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)) && "0123456789¹²³".Contains(name[3]));
    }
}
