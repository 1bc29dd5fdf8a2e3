using System.Security.Cryptography;
using System.Text;

namespace CharRnn.Rnn.Reports.HandIn;

/// <summary>A line near the beginning of a file by which it is known whether anybody has changed the rest: what was edited is not written over.</summary>
public static class Seal
{
    private const string Mark = "charrnn hand-in, unchanged while its SHA-256 from the next line on is ";

    /// <summary>An HTML page with its seal.</summary>
    /// <param name="page">The page after its document type.</param>
    public static string Html(string page) => $"<!DOCTYPE html>\n<!-- {Mark}{Hash(page)} -->\n{page}";

    /// <summary>A LaTeX file with its seal.</summary>
    /// <param name="file">The file.</param>
    public static string Latex(string file) => $"% {Mark}{Hash(file)}\n{file}";

    /// <summary>Whether a file is one of these and nobody has changed it.</summary>
    /// <param name="content">All of it.</param>
    public static bool IsUnbroken(string content)
    {
        var mark = content.IndexOf(Mark, StringComparison.Ordinal);
        var end = mark < 0 ? -1 : content.IndexOf('\n', mark);
        return end >= 0 && content[mark..end].Contains(Hash(content[(end + 1)..]), StringComparison.Ordinal);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
