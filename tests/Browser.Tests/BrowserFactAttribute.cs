namespace CharRnn.Browser.Tests;

/// <summary>A test in a real browser: skipped, by name, where there is no Chromium.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>The system's Chromium; the environment variable CHARRNN_CHROMIUM names another.</summary>
    public static readonly string? Chromium = new[] { Environment.GetEnvironmentVariable("CHARRNN_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    public BrowserFactAttribute()
    {
        if (Chromium is null)
        {
            Skip = "Chromium is not installed (Debian: apt-get install chromium)";
        }
    }
}
