using System.Buffers;
using System.Text;

namespace CharRnn.Rnn.Text;

/// <summary>
/// The K distinct characters of a text. A character is a Unicode scalar value; its index, 0 to K - 1, is its rank in order of code point,
/// so that two texts with the same characters have the same vocabulary.
/// </summary>
public sealed class Vocabulary : IEquatable<Vocabulary>
{
    private readonly int[] _codePoints;

    private Vocabulary(int[] sortedCodePoints) => _codePoints = sortedCodePoints;

    /// <summary>K, the number of distinct characters.</summary>
    public int Size => _codePoints.Length;

    /// <summary>The character of an index.</summary>
    /// <exception cref="IndexOutOfRangeException">The index is not in 0..K-1.</exception>
    public Rune this[int index] => new(_codePoints[index]);

    /// <summary>The index of a character, or -1 when the vocabulary does not hold it.</summary>
    public int IndexOf(Rune character) => Math.Max(-1, Array.BinarySearch(_codePoints, character.Value));

    /// <summary>The distinct characters of a string.</summary>
    /// <exception cref="ArgumentException">The string holds half of a surrogate pair, which is no character.</exception>
    public static Vocabulary FromText(string text) => FromCodePoints(CodePoints(text));

    /// <summary>Whether the characters of UTF-8 bytes stand in order of code point, none twice, and how many they are. Takes no memory.</summary>
    internal static bool IsInOrder(ReadOnlySpan<byte> utf8, out int size)
    {
        size = 0;
        var last = -1;
        for (; !utf8.IsEmpty; size++)
        {
            if (Rune.DecodeFromUtf8(utf8, out var character, out var length) != OperationStatus.Done || character.Value <= last)
            {
                return false;
            }

            last = character.Value;
            utf8 = utf8[length..];
        }

        return true;
    }

    /// <summary>The vocabulary of characters of which <see cref="IsInOrder"/> is true.</summary>
    internal static Vocabulary FromOrdered(ReadOnlySpan<byte> utf8, int size)
    {
        var codePoints = new int[size];
        for (var i = 0; i < size; i++)
        {
            Rune.DecodeFromUtf8(utf8, out var character, out var length);
            codePoints[i] = character.Value;
            utf8 = utf8[length..];
        }

        return new Vocabulary(codePoints);
    }

    internal static Vocabulary FromCodePoints(IEnumerable<int> codePoints)
    {
        var sorted = codePoints.ToArray();
        Array.Sort(sorted);
        var size = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[size++] = sorted[i];
            }
        }

        return new Vocabulary(sorted[..size]);
    }

    /// <summary>The characters of both.</summary>
    public Vocabulary With(Vocabulary other) => FromCodePoints(_codePoints.Concat(other._codePoints));

    /// <summary>The indices of those characters of a string that the vocabulary has.</summary>
    /// <param name="text">The string.</param>
    /// <param name="skipped">How many were left out.</param>
    /// <exception cref="ArgumentException">The string holds half of a surrogate pair.</exception>
    public int[] EncodeKnown(string text, out int skipped)
    {
        var indices = Array.ConvertAll(CodePoints(text), codePoint => Array.BinarySearch(_codePoints, codePoint));
        int[] known = [.. indices.Where(index => index >= 0)];
        skipped = indices.Length - known.Length;
        return known;
    }

    /// <summary>The indices of a string's characters.</summary>
    /// <exception cref="InvalidTextException">The string has characters that the vocabulary lacks; the message names them.</exception>
    public int[] Encode(string text)
    {
        var indices = CodePoints(text);
        List<int>? missing = null;
        for (var i = 0; i < indices.Length; i++)
        {
            var index = Array.BinarySearch(_codePoints, indices[i]);
            if (index < 0)
            {
                (missing ??= []).Add(indices[i]);
            }

            indices[i] = index;
        }

        return missing is null ? indices : throw new InvalidTextException($"{Name(missing)} not in the model's vocabulary of {Size} characters");
    }

    /// <summary>The string of a sequence of indices.</summary>
    public string Decode(ReadOnlySpan<int> indices)
    {
        var text = new StringBuilder(indices.Length);
        foreach (var index in indices)
        {
            AppendTo(text, _codePoints[index]);
        }

        return text.ToString();
    }

    /// <summary>The K characters in index order, as one string.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Size);
        foreach (var codePoint in _codePoints)
        {
            AppendTo(text, codePoint);
        }

        return text.ToString();
    }

    /// <summary>Whether both have the same characters, and so the same indices.</summary>
    public bool Equals(Vocabulary? other) => other is not null && _codePoints.AsSpan().SequenceEqual(other._codePoints);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Vocabulary);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var codePoint in _codePoints)
        {
            hash.Add(codePoint);
        }

        return hash.ToHashCode();
    }

    /// <summary>Characters as a message names them: <c>'ä' (U+00E4), U+0007</c>; at most eight, then how many more.</summary>
    internal static string Name(IEnumerable<int> codePoints)
    {
        var distinct = codePoints.Distinct().ToArray();
        var list = string.Join(", ", distinct.Take(8).Select(Name));
        var more = distinct.Length > 8 ? $" and {distinct.Length - 8} more" : "";
        return $"{list}{more} {(distinct.Length == 1 ? "is" : "are")}";

        static string Name(int codePoint) => Rune.GetUnicodeCategory(new Rune(codePoint)) is System.Globalization.UnicodeCategory.Control
            or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
            ? $"U+{codePoint:X4}" : $"'{new Rune(codePoint)}' (U+{codePoint:X4})";
    }

    private static int[] CodePoints(string text)
    {
        var codePoints = new int[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!Rune.TryGetRuneAt(text, i, out var character))
            {
                throw new ArgumentException($"half of a surrogate pair at position {i}", nameof(text));
            }

            codePoints[count++] = character.Value;
            if (!character.IsBmp)
            {
                i++;
            }
        }

        return codePoints[..count];
    }

    private static void AppendTo(StringBuilder text, int codePoint)
    {
        Span<char> utf16 = stackalloc char[2];
        text.Append(utf16[..new Rune(codePoint).EncodeToUtf16(utf16)]);
    }
}
