namespace CharRnn.Rnn.Text;

/// <summary>
/// Which encoding a text that is not UTF-8 may be in, under the name that iconv has for it. Encodings of two bytes a character are told by
/// which bytes can follow which and by their most frequent characters, those of one byte by where their lower-case letters stand.
/// </summary>
internal static class EncodingGuess
{
    /// <summary>The likeliest encoding; null where no byte is above 0x7F.</summary>
    /// <param name="bytes">A part of the text, some kilobytes of it.</param>
    public static string? Of(ReadOnlySpan<byte> bytes)
    {
        var counts = new int[256];
        foreach (var value in bytes)
        {
            counts[value]++;
        }

        var high = Sum(counts, 0x80, 0xFF);
        if (high == 0)
        {
            return null;
        }

        // In languages of the Latin script most letters are ASCII.
        var letters = Sum(counts, 'A', 'Z') + Sum(counts, 'a', 'z');
        return high > 0.4 * (high + letters) ? OfTwoBytes(bytes) ?? OfOtherScript(counts) : OfLatin(bytes, counts, high);
    }

    private static string? OfTwoBytes(ReadOnlySpan<byte> bytes)
    {
        const double most = 0.9, some = 0.2;
        var pairs = Pairs(bytes, 0xA1, 0xFE, static second => second >= 0xA1);
        if (pairs is not null)
        {
            var count = pairs.Sum();
            return Sum(pairs, 0xA4, 0xA5) > some * count ? "EUC-JP" : Sum(pairs, 0xB0, 0xC8) > most * count ? "EUC-KR" : Sum(pairs, 0xB0, 0xF7) > 0.5 * count ? "GB18030" : null;
        }

        var japanese = Pairs(bytes, 0x81, 0xFC, static second => second is >= 0x40 and <= 0xFC and not 0x7F, static first => first is >= 0xA0 and <= 0xDF);
        if (japanese is not null && Sum(japanese, 0x82, 0x83) > some * japanese.Sum())
        {
            return "SHIFT_JIS";
        }

        return Pairs(bytes, 0xA1, 0xF9, static second => second is (>= 0x40 and <= 0x7E) or >= 0xA1) is not null ? "BIG5"
            : Pairs(bytes, 0x81, 0xFE, static second => second is >= 0x40 and not 0x7F) is not null ? "GB18030" : null;
    }

    /// <summary>How often each byte begins a character of two; null where one cannot be.</summary>
    private static int[]? Pairs(ReadOnlySpan<byte> bytes, int lowest, int highest, Func<byte, bool> canFollow, Func<byte, bool>? isAlone = null)
    {
        var counts = new int[256];
        for (var i = 0; i < bytes.Length; i++)
        {
            var first = bytes[i];
            if (first < 0x80 || (isAlone?.Invoke(first) ?? false) || i + 1 == bytes.Length)
            {
                continue;
            }

            i++;
            if (first < lowest || first > highest || !canFollow(bytes[i]))
            {
                return null;
            }

            counts[first]++;
        }

        return counts;
    }

    private static string OfOtherScript(int[] counts)
    {
        // 0xE0 is one of the most frequent letters of Russian, and a rare one of Greek.
        var lower = Sum(counts, 0xE0, 0xFF);
        var windows = counts[0xE0] < 0.01 * lower ? "WINDOWS-1253" : "WINDOWS-1251";
        (string Name, int Lower)[] candidates =
        [
            (windows, lower), ("KOI8-R", Sum(counts, 0xC0, 0xDF)), ("ISO-8859-5", Sum(counts, 0xD0, 0xEF)), ("IBM866", Sum(counts, 0xA0, 0xAF) + Sum(counts, 0xE0, 0xEF)),
        ];
        return candidates.MaxBy(candidate => candidate.Lower).Name;
    }

    /// <summary>The accented letters of the DOS code pages are where the others have quotation marks, which do not stand within words, but for the apostrophe and a ligature.</summary>
    private static string OfLatin(ReadOnlySpan<byte> bytes, int[] counts, int high)
    {
        const double some = 0.3;
        var within = 0;
        for (var i = 1; i + 1 < bytes.Length; i++)
        {
            within += bytes[i] is >= 0x80 and <= 0xA5 and not (0x92 or 0x9C) && char.IsAsciiLetterLower((char)bytes[i - 1]) && char.IsAsciiLetterLower((char)bytes[i + 1]) ? 1 : 0;
        }

        return within > some * high ? "IBM850" : Sum(counts, 0x80, 0x9F) > 0 ? "WINDOWS-1252" : "ISO-8859-1";
    }

    private static int Sum(int[] counts, int first, int last)
    {
        var sum = 0;
        for (var i = first; i <= last; i++)
        {
            sum += counts[i];
        }

        return sum;
    }
}
