using System.Runtime.InteropServices;

namespace CharRnn.Kernels;

/// <summary>
/// One block of native memory, zeroed, from which spans are handed out on 64-byte boundaries: a cache line and the widest
/// register. Kernels take addresses into it without pinning, and the garbage collector never moves it.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed unsafe class AlignedArena<T> : IDisposable
    where T : unmanaged
{
    /// <summary>The alignment of the block and of every span, in bytes.</summary>
    public const int Alignment = 64;

    private readonly nuint _capacity;
    private T* _memory;
    private nuint _used;

    /// <summary>Takes zeroed memory for spans of the given lengths.</summary>
    /// <param name="lengths">How many elements each span will have; each is rounded up to a cache line.</param>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public AlignedArena(params ReadOnlySpan<long> lengths)
    {
        foreach (var length in lengths)
        {
            _capacity = checked(_capacity + Rounded((nuint)length));
        }

        _memory = (T*)NativeMemory.AlignedAlloc(checked(_capacity * (nuint)sizeof(T)), Alignment);
        NativeMemory.Clear(_memory, _capacity * (nuint)sizeof(T));
    }

    /// <summary>Releases the memory of an arena that nobody disposed.</summary>
    ~AlignedArena() => Release();

    /// <summary>The next <paramref name="length"/> elements, as an address; valid until the arena is disposed.</summary>
    /// <param name="length">How many elements.</param>
    /// <exception cref="InvalidOperationException">More is asked for than the arena was made with.</exception>
    public T* Take(long length)
    {
        ObjectDisposedException.ThrowIf(_memory is null, this);
        var start = _used;
        _used += Rounded((nuint)length);
        return _used <= _capacity ? _memory + start : throw new InvalidOperationException("The arena was made smaller than this.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private static nuint Rounded(nuint length)
    {
        var line = (nuint)(Alignment / sizeof(T));
        return (length + line - 1) / line * line;
    }

    private void Release()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
