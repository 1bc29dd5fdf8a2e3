using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.AotCli.Commands;

/// <summary>Writes a report's page and the loss curve beside it.</summary>
internal static class ReportFiles
{
    /// <summary>The name of a run's page in its folder.</summary>
    public const string PageName = "report.html";

    /// <summary>The name of the loss curve beside the page.</summary>
    public const string CurveName = "loss.svg";

    /// <summary>Writes both; runs without a line of metrics have no curve.</summary>
    /// <param name="runs">What to report on.</param>
    /// <param name="page">The page's path; its folder exists.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Write(IReadOnlyList<ReportRun> runs, string page)
    {
        AtomicFile.Write(PhysicalFileSystem.Instance, page, Encoding.UTF8.GetBytes(HtmlReport.Write(runs, ProductVersion.Describe())));
        var chart = new LossChart(runs);
        string folder = Path.GetDirectoryName(Path.GetFullPath(page))!;
        if (!chart.IsEmpty)
            AtomicFile.Write(PhysicalFileSystem.Instance, Path.Combine(folder, CurveName), Encoding.UTF8.GetBytes(chart.Draw(new ChartStyle { Standalone = true, Id = "loss" })));
    }
}
