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

    /// <summary>Opens the log and cuts it after what is kept.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file, created where it is missing.</param>
    /// <param name="kept">What <see cref="Examine"/> found.</param>
    public RecordLog(IFileSystem files, string path, Kept kept)
    {
        _files = files;
        _stream = files.OpenOrCreate(path);
        try
        {
            if (kept.Length < _stream.Length)
            {
                _stream.SetLength(kept.Length);
            }

            _stream.Seek(kept.Length, SeekOrigin.Begin);
            if (kept.LacksLineFeed)
            {
                _pending.Write("\n"u8);
            }
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The part of a log that a run goes on behind.</summary>
    /// <param name="Length">Its bytes.</param>
    /// <param name="LacksLineFeed">Whether its last line is whole but for the line feed.</param>
    public readonly record struct Kept(long Length, bool LacksLineFeed);

    /// <summary>Where the next line is written; call <see cref="EndLine"/> after it.</summary>
    public IBufferWriter<byte> Writer => _pending;

    /// <summary>
    /// Looks how far a log belongs to a checkpoint, and changes nothing. Lines behind a checkpoint are of updates that are done again; they
    /// stand at the end. A line that cannot be read, or of a later update among earlier ones, is somebody's mistake, and for him to mend.
    /// </summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file.</param>
    /// <param name="parse">The update of a line; throws a <see cref="FormatException"/> where the line is damaged.</param>
    /// <param name="step">The updates that the checkpoint has.</param>
    /// <param name="mend">What is to be done with a damaged line, to end a message.</param>
    /// <exception cref="InvalidRunException">A line is damaged; the message names it.</exception>
    public static Kept Examine(IFileSystem files, string path, Func<ReadOnlyMemory<byte>, long> parse, long step, string mend = RecordFile.DeleteIt)
    {
        var kept = default(Kept);
        long? later = null;
        foreach (var (at, number, end, isWhole) in RecordFile.Read(files, path, parse, mend))
        {
            if (at > step)
            {
                later ??= number;
            }
            else if (later is { } misplaced)
            {
                throw RecordFile.Damaged(path, misplaced, mend);
            }
            else
            {
                kept = new(end, !isWhole);
            }
        }

        return kept;
    }

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
}
