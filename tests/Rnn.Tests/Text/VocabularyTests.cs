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
        Assert.Throws<ArgumentException>(() => Vocabulary.FromText("a\uD83D"));
        Assert.Throws<ArgumentException>(() => EncodedText.FromString("a\uD83D"));
    }

    [Fact]
    public void Equality_is_that_of_the_characters()
    {
        Assert.Equal(Vocabulary.FromText("ab"), Vocabulary.FromText("bbaa"));
        Assert.NotEqual(Vocabulary.FromText("ab"), Vocabulary.FromText("abc"));
    }
}
