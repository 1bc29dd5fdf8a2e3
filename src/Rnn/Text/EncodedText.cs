using System.Text;

namespace CharRnn.Rnn.Text;

/// <summary>
/// A text as indices of its vocabulary. In memory a character takes 1 byte while the text has shown at most 256 distinct characters,
/// 2 up to 65,536 and 4 beyond, so never more than 4 bytes a character, however long the text is.
/// </summary>
/// <remarks>
/// The text is read once, so that pipes work, and the vocabulary is known only at its end. Pages therefore keep each character's number in order of
/// first appearance, and a table turns that into the index.
/// </remarks>
public sealed class EncodedText
{
    internal const int PageBits = 20;
    internal const int PageLength = 1 << PageBits;

    private readonly List<Array> _pages;   // byte[], ushort[] or int[], each of PageLength characters but the last
    private readonly int[] _appearance;    // code points in order of first appearance
    private readonly int[] _indices;       // the index in Vocabulary of each of these
    private readonly long _first;          // where in the pages the text begins

    internal EncodedText(List<Array> pages, long length, int[] appearance, Vocabulary vocabulary, string sha256, IReadOnlyList<long> beginnings, long first = 0)
    {
        (_pages, Length, _appearance, Vocabulary, Sha256, Beginnings, _first) = (pages, length, appearance, vocabulary, sha256, beginnings, first);
        _indices = Array.ConvertAll(appearance, codePoint => vocabulary.IndexOf(new Rune(codePoint)));
    }

    /// <summary>The number of characters (Unicode scalar values).</summary>
    public long Length { get; }

    /// <summary>The characters that the indices stand for: the text's own, or those of <see cref="WithVocabulary"/>.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>SHA-256 of the text's UTF-8 bytes without the byte-order mark, 64 lower-case hexadecimal digits: what <c>sha256sum</c> prints for a file without the mark.</summary>
    public string Sha256 { get; }

    /// <summary>Where each of the texts begins that this one is made of, ascending: 0 alone for one. What is behind a beginning does not go on from what is before it.</summary>
    public IReadOnlyList<long> Beginnings { get; }

    /// <summary>How many distinct characters the text itself has; its vocabulary can be larger.</summary>
    public int DistinctCharacters => _appearance.Length;

    /// <summary>Writes the indices of the characters from <paramref name="start"/> on, as many as <paramref name="destination"/> holds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The text has no such characters.</exception>
    public void CopyTo(long start, Span<int> destination)
    {
        if (start < 0 || start > Length - destination.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(start));
        }

