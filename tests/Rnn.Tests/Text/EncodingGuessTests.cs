using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Text;

/// <summary>Where one encoding ends and the next begins. <see cref="TextFileTests"/> has texts of each.</summary>
public class EncodingGuessTests
{
    /// <summary>Groups of bytes: as they are, or <c>B0A1*9</c> for nine times.</summary>
    private static byte[] Bytes(string groups) =>
        [.. groups.Split(' ').Select(group => group.Split('*')).SelectMany(group => Enumerable.Repeat(Convert.FromHexString(group[0]), group.Length > 1 ? int.Parse(group[1], null) : 1).SelectMany(bytes => bytes))];

    [Fact]
    public void Of_letters_of_one_byte_nothing_is_guessed()
    {
        Assert.Null(EncodingGuess.Of([]));
        Assert.Null(EncodingGuess.Of("abc\u007F"u8));
    }

    [Theory]
    [InlineData("E9E9 616161", "ISO-8859-1")]           // two fifths of the letters
    [InlineData("E9E9E9E9 414141 616161", "ISO-8859-1")]
    [InlineData("61 FF 61", "ISO-8859-1")]
    [InlineData("8283 6161", "SHIFT_JIS")]              // more than that
    public void Where_most_letters_are_ascii_it_is_a_latin_one(string groups, string expected) => Assert.Equal(expected, EncodingGuess.Of(Bytes(groups)));

    [Theory]
    [InlineData("61 80 61", "IBM850")]
    [InlineData("61 A5 61", "IBM850")]
    [InlineData("61 A6 61", "ISO-8859-1")]
    [InlineData("61 92 61", "WINDOWS-1252")]
    [InlineData("61 9C 61", "WINDOWS-1252")]
    [InlineData("41 82 61", "WINDOWS-1252")]            // not between lower-case letters
    [InlineData("61 82 41", "WINDOWS-1252")]
    [InlineData("6161 82", "WINDOWS-1252")]
    [InlineData("618261*3 E961*7 61*9", "WINDOWS-1252")]   // three tenths
    [InlineData("618261*4 E961*6 61*9", "IBM850")]
    public void Accents_within_words_are_of_a_DOS_code_page(string groups, string expected) => Assert.Equal(expected, EncodingGuess.Of(Bytes(groups)));

    [Theory]
    [InlineData("B0A1", "EUC-KR")]
    [InlineData("B0A1*3 B0", "EUC-KR")]                 // cut within a character
    [InlineData("B0A1*9 D0A1", "GB18030")]              // nine tenths
    [InlineData("A4A1 B0A1*4", "GB18030")]              // a fifth of kana
    [InlineData("A4A1 B0A1*3", "EUC-JP")]
    [InlineData("B0A1 A1A1", "IBM866")]                 // half
    [InlineData("8040 B0A1*9", "IBM866")]
    [InlineData("8240", "SHIFT_JIS")]
    [InlineData("83FC", "SHIFT_JIS")]
    [InlineData("82A0*3 A03F", "SHIFT_JIS")]            // kana of one byte
    [InlineData("82A0*3 DF3F", "SHIFT_JIS")]
    [InlineData("82A0*3 9F3F", "IBM866")]
    [InlineData("82A0*3 E03F", "IBM866")]
    [InlineData("827F", "WINDOWS-1251")]
    [InlineData("823F", "WINDOWS-1251")]
    [InlineData("82FD", "GB18030")]
    [InlineData("82A0 8840*4", "GB18030")]              // a fifth of kana
    [InlineData("82A0 8840*3", "SHIFT_JIS")]
    [InlineData("A140", "BIG5")]
    [InlineData("A47E", "BIG5")]
    [InlineData("A4A1 A440", "BIG5")]
    [InlineData("F940", "BIG5")]
    [InlineData("A47F", "IBM866")]
    [InlineData("A43F", "IBM866")]
    [InlineData("A4A0", "GB18030")]
    [InlineData("A040", "GB18030")]
    [InlineData("FA40", "GB18030")]
    [InlineData("8140", "GB18030")]
    [InlineData("8040", "WINDOWS-1251")]
    [InlineData("FE40", "GB18030")]
    [InlineData("FF40", "WINDOWS-1253")]
    public void Two_bytes_a_character_are_told_by_which_can_follow_which(string groups, string expected) => Assert.Equal(expected, EncodingGuess.Of(Bytes(groups)));

    /// <summary>803F begins no character of two bytes.</summary>
    [Theory]
    [InlineData("803F E0 E1*99", "WINDOWS-1251")]       // one in a hundred
    [InlineData("803F E0 E1*100", "WINDOWS-1253")]
    [InlineData("803F A0*3 E0*2", "IBM866")]
    [InlineData("803F C0*3 E0*2", "KOI8-R")]
    [InlineData("803F D0*3 EF*2", "ISO-8859-5")]
    public void Other_scripts_are_told_by_their_lower_case(string groups, string expected) => Assert.Equal(expected, EncodingGuess.Of(Bytes(groups)));
}
