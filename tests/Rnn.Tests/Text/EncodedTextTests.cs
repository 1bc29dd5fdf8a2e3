using System.Security.Cryptography;
using System.Text;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Text;

public class EncodedTextTests
{
    private static string Decode(EncodedText text)
    {
        var indices = new int[text.Length];
        text.CopyTo(0, indices);
        return text.Vocabulary.Decode(indices);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("one\r\ntwo\rthree\n")]
    [InlineData("nul \0 inside")]
    [InlineData("e\u0301 combining, 漢字, עברית, 👩‍👩‍👧 and \U0010FFFF \uFEFF inside")]
    public void Every_character_comes_back(string text) => Assert.Equal(text, Decode(EncodedText.FromString(text)));

    [Fact]
    public void A_byte_order_mark_is_dropped_only_at_the_beginning()
    {
        var text = EncodedText.FromUtf8([0xEF, 0xBB, 0xBF, (byte)'a', 0xEF, 0xBB, 0xBF], "it");
        Assert.Equal("a\uFEFF", Decode(text));
        Assert.Equal(EncodedText.FromString("a\uFEFF").Sha256, text.Sha256);
    }

    /// <summary>Pieces of every length put every character across a boundary.</summary>
    [Fact]
    public void Pieces_may_be_cut_anywhere()
    {
        const string text = "\uFEFFaaé漢\uFEFF😀\r\n";
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var first = 1; first < bytes.Length; first++)
        {
            for (var second = first; second < bytes.Length; second++)
            {
                var encoder = new TextEncoder("it");
                encoder.Append(bytes.AsSpan(0, first));
                encoder.Append(bytes.AsSpan(first, second - first));
                encoder.Append(bytes.AsSpan(second));
                var encoded = encoder.Finish();
                Assert.Equal(text[1..], Decode(encoded));
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(3))), encoded.Sha256);
            }
        }
    }

    /// <summary>Widths 1, 2 and 4 bytes, and the passages between them inside a page and at its end, against a plain decoder.</summary>
    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65536)]
    [InlineData(65537)]
    [InlineData(200000)]
    public void Any_number_of_distinct_characters(int distinct)
    {
        var random = new Random(distinct);
        var builder = new StringBuilder(new string('a', EncodedText.PageLength + 70_000));   // the first page is begun while a byte is enough
        for (var i = 0; i < distinct; i++)
        {
            builder.Append(new Rune(i < 0xD800 ? i : i + 0x800).ToString());
        }

        for (var i = 0; i < EncodedText.PageLength; i++)
        {
            builder.Append((char)('a' + random.Next(26)));
        }

        for (var i = 0; i < 1000; i++)
        {
            builder.Append(new Rune(random.Next(Math.Min(distinct, 0xD800))).ToString());
        }

        var text = builder.ToString();
        var encoded = EncodedText.FromString(text);
        Assert.Equal(distinct, encoded.Vocabulary.Size);
        var expected = new int[encoded.Length];
        encoded.CopyTo(0, expected);
        Assert.Equal(text, encoded.Vocabulary.Decode(expected));
        // Any window, across the pages' ends too.
        var window = new int[26];
        foreach (var start in (long[])[0, 1, EncodedText.PageLength - 26, EncodedText.PageLength - 25, EncodedText.PageLength - 1, EncodedText.PageLength, encoded.Length - 26])
        {
            encoded.CopyTo(start, window);
            Assert.Equal(expected[(int)start..((int)start + 26)], window);
        }
    }

    [Fact]
    public void A_text_without_a_character_begins_all_the_same() => Assert.Equal([0], EncodedText.FromUtf8([], "it").Beginnings);

    /// <summary>A character is counted once, in whichever page of the map it is.</summary>
    [Fact]
    public void A_character_that_comes_again_is_not_another()
    {
        Assert.Equal(2, EncodedText.FromString("abab").DistinctCharacters);
        Assert.Equal(7, EncodedText.FromString("éüé 漢字漢😀😁😀").DistinctCharacters);
    }

    /// <summary>A byte a character up to 256 of them, two up to 65,536, and no page before it is needed.</summary>
    [Theory]
    [InlineData(1, 100, 0)]
    [InlineData(256, 3_000_000, 1)]
    [InlineData(257, 3_000_000, 2)]
    [InlineData(65_536, 3_000_000, 2)]
    public void A_text_takes_the_memory_of_its_characters(int distinct, int length, int each)
    {
        var first = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, distinct).Select(i => new Rune(i < 0xD800 ? i : i + 0x800).ToString())));
        var rest = new byte[length - distinct];   // of the first of them
        var before = GC.GetAllocatedBytesForCurrentThread();
        var encoder = new TextEncoder("it");
        encoder.Append(first);
        encoder.Append(rest);
        var text = encoder.Finish();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((length, distinct), (text.Length, text.DistinctCharacters));
        // Beside the characters: a page that is not full, the first page's growth, and what is decoded at once.
        Assert.InRange(allocated, each * (long)length, each * (long)length + (each == 0 ? 100_000 : each * 2_300_000 + 20 * distinct));
    }

    [Fact]
    public void A_text_whose_characters_are_all_known_is_shared()
    {
        var text = EncodedText.FromString(string.Concat(Enumerable.Repeat("ab", 500_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var known = text.WithKnownOf(Vocabulary.FromText("abc"), out var skipped);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal((0, 3, text.Length), (skipped, known.Vocabulary.Size, known.Length));
    }

    /// <summary>What comes first when others were left out is a character like others, a byte-order mark too.</summary>
    [Fact]
    public void A_byte_order_mark_that_comes_first_when_others_are_left_out_is_kept()
    {
        var known = EncodedText.FromString("X\uFEFFab").WithKnownOf(Vocabulary.FromText("\uFEFFab"), out var skipped);
        Assert.Equal((1, "\uFEFFab"), (skipped, Decode(known)));
    }

    [Fact]
    public void A_window_outside_the_text_is_refused()
    {
        var text = EncodedText.FromString("abc");
        Assert.Throws<ArgumentOutOfRangeException>(() => text.CopyTo(1, new int[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.CopyTo(-1, new int[1]));
    }

    [Fact]
    public void A_part_outside_the_text_is_refused()
    {
        var text = EncodedText.FromString("abcde");
        Assert.Equal("bcd", Decode(text.Part(1, 3)));
        Assert.Equal("cd", Decode(text.Part(1, 4).Part(1, 2)));
        Assert.Equal("e", Decode(text.Part(4, 1)));
        Assert.Equal(0, text.Part(5, 0).Length);
        Assert.Equal(text.Sha256, text.Part(1, 3).Sha256);
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Part(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Part(-1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => text.Part(1, -1));
    }

    /// <summary>Of the texts that a part lies in, each gives what of it is in the part.</summary>
    [Fact]
    public void A_part_is_made_of_stretches()
    {
        Assert.Equal([(0, 2), (2, 5), (7, 3)], EncodedText.Stretches([0, 2, 7], 0, 10));
        Assert.Equal([(1, 1), (2, 5)], EncodedText.Stretches([0, 2, 7], 1, 7));
        Assert.Equal([(3, 2)], EncodedText.Stretches([0, 2, 7], 3, 5));
        Assert.Equal([(2, 5)], EncodedText.Stretches([0, 2, 7], 2, 7));
        Assert.Equal([(8, 2)], EncodedText.Stretches([0, 2, 7], 8, 10));
        Assert.Empty(EncodedText.Stretches([0, 2, 7], 5, 5));
    }

    /// <summary>Longer than the buffer in which it is read again.</summary>
    [Fact]
    public void What_is_not_known_is_left_out_of_a_long_text()
    {
        string[] letters = ["a", "é", "漢", "😀", "X"];
        var random = new Random(4);
        var builder = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            builder.Append(letters[random.Next(letters.Length)]);
        }

        var text = builder.ToString();
        var known = EncodedText.FromString(text).WithKnownOf(Vocabulary.FromText("aé漢😀"), out var skipped);
        Assert.Equal(text.Replace("X", "", StringComparison.Ordinal), Decode(known));
        Assert.Equal(text.Count(character => character == 'X'), skipped);
        Assert.Equal([0], known.Beginnings);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFF }, 1, 0xFF)]                     // no character begins so
    [InlineData(new byte[] { (byte)'a', (byte)'b', 0xC3, (byte)'c' }, 2, 0xC3)] // cut short by another character
    [InlineData(new byte[] { (byte)'a', 0xF0, 0x9F, 0x98 }, 1, 0xF0)]         // cut short by the end
    [InlineData(new byte[] { 0xC0, 0x80 }, 0, 0xC0)]                          // overlong
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, 0, 0xED)]                    // a surrogate
    [InlineData(new byte[] { 0xEF, 0xBB, 0xBF, (byte)'a', 0x80 }, 4, 0x80)]   // the mark counts
    public void Bytes_that_are_not_utf8_are_located(byte[] bytes, int offset, int value)
    {
        foreach (var cut in Enumerable.Range(0, bytes.Length + 1))
        {
            var encoder = new TextEncoder("it");
            var exception = Assert.Throws<InvalidTextException>(() =>
            {
                encoder.Append(bytes.AsSpan(0, cut));
                encoder.Append(bytes.AsSpan(cut));
                encoder.Finish();
            });
            Assert.Equal($"it is not UTF-8: byte 0x{value:X2} at offset {offset}", exception.Message);
        }
    }

    [Fact]
    public void Invalid_bytes_far_into_the_text_are_located()
    {
        var bytes = new byte[300_000];
        Array.Fill(bytes, (byte)'a');
        bytes[200_001] = 0x80;
        Assert.Contains("at offset 200001", Assert.Throws<InvalidTextException>(() => EncodedText.FromUtf8(bytes, "it")).Message);
    }

    [Fact]
    public void Utf16_is_recognised() =>
        Assert.All((byte[])[0xFE, 0xFF], mark => Assert.EndsWith("at offset 0 (it looks like UTF-16; iconv -f UTF-16 -t UTF-8 converts it)", Assert.Throws<InvalidTextException>(() => EncodedText.FromUtf8([mark, 0x41, 0x00], "it")).Message));

    [Fact]
    public void Another_vocabulary_changes_the_indices_and_names_what_it_lacks()
    {
        var text = EncodedText.FromString("cab");
        var other = text.WithVocabulary(Vocabulary.FromText("abcXYZ"));
        Assert.Equal("cab", Decode(other));
        Assert.Equal(6, other.Vocabulary.Size);
        Assert.Equal(3, other.DistinctCharacters);
        Assert.Contains("'c' (U+0063) is in the text", Assert.Throws<InvalidTextException>(() => text.WithVocabulary(Vocabulary.FromText("ab"))).Message);
    }

    [Fact]
    public void Sha256_agrees_with_the_library_at_every_length()
    {
        var bytes = new byte[300];
        new Random(1).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
        {
            foreach (var cut in (int[])[0, length / 3, length])
            {
                var sha256 = new Sha256();
                sha256.Append(bytes.AsSpan(0, cut));
                sha256.Append(bytes.AsSpan(cut, length - cut));
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length))), sha256.Finish());
            }
        }
    }
}
