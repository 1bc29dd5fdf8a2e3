using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Reports;

namespace CharRnn.AotCli.Commands;

/// <summary>Writes a report's page and the loss curve beside it.</summary>
internal static class ReportFiles
{
    /// <summary>The name of a run's page in its folder.</summary>
    public const string PageName = "report.html";

    /// <summary>The name of the loss curve beside the page.</summary>
    public const string CurveName = "loss.svg";

    /// <summary>Enough for the title of a page, whatever the run is called.</summary>
    private const int BytesOfBeginning = 8192;

    /// <summary>Writes both; runs without a line of metrics have no curve.</summary>
    /// <param name="runs">What to report on.</param>
    /// <param name="page">The page's path; its folder exists.</param>
    /// <exception cref="UsageException">A file that another program wrote stands in the place of one of them; nothing is written.</exception>
    /// <exception cref="CommandFailedException">They cannot be written.</exception>
    public static void Write(IReadOnlyList<ReportRun> runs, string page)
    {
        const string advice = "charrnn report RUN --out FILE writes the report to another place";
        var curve = Path.Combine(Path.GetDirectoryName(page) ?? "", CurveName);
        var chart = new LossChart(runs);
        RefuseForeign(page, HtmlReport.TitleEnding, "a page", "give --out another name");
        if (!chart.IsEmpty)
        {
            RefuseForeign(curve, LossChart.StandaloneBeginning, "a curve", "the curve is written beside the page, so move that file or give --out another folder");
        }

        OutputFile.Write(page, Encoding.UTF8.GetBytes(HtmlReport.Write(runs, ProductVersion.Describe())), advice);
        if (!chart.IsEmpty)
        {
            OutputFile.Write(curve, Encoding.UTF8.GetBytes(chart.DrawStandalone()), advice);
        }
    }

    /// <summary>A report may replace one that charrnn wrote before, never a file that is the user's own.</summary>
    private static void RefuseForeign(string path, string mark, string what, string remedy)
    {
        // An empty file holds nothing to lose; a device or a pipe has no length either and is not read.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            return;
        }

        if (!Beginning(path).Contains(mark, StringComparison.Ordinal))
        {
            throw new UsageException($"{path} is there already and not {what} that charrnn wrote: {remedy}");
        }
    }

    /// <summary>How a file begins; nothing where it may not be read, for then nobody can say what it is.</summary>
    private static string Beginning(string path)
    {
        var beginning = new byte[BytesOfBeginning];
        try
        {
            using var file = File.OpenRead(path);
            return Encoding.UTF8.GetString(beginning, 0, file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
