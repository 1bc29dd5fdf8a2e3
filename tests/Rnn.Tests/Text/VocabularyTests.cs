using System.Text;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Text;

public class VocabularyTests
{
    [Fact]
    public void Indices_are_in_order_of_code_point_not_of_utf16_unit()
    {
        // U+FF5E is above the surrogates as a UTF-16 unit, but below U+1F600 as a code point.
        var vocabulary = Vocabulary.FromText("z😀～a\0ä");
        Assert.Equal("\0azä～😀", vocabulary.ToString());
        Assert.Equal(6, vocabulary.Size);
        for (var i = 0; i < vocabulary.Size; i++)
        {
            Assert.Equal(i, vocabulary.IndexOf(vocabulary[i]));
        }

        Assert.Equal(-1, vocabulary.IndexOf(new Rune('b')));
        Assert.Equal(-1, vocabulary.IndexOf(new Rune(0x10FFFF)));
    }

    [Fact]
    public void Encode_and_decode_are_inverse() =>
        Assert.Equal("😀z😀", Vocabulary.FromText("z😀").Decode(Vocabulary.FromText("😀z").Encode("😀z😀")));

    [Fact]
    public void Encoding_names_the_characters_that_are_missing()
    {
        var exception = Assert.Throws<InvalidTextException>(() => Vocabulary.FromText("abc").Encode("abä\u0007😀ä"));
        Assert.Equal("'ä' (U+00E4), U+0007, '😀' (U+1F600) are not in the model's vocabulary of 3 characters", exception.Message);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        Assert.Contains("half of a surrogate pair at position 1", Assert.Throws<ArgumentException>(() => Vocabulary.FromText("a\uD83D")).Message);
        Assert.Contains("half of a surrogate pair at position 1", Assert.Throws<ArgumentException>(() => EncodedText.FromString("a\uD83D")).Message);
        Assert.Throws<ArgumentException>(() => Vocabulary.FromText("😀\uDE00"));
    }

    [Fact]
    public void Equality_is_that_of_the_characters()
    {
        Assert.Equal(Vocabulary.FromText("ab"), Vocabulary.FromText("bbaa"));
        Assert.NotEqual(Vocabulary.FromText("ab"), Vocabulary.FromText("abc"));
        Assert.False(Vocabulary.FromText("ab").Equals(null));
        Assert.False(Vocabulary.FromText("ab").Equals((object)"ab"));
        Assert.True(Vocabulary.FromText("ab").Equals((object)Vocabulary.FromText("ba")));
        Assert.Equal(Vocabulary.FromText("ab").GetHashCode(), Vocabulary.FromText("ba").GetHashCode());
        Assert.NotEqual(Vocabulary.FromText("ab").GetHashCode(), Vocabulary.FromText("ac").GetHashCode());
    }

    [Fact]
    public void Of_two_vocabularies_all_characters_are_taken_once()
    {
        Assert.Equal("abcd😀", Vocabulary.FromText("db😀").With(Vocabulary.FromText("abc")).ToString());
        Assert.Equal([0, 1, 1], Vocabulary.FromText("ab").EncodeKnown("acbb😀", out var skipped));
        Assert.Equal(2, skipped);
    }

    /// <summary>At most eight are named, each once; what shows nothing by itself is named by its number alone.</summary>
    [Fact]
    public void Many_characters_that_are_missing_are_counted()
    {
        var letters = Vocabulary.FromText("z");
        Assert.StartsWith("'a' (U+0061) is not in", Assert.Throws<InvalidTextException>(() => letters.Encode("zaaz")).Message);
        Assert.EndsWith("'h' (U+0068) are not in the model's vocabulary of 1 characters", Assert.Throws<InvalidTextException>(() => letters.Encode("abcdefgh")).Message);
        Assert.EndsWith("'h' (U+0068) and 2 more are not in the model's vocabulary of 1 characters", Assert.Throws<InvalidTextException>(() => letters.Encode("abcdefghijj")).Message);
        Assert.StartsWith("U+200F, U+0301, U+2028, U+2029 are not in", Assert.Throws<InvalidTextException>(() => letters.Encode("\u200F\u0301\u2028\u2029")).Message);
    }

    [Fact]
    public void An_ordered_vocabulary_is_told_from_others()
    {
        Assert.True(Vocabulary.IsInOrder("\0abé漢😀"u8, out var size));
        Assert.Equal(6, size);
        Assert.Equal(Vocabulary.FromText("\0abé漢😀"), Vocabulary.FromOrdered("\0abé漢😀"u8, size));
        Assert.True(Vocabulary.IsInOrder([], out size));
        Assert.Equal(0, size);
        Assert.False(Vocabulary.IsInOrder("aa"u8, out _));
        Assert.False(Vocabulary.IsInOrder("ba"u8, out _));
        Assert.False(Vocabulary.IsInOrder([(byte)'a', 0xC3], out _));
        Assert.False(Vocabulary.IsInOrder([(byte)'a', 0xFF], out _));
    }
}
