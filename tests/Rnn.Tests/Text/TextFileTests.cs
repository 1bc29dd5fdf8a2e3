using System.Diagnostics;
using System.Text;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Text;

public sealed class TextFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("charrnn-text-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string MessageOf(string path) => Assert.Throws<InvalidTextException>(() => TextFile.Read(path)).Message;

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    [Fact]
    public void The_tale_is_a_text_as_others_are()
    {
        using var stream = BuiltInText.Open();
        Assert.Equal(TextFile.Read(stream, "it").Sha256, BuiltInText.Read().Sha256);
    }

    [Fact]
    public void Nothing_but_the_mark_is_changed()
    {
        var text = TextFile.Read(Write("mark", [0xEF, 0xBB, 0xBF, (byte)'a', (byte)'\r', (byte)'\n']));
        Assert.Equal("\n\ra", text.Vocabulary.ToString());
        Assert.Equal(3, text.Length);
    }

    [Fact]
    public void What_cannot_be_read_says_why()
    {
        Assert.Contains("no such file", MessageOf(Path.Combine(_folder, "none")));
        Assert.Contains("no such file", MessageOf(Path.Combine(_folder, "none", "none")));
        Assert.Contains("is a directory", MessageOf(_folder));
        Assert.Contains("is empty", MessageOf(Write("empty", [])));
        Assert.Contains("is empty", MessageOf(Write("mark only", [0xEF, 0xBB, 0xBF])));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("is empty", MessageOf("/dev/null"));
        }

        Assert.Contains("0xE9 at offset 3", MessageOf(Write("latin1", Encoding.Latin1.GetBytes("caféteria"))));
    }

    /// <summary>Such a text is UTF-8 too, of letters and zero bytes; what it is can be seen all the same.</summary>
    [Theory]
    [InlineData("utf-16LE", "The boats ran under old stone.\n", false)]
    [InlineData("utf-16BE", "The boats ran under old stone.\n", false)]
    [InlineData("utf-16LE", "Лодки шли под старым камнем.\n", false)]
    [InlineData("utf-32LE", "The boats ran under old stone.\n", false)]
    [InlineData("utf-32BE", "The boats ran under old stone.\n", false)]
    [InlineData("utf-16LE", "The boats ran under old stone.\n", true)]
    [InlineData("utf-16BE", "The boats ran under old stone.\n", true)]
    [InlineData("utf-32LE", "The boats ran under old stone.\n", true)]
    [InlineData("utf-32BE", "The boats ran under old stone.\n", true)]
    public void Another_form_of_unicode_is_named(string name, string line, bool marked)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(string.Concat(Enumerable.Repeat(line, 60)))];
        var called = marked ? name[..^2].ToUpperInvariant() : name.ToUpperInvariant();
        Assert.Contains($"looks like {name[..6].ToUpperInvariant()}, not UTF-8: convert it with iconv -f {called} -t UTF-8", MessageOf(Write("text", bytes)));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 })]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'a' })]
    [InlineData(new byte[] { 0, 0, 0xFE, 0xFF, 0, 0, 0, (byte)'a' })]
    public void A_mark_names_the_form_of_a_short_text(byte[] bytes) =>
        Assert.EndsWith(" looks like UTF-16, not UTF-8: convert it with iconv -f UTF-16 -t UTF-8", MessageOf(Write("text", bytes)).Replace("32", "16", StringComparison.Ordinal));

    /// <summary>From where on it is another form: z is a zero byte, - another control character, any other letter itself; null where it is a text.</summary>
    [Theory]
    [InlineData("azbzczdzezfzgzhz", "16LE")]
    [InlineData("zazbzczdzezfzgzh", "16BE")]
    [InlineData("azbzczdzezfzgz", null)]                                    // too few
    [InlineData("azbzczdzezfzgzhzazbzczdzezfzgzhzazbzczab", "16LE")]        // 19 of 20
    [InlineData("azbzczdzezfzgzhzazbzczdzezfzgzhzazbzabab", null)]          // 18 of 20
    [InlineData("a-b-c-d-e-f-g-hzazbzczdzezfzgzhzazbzczdz", "16LE")]        // as in Russian, which has zeros in some places alone
    [InlineData("a-b-c-d-e-f-g-h-azbzczdzezfzgzh-a-b-c-dz", "16LE")]
    [InlineData("a-b-c-d-e-f-g-h-azbzczdzezfzgzh-a-b-c-d-", null)]          // seven zeros
    [InlineData("zzbzczdzezfzgzhzazbzczdzezfzgzhzazbzczdz", "16LE")]        // one more than every second
    [InlineData("zzzzczdzezfzgzhzazbzczdzezfzgzhzazbzczdz", null)]
    [InlineData("azzzbzzzcdzz", "32LE")]
    [InlineData("zzzazzzbzzcd", "32BE")]
    [InlineData("zzazzbczzdzz", "32LE")]                                    // as many in one place as in the other
    [InlineData("azzzbzzzcz", null)]                                        // too few
    [InlineData("zzzzzzzzab", null)]                                        // four fifths
    [InlineData("zzzazzabbzzabzz", null)]                                   // three fifths
    public void Zero_bytes_in_their_places_make_another_form(string pattern, string? form)
    {
        var path = Write("text", [.. pattern.Select(letter => (byte)(letter switch { 'z' => 0, '-' => 4, _ => letter }))]);
        if (form is null)
        {
            Assert.Equal(pattern.Length, TextFile.Read(path).Length);
            return;
        }

        Assert.EndsWith($"looks like UTF-{form[..2]}, not UTF-8: convert it with iconv -f UTF-{form} -t UTF-8", MessageOf(path));
    }

    /// <summary>White space in every second place is no other form, with zero bytes here and there either.</summary>
    [Theory]
    [InlineData(" ")]
    [InlineData("\t")]
    [InlineData("\r")]
    [InlineData("\n")]
    public void White_space_in_every_second_place_stays(string space) =>
        Assert.Equal(208, TextFile.Read(Write("text", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"a{space}", 96)) + string.Concat(Enumerable.Repeat($"\0{space}", 8))))).Length);

    [Fact]
    public void Zero_bytes_that_mean_something_stay()
    {
        Assert.Equal(4, TextFile.Read(Write("few", "a\0b\0"u8.ToArray())).Length);
        Assert.Equal(570, TextFile.Read(Write("records", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ab\0cde\0fghi\0jklmn\0 ", 30))))).Length);
        Assert.Equal(400, TextFile.Read(Write("even", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abc\0", 100))))).Length);
        Assert.Equal(5000, TextFile.Read(Write("only", new byte[5000])).Length);
    }

    /// <summary>What a person who opens the file would say it is, and what mends it.</summary>
    [Theory]
    [InlineData("latin1", "L'été, le garçon était déjà là; où est la forêt, mon père?\n", "ISO-8859-1")]
    [InlineData("windows-1252", "“L'été”, dit le garçon, “était déjà là” – où est la forêt?\n", "WINDOWS-1252")]
    [InlineData("ibm850", "L'été, le garçon était déjà là; der Hölle Rache, schön für mich\n", "IBM850")]
    [InlineData("windows-1251", "Лодки шли под старым камнем и пришли домой; одна малая лампа, соль и канат.\n", "WINDOWS-1251")]
    [InlineData("koi8-r", "Лодки шли под старым камнем и пришли домой; одна малая лампа, соль и канат.\n", "KOI8-R")]
    [InlineData("iso-8859-5", "Лодки шли под старым камнем и пришли домой; одна малая лампа, соль и канат.\n", "ISO-8859-5")]
    [InlineData("cp866", "Лодки шли под старым камнем и пришли домой; одна малая лампа, соль и канат.\n", "IBM866")]
    [InlineData("windows-1253", "Τα καράβια πέρασαν κάτω από την παλιά πέτρα και γύρισαν στο σπίτι.\n", "WINDOWS-1253")]
    [InlineData("shift_jis", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n", "SHIFT_JIS")]
    [InlineData("euc-jp", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。\n", "EUC-JP")]
    [InlineData("euc-kr", "배들은 오래된 돌 아래를 지나 집으로 돌아왔다. 작은 등불 하나, 소금과 밧줄.\n", "EUC-KR")]
    [InlineData("gb18030", "船在旧石下驶过，回到了家。一盏小灯，盐和绳子。他们说了很久的话。\n", "GB18030")]
    [InlineData("big5", "船在舊石下駛過，回到了家。一盞小燈，鹽和繩子。他們說了很久的話。\n", "BIG5")]
    public void Another_encoding_is_guessed(string name, string line, string expected)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var message = MessageOf(Write("text", Encoding.GetEncoding(name).GetBytes(string.Concat(Enumerable.Repeat(line, 50)))));
        Assert.EndsWith($"; it looks like {expected}: convert it with iconv -f {expected} -t UTF-8", message);
        Assert.Contains("is not UTF-8: byte 0x", message);
    }

    /// <summary>Of a character whose beginning was read before only the end is looked at: what it is cannot be said.</summary>
    [Fact]
    public void Nothing_is_guessed_where_nothing_is_to_be_seen() =>
        Assert.EndsWith("is not UTF-8: byte 0xC3 at offset 65535", MessageOf(Write("text", [.. Enumerable.Repeat((byte)'a', 65_535), 0xC3, (byte)'a'])));

    [Fact]
    public void A_packed_file_is_unpacked_and_a_damaged_one_named()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i * 7919 % 10_007} é\n"));
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        var bytes = packed.ToArray();
        var plain = TextFile.Read(Write("plain", Encoding.UTF8.GetBytes(text)));
        foreach (var read in (EncodedText[])[TextFile.Read(Write("text.gz", bytes)), TextFile.Read(new Trickle(bytes), "standard input")])
        {
            Assert.Equal((plain.Sha256, plain.Length), (read.Sha256, read.Length));
        }

        // One packed behind the other is a text as well; what is cut off anywhere is none.
        Assert.Equal(2 * plain.Length, TextFile.Read(Write("two.gz", [.. bytes, .. bytes])).Length);
        Assert.All((int[])[1, 2, 4, 8, 9, 20, bytes.Length - 20], cut => Assert.Contains("is a gzip file that cannot be unpacked", MessageOf(Write("cut", bytes[..^cut]))));
        Assert.Contains("is a gzip file that cannot be unpacked", MessageOf(Write("cut", bytes[..(bytes.Length / 2)])));
        Assert.Contains("is a gzip file that cannot be unpacked", MessageOf(Write("damaged", [.. bytes[..1000], .. bytes[1001..]])));
    }

    /// <summary>Folders by name, and in them; the mark of each file goes; what is empty leaves no beginning; a character cut by the end of a file is that file's mistake.</summary>
    [Fact]
    public void Several_files_are_one_text()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "books", "more"));
        Write("books/b", "bé"u8.ToArray());
        Write("books/a", [0xEF, 0xBB, 0xBF, .. "aaa"u8]);
        Write("books/.hidden", "x"u8.ToArray());
        Write("books/more/c", "cc"u8.ToArray());
        Write("nothing", []);
        var last = Write("last", [0xEF, 0xBB, 0xBF, (byte)'z']);
        var text = TextFile.Read([Write("first", "ff"u8.ToArray()), Path.Combine(_folder, "nothing"), Path.Combine(_folder, "books"), Path.Combine(_folder, "nothing"), last, Path.Combine(_folder, "nothing")]);
        var characters = new int[text.Length];
        text.CopyTo(0, characters);
        Assert.Equal("ffaaabéccz", text.Vocabulary.Decode(characters));
        Assert.Equal([0, 2, 5, 7, 9], text.Beginnings);
        Assert.Equal([0, 1, 3], text.Part(4, 5).Beginnings);
        Assert.Equal([0, 3], text.Part(2, 5).Beginnings);
        Assert.Equal(TextFile.Read(Write("whole", "ffaaabéccz"u8.ToArray())).Sha256, text.Sha256);
        var cut = Write("cut", [(byte)'a', 0xC3]);
        Assert.Contains($"{cut} is not UTF-8: byte 0xC3 at offset 1", Assert.Throws<InvalidTextException>(() => TextFile.Read([cut, last])).Message);
        Directory.CreateDirectory(Path.Combine(_folder, "bare"));
        Assert.Contains("has no file", Assert.Throws<InvalidTextException>(() => TextFile.Read([Path.Combine(_folder, "bare")])).Message);
        Assert.StartsWith("the text of 2 files is empty", Assert.Throws<InvalidTextException>(() => TextFile.Read([Path.Combine(_folder, "nothing"), Path.Combine(_folder, "nothing")])).Message);
        Assert.StartsWith(Path.Combine(_folder, "nothing") + " is empty", Assert.Throws<InvalidTextException>(() => TextFile.Read([Path.Combine(_folder, "nothing")])).Message);
    }

    [Fact]
    public void Characters_that_are_not_known_are_left_out()
    {
        var text = TextFile.Read([Write("one", "aXbXX"u8.ToArray()), Write("two", "XX"u8.ToArray()), Write("three", "cXa"u8.ToArray())]);
        var known = text.WithKnownOf(Vocabulary.FromText("abcd"), out var skipped);
        var characters = new int[known.Length];
        known.CopyTo(0, characters);
        Assert.Equal((6, "abca", text.Sha256), (skipped, known.Vocabulary.Decode(characters), known.Sha256));
        Assert.Equal([0, 2], known.Beginnings);
        Assert.Equal(0, text.WithKnownOf(text.Vocabulary, out skipped).Length - text.Length + skipped);
        Assert.Contains("none of the text's characters", Assert.Throws<InvalidTextException>(() => text.WithKnownOf(Vocabulary.FromText("z"), out _)).Message);
    }

    [Fact]
    public async Task A_named_pipe_is_read_to_its_end()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = Path.Combine(_folder, "pipe");
        using (var process = Process.Start("mkfifo", path))
        {
            await process.WaitForExitAsync();
        }

        var reading = Task.Run(() => TextFile.Read(path));
        await using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            await writer.WriteAsync(Encoding.UTF8.GetBytes("héllo"));
            await writer.FlushAsync();
            await writer.WriteAsync(Encoding.UTF8.GetBytes(" wörld"));
        }

        Assert.Equal(11, (await reading).Length);
    }

    [Fact]
    public void A_stream_that_gives_a_byte_at_a_time() =>
        Assert.Equal(3, TextFile.Read(new Trickle(Encoding.UTF8.GetBytes("é😀漢")), "standard input").Length);

    [Fact]
    public void A_file_that_shrinks_while_it_is_read()
    {
        var path = Write("shrinking", new byte[200_000]);
        using var stream = new Shrinking(path);
        Assert.Equal($"{path} became shorter while it was read: 100000 of 200000 bytes are left; try again when nothing writes to it",
            Assert.Throws<InvalidTextException>(() => TextFile.Read(stream, path)).Message);
    }

    [Fact]
    public void A_stream_is_read_from_where_it_is()
    {
        using var stream = new MemoryStream("abcdef"u8.ToArray()) { Position = 2 };
        Assert.Equal("cdef", TextFile.Read(stream, "it").Vocabulary.ToString());
    }

    /// <summary>Others may have it open, one who would let nobody write to it as well.</summary>
    [Fact]
    public void A_file_that_another_has_open_is_read()
    {
        var path = Write("open", "abc"u8.ToArray());
        using var reading = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Assert.Equal(3, TextFile.Read(path).Length);
    }

    /// <summary>One line, whatever the system says.</summary>
    [Fact]
    public void What_cannot_be_read_is_one_line()
    {
        foreach (var exception in (Exception[])[new IOException("broken\nfor good"), new UnauthorizedAccessException("broken\nfor good")])
        {
            Assert.Equal("it cannot be read: broken for good", Assert.Throws<InvalidTextException>(() => TextFile.Read(new Broken(exception), "it")).Message);
        }

        Assert.StartsWith(" cannot be read: ", MessageOf(""));
        Assert.StartsWith("a\0b cannot be read: ", MessageOf("a\0b"));
        Assert.Contains("a bccc", MessageOf(Path.Combine(_folder, "a\nb" + new string('c', 300))));
        if (OperatingSystem.IsLinux())
        {
            Assert.StartsWith("/proc/self/mem cannot be read: ", MessageOf("/proc/self/mem"));
        }
    }

    private sealed class Broken(Exception exception) : MemoryStream
    {
        public override int Read(Span<byte> buffer) => throw exception;
    }

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }

    /// <summary>Truncates its own file after the first read.</summary>
    private sealed class Shrinking(string path) : FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1)
    {
        public override int Read(Span<byte> buffer)
        {
            var count = base.Read(buffer);
            if (count > 0)
            {
                SetLength(Math.Min(Length, 100_000));
            }

            return count;
        }
    }
}
