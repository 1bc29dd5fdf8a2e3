using System.Text;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Reports.HandIn;

namespace CharRnn.AotCli.Commands;

/// <summary>Writes what is handed in of a run: a page, the same for LaTeX, and the loss as a table, in a folder of their own.</summary>
internal static class HandInFiles
{
    /// <summary>The name of the folder in the run's.</summary>
    public const string FolderName = "hand-in";

    /// <summary>The names of the files.</summary>
    public const string PageName = "hand-in.html", LatexName = "hand-in.tex", TableName = "loss.csv";

    /// <summary>Writes the three files.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="author">Who hands it in; empty leaves the name out.</param>
    /// <returns>The folder of the files.</returns>
    /// <exception cref="UsageException">One of them has been edited, or is not charrnn's; nothing is written.</exception>
    /// <exception cref="CommandFailedException">They cannot be written.</exception>
    public static string Write(ReportRun run, string folder, string author)
    {
        var place = Path.Combine(folder, FolderName);
        var document = HandInDocument.Of(run, author, DateOnly.FromDateTime(DateTime.Now), ProductVersion.Describe());
        (string Name, string Content, Func<string, bool> IsOurs)[] files =
        [
            (PageName, document.ToHtml(), Seal.IsUnbroken),
            (LatexName, document.ToLatex(), Seal.IsUnbroken),
            (TableName, document.ToLossTable(), content => content.StartsWith(HandInDocument.LossTableHead, StringComparison.Ordinal)),
        ];
        foreach ((var name, _, var isOurs) in files)
        {
            OutputFile.RefuseForeign(Path.Combine(place, name), "the file", "what was edited is kept, so give it another name", file => isOurs(new StreamReader(file, Encoding.UTF8).ReadToEnd()));
        }

        try
        {
            Directory.CreateDirectory(place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{place} cannot be made: {exception.Message}");
        }

        foreach ((var name, var content, _) in files)
        {
            OutputFile.Write(Path.Combine(place, name), Encoding.UTF8.GetBytes(content), "make room, or allow writing in the run's folder");
        }

        return place;
    }
}
