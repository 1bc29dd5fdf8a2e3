using Microsoft.CodeAnalysis.Text;

namespace CharRnn.Generators.Recurrent;

/// <summary>How many distinct characters (Unicode scalar values) a text has: its vocabulary size.</summary>
internal static class CorpusVocabulary
{
    /// <returns>The count; 0 where the text cannot be read.</returns>
    public static int Count(SourceText? text)
    {
        if (text is null)
        {
            return 0;
        }

        var seen = new HashSet<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            var isPair = char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            seen.Add(isPair ? char.ConvertToUtf32(unit, text[++i]) : unit);
        }

        return seen.Count;
    }
}
