namespace CharRnn.AotCli.CommandLine;

/// <summary>A share as a bar of characters.</summary>
internal static class ProgressBar
{
    /// <summary>The bar.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="columns">Its width.</param>
    public static string Draw(double share, int columns)
    {
        var filled = (int)(Math.Clamp(share, 0, 1) * columns);
        return new string('█', filled) + new string('░', columns - filled);
    }
}
