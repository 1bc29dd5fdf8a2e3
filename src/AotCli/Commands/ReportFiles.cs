using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>Writes a report's page, the loss curve beside it and, in a run's own folder, the page in which its network writes.</summary>
internal static class ReportFiles
{
    /// <summary>The name of a run's page in its folder.</summary>
    public const string PageName = "report.html";

    /// <summary>The name of the loss curve beside the page.</summary>
    public const string CurveName = "loss.svg";

    /// <summary>The most parameters of a network whose weights are put into a page unasked: 5 MB of text.</summary>
    private const int MostParametersOfWritingPage = 1_000_000;

    /// <summary>Writes all of them; runs without a line of metrics have no curve.</summary>
    /// <param name="runs">What to report on.</param>
    /// <param name="page">The page's path; its folder exists.</param>
    /// <param name="folder">Of the only run.</param>
    /// <exception cref="UsageException">A file that another program wrote stands in the place of one of them; nothing is written.</exception>
    /// <exception cref="CommandFailedException">They cannot be written.</exception>
    public static void Write(IReadOnlyList<ReportRun> runs, string page, RunFolder? folder = null)
    {
        const string advice = "charrnn report RUN --out FILE writes the report to another place";
        var curve = Path.Combine(Path.GetDirectoryName(page) ?? "", CurveName);
        var chart = new LossChart(runs);
        // Beside a device or a pipe there is no place for a curve.
        var withCurve = !chart.IsEmpty && !OutputFile.IsStream(page);
        var writing = folder is not null && InFolder(page, folder) ? Writing(folder, runs[0].Name) : null;
        OutputFile.RefuseForeign(page, "a page", "give --out another name", file => OutputFile.Begins(file, HtmlReport.TitleEnding));
        if (withCurve)
        {
            OutputFile.RefuseForeign(curve, "a curve", "the curve is written beside the page, so move that file or give --out another folder", file => OutputFile.Begins(file, LossChart.StandaloneBeginning));
        }

        if (writing is not null)
        {
            var path = Path.Combine(folder!.Path, WritingPage.FileName);
            OutputFile.RefuseForeign(path, "a page", "the page that writes is put into the run's folder, so move that file or give --out another folder", file => OutputFile.Begins(file, WritingPage.TitleEnding));
            OutputFile.Write(path, Encoding.UTF8.GetBytes(writing), advice);
            runs = [runs[0] with { WritingPage = WritingPage.FileName }];
        }

        OutputFile.Write(page, Encoding.UTF8.GetBytes(HtmlReport.Write(runs, ProductVersion.Describe(), Path.GetDirectoryName(Path.GetFullPath(page)))), advice);
        if (withCurve)
        {
            OutputFile.Write(curve, Encoding.UTF8.GetBytes(chart.DrawStandalone()), advice);
        }
    }

    private static bool InFolder(string page, RunFolder folder) =>
        Path.GetDirectoryName(Path.GetFullPath(page)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path));

    /// <summary>The page of the run's best network, or null where that cannot be read, which the report says, is too large or has a cell of its own.</summary>
    private static string? Writing(RunFolder folder, string name)
    {
        try
        {
            var network = PortableNetwork.From(ModelFile.Read(folder.BestWeights));
            return network.Parameters.Values.Sum(values => (long)values.Length) <= MostParametersOfWritingPage ? WritingPage.Write(network, name) : null;
        }
        catch (Exception exception) when (exception is SafetensorsException or NotSupportedException or ArithmeticException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
