using System.Buffers;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Runs;

/// <summary>A file that grows line by line, and is cut back to a checkpoint's lines when the run goes on from there.</summary>
internal sealed class RecordLog : IDisposable
{
    private const int FlushLength = 1 << 15;

    private readonly IFileSystem _files;
    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _pending = new(2 * FlushLength);

    /// <summary>Opens the log and cuts it after the last whole line that is kept.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file, created where it is missing.</param>
    /// <param name="keep">Whether a line, without its line feed, is kept. From the first that is not, everything goes.</param>
    public RecordLog(IFileSystem files, string path, ReadOnlySpanPredicate keep)
    {
        _files = files;
        _stream = files.OpenOrCreate(path);
        try
        {
            var length = _stream.Length;
            var kept = length == 0 ? 0 : KeptLength(keep);
            if (kept < length)
            {
                _stream.SetLength(kept);
            }

            _stream.Seek(kept, SeekOrigin.Begin);
            IsEmpty = kept == 0;
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public delegate bool ReadOnlySpanPredicate(ReadOnlySpan<byte> line);

    /// <summary>Whether the log had no line when it was opened.</summary>
    public bool IsEmpty { get; }

    /// <summary>Where the next line is written; call <see cref="EndLine"/> after it.</summary>
    public IBufferWriter<byte> Writer => _pending;

    public void EndLine()
    {
        _pending.Write("\n"u8);
        if (_pending.WrittenCount >= FlushLength)
        {
            Flush();
        }
    }

    /// <summary>Hands the lines to the system, so that others can read them.</summary>
    public void Flush()
    {
        if (_pending.WrittenCount == 0)
        {
            return;
        }

        _stream.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }

    /// <summary>Returns when the lines are on the disk.</summary>
    public void FlushToDisk()
    {
        Flush();
        _files.FlushToDisk(_stream);
    }

    public void Dispose() => _stream.Dispose();

    private long KeptLength(ReadOnlySpanPredicate keep)
    {
        using var content = new MemoryStream();
        _stream.Seek(0, SeekOrigin.Begin);
        _stream.CopyTo(content);
        ReadOnlySpan<byte> rest = content.GetBuffer().AsSpan(0, (int)content.Length);
        var kept = 0;
        for (int end; (end = rest[kept..].IndexOf((byte)'\n')) >= 0 && keep(rest.Slice(kept, end));)
        {
            kept += end + 1;
        }

        return kept;
    }
}
