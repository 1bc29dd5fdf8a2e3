namespace CharRnn.Rnn.Text;

/// <summary>A stream whose beginning has been read already, from its beginning again.</summary>
/// <param name="beginning">What was read.</param>
/// <param name="rest">The stream, behind that; the caller closes it.</param>
internal sealed class ContinuedStream(byte[] beginning, Stream rest) : Stream
{
    private int _used;

    /// <summary>The last four bytes that were read, as a little-endian number.</summary>
    public uint Tail { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = _used < beginning.Length ? Math.Min(buffer.Length, beginning.Length - _used) : rest.Read(buffer);
        if (_used < beginning.Length)
        {
            beginning.AsSpan(_used, count).CopyTo(buffer);
            _used += count;
        }

        foreach (var value in buffer[Math.Max(0, count - sizeof(uint))..count])
        {
            Tail = (Tail >> 8) | ((uint)value << 24);
        }

        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
