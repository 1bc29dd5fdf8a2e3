namespace CharRnn.Browser.Tests;

/// <summary>A test of what a browser prints: skipped, by name, where there is no Chromium or no pdftotext.</summary>
internal sealed class PrintFactAttribute : FactAttribute
{
    public PrintFactAttribute()
    {
        if (BrowserFactAttribute.Chromium is null)
        {
            Skip = "Chromium is not installed (Debian: apt-get install chromium)";
        }
        else if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "pdftotext"))))
        {
            Skip = "pdftotext is not installed (Debian: apt-get install poppler-utils)";
        }
    }
}
