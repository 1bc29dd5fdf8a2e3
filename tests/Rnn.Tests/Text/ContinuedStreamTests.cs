using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Text;

public class ContinuedStreamTests
{
    /// <summary>In pieces of every length the bytes come in their order, and the tail is the last four of them.</summary>
    [Fact]
    public void The_beginning_comes_again_and_then_the_rest()
    {
        byte[] bytes = [.. Enumerable.Range(1, 20).Select(i => (byte)(i * 13))];
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            using var stream = new ContinuedStream(bytes[..7], new MemoryStream(bytes[7..]));
            var buffer = new byte[piece];
            List<byte> read = [];
            for (int count; (count = stream.Read(buffer, 0, piece)) > 0;)
            {
                read.AddRange(buffer[..count]);
                Assert.Equal(BitConverter.ToUInt32([.. new byte[4], .. read], read.Count), stream.Tail);
            }

            Assert.Equal(bytes, read);
        }
    }

    [Fact]
    public void It_is_read_forward_and_nothing_else()
    {
        using var stream = new ContinuedStream([], Stream.Null);
        stream.Flush();
        Assert.Equal((true, false, false), (stream.CanRead, stream.CanSeek, stream.CanWrite));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 1);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(0));
        Assert.Throws<NotSupportedException>(() => stream.Write([1], 0, 1));
    }
}
