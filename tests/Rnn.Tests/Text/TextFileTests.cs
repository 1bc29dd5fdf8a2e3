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
