using System.Buffers;
using System.Runtime.InteropServices;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>The bytes of an array of numbers, as they lie: a file of large weights is written without a copy of them.</summary>
internal sealed class BytesOf<T>(T[] values) : MemoryManager<byte>
    where T : unmanaged
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(values.AsSpan());

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("These bytes are read as a span.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