        start += _first;
        while (!destination.IsEmpty)
        {
            var offset = (int)(start & (PageLength - 1));
            var count = Math.Min(destination.Length, PageLength - offset);
            var part = destination[..count];
            switch (_pages[(int)(start >> PageBits)])
            {
                case byte[] page:
                    for (var i = 0; i < part.Length; i++)
                    {
                        part[i] = _indices[page[offset + i]];
                    }

                    break;
                case ushort[] page:
                    for (var i = 0; i < part.Length; i++)
                    {
                        part[i] = _indices[page[offset + i]];
                    }

                    break;
                case int[] page:
                    for (var i = 0; i < part.Length; i++)
                    {
                        part[i] = _indices[page[offset + i]];
                    }

                    break;
            }

            destination = destination[count..];
            start += count;
        }
    }

    /// <summary>A part of the text, with the vocabulary and the SHA-256 of the whole. The characters are shared, not copied.</summary>
    /// <param name="start">Its first character.</param>
    /// <param name="length">How many characters it has.</param>
    /// <exception cref="ArgumentOutOfRangeException">The text has no such characters.</exception>
    public EncodedText Part(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
        long[] beginnings = [0, .. Beginnings.Where(beginning => beginning > start && beginning < start + length).Select(beginning => beginning - start)];
        return new EncodedText(_pages, length, _appearance, Vocabulary, Sha256, beginnings, _first + start);
    }

    /// <summary>The same text as indices of another vocabulary, without the characters that it lacks, and with the SHA-256 of the whole.</summary>
    /// <param name="vocabulary">Such as a trained model's.</param>
    /// <param name="skipped">How many characters were left out.</param>
    /// <exception cref="InvalidTextException">Nothing is left.</exception>
    public EncodedText WithKnownOf(Vocabulary vocabulary, out long skipped)
    {
        skipped = 0;
        if (_appearance.All(codePoint => vocabulary.IndexOf(new Rune(codePoint)) >= 0))
        {
            return WithVocabulary(vocabulary);
        }

        const string name = "the text";   // no message has it: what is encoded again is UTF-8
        var encoder = new TextEncoder(name, isMarked: false);
        var (characters, utf8) = (new int[1 << 12], new byte[4 << 12]);
        foreach (var (start, size) in Stretches(Beginnings, 0, Length))
        {
            encoder.BeginText(name);
            for (var at = start; at < start + size; at += characters.Length)
            {
                var part = characters.AsSpan(0, (int)Math.Min(characters.Length, start + size - at));
                var length = 0;
                CopyTo(at, part);
                foreach (var character in part)
                {
                    if (vocabulary.IndexOf(Vocabulary[character]) >= 0)
                    {
                        length += Vocabulary[character].EncodeToUtf8(utf8.AsSpan(length));
                    }
                    else
                    {
                        skipped++;
                    }
                }

                encoder.Append(utf8.AsSpan(0, length));
            }
        }

        var known = encoder.Finish();
        return known.Length > 0 ? known.With(vocabulary, Sha256)
            : throw new InvalidTextException($"none of the text's characters is in the model's vocabulary of {vocabulary.Size}");
    }

    /// <summary>The stretches of a part of a text that lie each in one of the texts that it is made of.</summary>
    /// <param name="beginnings">Where these begin: 0 first, ascending.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="end">Behind its last character.</param>
    internal static IEnumerable<(long Start, long Length)> Stretches(IReadOnlyList<long> beginnings, long start, long end)
    {
        for (var i = 0; i < beginnings.Count; i++)
        {
            var (from, to) = (Math.Max(start, beginnings[i]), i + 1 < beginnings.Count ? Math.Min(end, beginnings[i + 1]) : end);
            if (from < to)
            {
                yield return (from, to - from);
            }
        }
    }

    private EncodedText With(Vocabulary vocabulary, string sha256) => new(_pages, Length, _appearance, vocabulary, sha256, Beginnings, _first);

    /// <summary>The same text as indices of another vocabulary, such as a trained model's. The characters are shared, not copied.</summary>
    /// <exception cref="InvalidTextException">The text has characters that the vocabulary lacks; the message names them.</exception>
    public EncodedText WithVocabulary(Vocabulary vocabulary)
    {
        var missing = _appearance.Where(codePoint => vocabulary.IndexOf(new Rune(codePoint)) < 0).ToArray();
        return missing.Length == 0 ? With(vocabulary, Sha256)
            : throw new InvalidTextException($"{Vocabulary.Name(missing)} in the text but not in the model's vocabulary of {vocabulary.Size} characters");
    }

    /// <summary>Encodes a string.</summary>
    /// <exception cref="ArgumentException">The string holds half of a surrogate pair.</exception>
    public static EncodedText FromString(string text)
    {
        try
        {
            return FromUtf8(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text), "the string");
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"half of a surrogate pair at position {exception.Index}", nameof(text), exception);
        }
    }

    /// <summary>Encodes UTF-8 bytes. A byte-order mark at the beginning is dropped.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="name">What messages call the text.</param>
    /// <exception cref="InvalidTextException">The bytes are not UTF-8; the message says at which byte.</exception>
    public static EncodedText FromUtf8(ReadOnlySpan<byte> utf8, string name)
    {
        var encoder = new TextEncoder(name);
        encoder.Append(utf8);
        return encoder.Finish();
    }
}
