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
        // Beside a device or a pipe there is no place for a curve.
        var withCurve = !chart.IsEmpty && !OutputFile.IsStream(page);
        OutputFile.RefuseForeign(page, "a page", "give --out another name", file => Begins(file, HtmlReport.TitleEnding));
        if (withCurve)
        {
            OutputFile.RefuseForeign(curve, "a curve", "the curve is written beside the page, so move that file or give --out another folder", file => Begins(file, LossChart.StandaloneBeginning));
        }

        OutputFile.Write(page, Encoding.UTF8.GetBytes(HtmlReport.Write(runs, ProductVersion.Describe())), advice);
        if (withCurve)
        {
            OutputFile.Write(curve, Encoding.UTF8.GetBytes(chart.DrawStandalone()), advice);
        }
    }

    /// <summary>Whether a mark of what this program writes stands at the beginning of a file.</summary>
    private static bool Begins(Stream file, string mark)
    {
        var beginning = new byte[BytesOfBeginning];
        return Encoding.UTF8.GetString(beginning, 0, file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)).Contains(mark, StringComparison.Ordinal);
    }
}
