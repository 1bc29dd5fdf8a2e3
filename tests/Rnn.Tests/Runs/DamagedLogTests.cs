using System.Text;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Tests.Runs;

/// <summary>What somebody did to a log between two trainings: the run goes on and keeps all, or says which line is wrong and touches nothing.</summary>
public sealed class DamagedLogTests : RunFixture
{
    private const string Metrics = RunFolder.MetricsName, Table = RunFolder.MetricsTableName, Samples = RunFolder.SamplesName;

    [Theory]
    [InlineData(Metrics, 3, "oops")]
    [InlineData(Metrics, 3, "")]
    [InlineData(Metrics, 1, "{\"step\":3}")]
    [InlineData(Metrics, 2, "{\"step\":\"6\",\"epoch\":1,\"loss\":1,\"smooth_loss\":1,\"elapsed_seconds\":1,\"characters_per_second\":1}")]
    [InlineData(Metrics, 2, "{\"step\":600,\"epoch\":1,\"loss\":1,\"smooth_loss\":1,\"elapsed_seconds\":1,\"characters_per_second\":1}")]
    [InlineData(Metrics, 9, "[]")]
    [InlineData(Table, 1, "Step,epoch,loss,smooth_loss,elapsed_seconds,characters_per_second")]
    [InlineData(Table, 1, "\"step\",\"epoch\",\"loss\",\"smooth_loss\",\"elapsed_seconds\",\"characters_per_second\"")]
    [InlineData(Table, 1, "# my run")]
    [InlineData(Table, 1, "3,1,1,1,1,1")]
    [InlineData(Table, 4, "")]
    [InlineData(Table, 4, "9;1;1;1;1;1")]
    [InlineData(Table, 4, "\"9\",\"1\",\"1\",\"1\",\"1\",\"1\"")]
    [InlineData(Table, 4, "9,1,1")]
    [InlineData(Table, 4, "9,1,1,1,1,1,1")]
    [InlineData(Table, 10, "step,epoch")]
    [InlineData(Samples, 2, "oops")]
    [InlineData(Samples, 1, "{\"step\":1,\"epoch\":1,\"smooth_loss\":null,\"text\":null}")]
    [InlineData(Samples, 2, "{\"step\":1000,\"epoch\":1,\"smooth_loss\":1,\"text\":\"later\"}")]
    public void A_damaged_line_is_named_and_nothing_is_cut(string name, int number, string line)
    {
        Begin(Folder("run"), Settings(30));
        var lines = File.ReadAllLines(Path.Combine(Folder("run"), name));
        lines[number - 1] = line;
        File.WriteAllText(Path.Combine(Folder("run"), name), string.Join('\n', lines) + "\n");
        var before = Logs("run");
        var message = Assert.Throws<InvalidRunException>(() => Resume(Folder("run"), Settings(33))).Message;
        Assert.StartsWith($"line {number} of {Path.Combine(Folder("run"), name)} is damaged", message, StringComparison.Ordinal);
        Assert.Equal(before, Logs("run"));
    }

    [Theory]
    [InlineData(Metrics)]
    [InlineData(Table)]
    [InlineData(Samples)]
    public void Marks_of_another_editor_are_read_over_and_kept(string name)
    {
        Begin(Folder("run"), Settings(30));
        var path = Path.Combine(Folder("run"), name);
        var edited = "\uFEFF" + Read().Replace("\n", "\r\n", StringComparison.Ordinal);
        foreach (var ending in (string[])["\r\n", ""])
        {
            // The last line may have lost its end; what is added must not run into it.
            File.WriteAllText(path, edited[..^2] + ending, new UTF8Encoding(false));
            Resume(Folder("run"), Settings(30));
            Assert.StartsWith(edited[..^2], Read(), StringComparison.Ordinal);
        }

        Resume(Folder("run"), Settings(33));
        Assert.Equal(name == Metrics ? 12 : name == Table ? 13 : 5, Read().Count(character => character == '\n'));
        Assert.Equal([1, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33], RunFolder.Open(Folder("run")).ReadMetrics().Select(record => record.Step));
        Assert.Equal([1, 10, 20, 30, 34], RunFolder.Open(Folder("run")).ReadSamples().Select(record => record.Step));
        Assert.StartsWith("33,", File.ReadAllLines(Path.Combine(Folder("run"), Table))[^1], StringComparison.Ordinal);

        string Read() => Encoding.UTF8.GetString(File.ReadAllBytes(path));
    }

    [Fact]
    public void The_table_is_written_anew_where_it_is_gone()
    {
        Begin(Folder("run"), Settings(30));
        var before = Logs("run");
        File.Delete(Path.Combine(Folder("run"), Table));
        Resume(Folder("run"), Settings(30));
        Assert.Equal(before, Logs("run"));
    }

    /// <summary>Lines are read as a stream: what a long file takes is the memory of its longest line, and every line has its place in it.</summary>
    [Fact]
    public void A_long_log_takes_little_memory()
    {
        var line = Encoding.UTF8.GetBytes("{\"step\":1" + new string(' ', 100_000) + ",\"x\":\"}\"}\n");
        using var stream = new RepeatedStream(line, 3000);
        var lines = new LineReader(stream);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (lines.Read())
        {
            Assert.True(lines.IsWhole && lines.Line.Length == line.Length - 1 && lines.End == lines.Number * line.Length, $"line {lines.Number}");
        }

        Assert.Equal(3001, lines.Number);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    private string[] Logs(string run) => [.. ((string[])[Metrics, Table, Samples]).Select(name => File.ReadAllText(Path.Combine(Folder(run), name)))];

    /// <summary>A line many times over, in pieces of odd lengths.</summary>
    private sealed class RepeatedStream(byte[] line, int times) : Stream
    {
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => (long)line.Length * times;

        public override long Position { get => _at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var from = (int)(_at % line.Length);
            var length = (int)Math.Min(Math.Min(count, line.Length - from), Math.Min(7919, Length - _at));
            line.AsSpan(from, length).CopyTo(buffer.AsSpan(offset));
            _at += length;
            return length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
