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

    [Fact]
    public void Zero_bytes_that_mean_something_stay()
    {
        Assert.Equal(4, TextFile.Read(Write("few", "a\0b\0"u8.ToArray())).Length);
        Assert.Equal(570, TextFile.Read(Write("records", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ab\0cde\0fghi\0jklmn\0 ", 30))))).Length);
        Assert.Equal(400, TextFile.Read(Write("even", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("abc\0", 100))))).Length);
        Assert.Equal(5000, TextFile.Read(Write("only", new byte[5000])).Length);
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
        Assert.Contains("became shorter while it was read", Assert.Throws<InvalidTextException>(() => TextFile.Read(stream, path, stream.Length)).Message);
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
