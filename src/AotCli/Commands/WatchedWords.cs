using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Reports.Words;

namespace CharRnn.AotCli.Commands;

/// <summary>The words of <c>--watch-word</c>.</summary>
internal static class WatchedWords
{
    /// <summary>The words, where each is one.</summary>
    /// <exception cref="UsageException">One is none, or several: samples are taken apart into words, and it would never be found.</exception>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => WordReader.Read(word).Select(found => found.Text).ToArray() is not [var only] || only != word) is { } other
            ? throw new UsageException($"--watch-word takes one word, not '{other}': give it again for each word")
            : words;
}
