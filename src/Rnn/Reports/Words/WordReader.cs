using System.Globalization;
using System.Text;

namespace CharRnn.Rnn.Reports.Words;

/// <summary>Takes texts apart into words: letters (with the marks that belong to them), joined by apostrophes or hyphens inside.</summary>
public static class WordReader
{
    /// <summary>The words of a text in their order.</summary>
    /// <param name="text">Any text.</param>
    public static IEnumerable<WrittenWord> Read(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length;)
        {
            var width = 1;
            var letter = false;
            if (i < text.Length)
            {
                if (Rune.TryGetRuneAt(text, i, out var rune))
                {
                    width = rune.Utf16SequenceLength;
                    letter = IsLetter(rune) || (start >= 0 && JoinsLetters(text, i));
                }
            }

            if (letter && start < 0)
            {
                start = i;
            }

            if (!letter && start >= 0)
            {
                yield return new WrittenWord(text[start..i], start);
                start = -1;
            }

            i += width;
        }
    }

    /// <summary>The form under which a word is counted: lower case.</summary>
    public static string Normalise(string word) => word.ToLowerInvariant();

    /// <summary>An apostrophe or a hyphen with a letter behind it; the caller knows that one stands before it.</summary>
    private static bool JoinsLetters(string text, int index) =>
        text[index] is '\'' or '’' or '-' && index + 1 < text.Length && Rune.TryGetRuneAt(text, index + 1, out var next) && IsLetter(next);

    private static bool IsLetter(Rune rune) =>
        Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
