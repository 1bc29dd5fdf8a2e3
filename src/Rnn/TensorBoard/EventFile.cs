using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.ProtocolBuffers;

namespace CharRnn.Rnn.TensorBoard;

/// <summary>
/// An event file as TensorBoard reads it. Its frames are those of TFRecord: the length (8 bytes, little-endian) and its masked CRC-32C, the
/// content and its masked CRC-32C. Each content is an Event message of protocol buffers
/// (https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto); the few fields used are written here by hand.
/// </summary>
public sealed class EventFile : IDisposable
{
    private const int FlushLength = 1 << 15;

    private readonly IFileSystem _files;
    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _pending = new(2 * FlushLength);

    private EventFile(IFileSystem files, string path, Stream stream) => (_files, Path, _stream) = (files, path, stream);

    /// <summary>What the names of event files begin with.</summary>
    public const string NamePrefix = "events.out.tfevents.";

    // Where the names of other programs have that of the machine.
    private const string OwnMark = ".charrnn.";

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The names of the event files in a folder that this program wrote.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">A folder that exists.</param>
    public static IReadOnlyList<string> FindOwn(IFileSystem files, string folder) => [.. files.FindFiles(folder, NamePrefix).Where(name => name.Contains(OwnMark, StringComparison.Ordinal))];

    /// <summary>Begins a new event file. TensorBoard reads those of a folder in the order of their names, so the name says a later second than any there.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">Where.</param>
    /// <param name="time">Now, in seconds since 1970.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static EventFile Create(IFileSystem files, string folder, double time)
    {
        var second = (long)time;
        foreach (var other in files.FindFiles(folder, NamePrefix))
        {
            var name = other[NamePrefix.Length..];
            if (long.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('.'))), NumberStyles.None, CultureInfo.InvariantCulture, out var earlier) && earlier < long.MaxValue)
            {
                second = Math.Max(second, earlier + 1);
            }
        }

        var path = System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{second:D10}{OwnMark}{Environment.ProcessId}"));
        var file = new EventFile(files, path, files.CreateNew(path));
        var version = new MessageWriter();
        version.Double(1, time);
        version.Text(3, "brain.Event:2");
        file.Append(version);
        return file;
    }

    /// <summary>Says that a run goes on: what other files hold from this step on is not valid any more.</summary>
    /// <param name="time">Now, in seconds since 1970.</param>
    /// <param name="step">The first step to come.</param>
    public void WriteRestart(double time, long step)
    {
        var session = new MessageWriter();
        session.Whole(1, 1);   // SessionLog.status = START
        Write(time, step, 7, session);
    }

    /// <summary>Writes numbers of a step.</summary>
    /// <param name="time">Now, in seconds since 1970.</param>
    /// <param name="step">The step.</param>
    /// <param name="values">Names and values.</param>
    public void WriteScalars(double time, long step, params ReadOnlySpan<(string Tag, double Value)> values)
    {
        var summary = new MessageWriter();
        foreach ((var tag, var number) in values)
        {
            var value = new MessageWriter();
            value.Text(1, tag);
            value.Single(2, (float)number);
            summary.Message(1, value);
        }

        Write(time, step, 5, summary);
    }

    /// <summary>Writes a text of a step, for the text tab, which shows it as Markdown.</summary>
    /// <param name="time">Now, in seconds since 1970.</param>
    /// <param name="step">The step.</param>
    /// <param name="tag">Its name.</param>
    /// <param name="markdown">The text.</param>
    public void WriteText(double time, long step, string tag, string markdown)
    {
        var plugin = new MessageWriter();
        plugin.Text(1, "text");
        var metadata = new MessageWriter();
        metadata.Message(1, plugin);
        var dimension = new MessageWriter();
        dimension.Whole(1, 1);
        var shape = new MessageWriter();
        shape.Message(2, dimension);
        var tensor = new MessageWriter();
        tensor.Whole(1, 7);   // DT_STRING
        tensor.Message(2, shape);
        tensor.Text(8, markdown);
        var value = new MessageWriter();
        value.Text(1, tag);
        value.Message(8, tensor);
        value.Message(9, metadata);
        var summary = new MessageWriter();
        summary.Message(1, value);
        Write(time, step, 5, summary);
    }

    /// <summary>Hands the events to the system, so that others can read them.</summary>
    public void Flush()
    {
        if (_pending.WrittenCount == 0)
        {
            return;
        }

        _stream.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }

    /// <summary>Returns when the events are on the disk.</summary>
    public void FlushToDisk()
    {
        Flush();
        _files.FlushToDisk(_stream);
    }

    /// <summary>Closes the file. What was not flushed is dropped.</summary>
    public void Dispose() => _stream.Dispose();

    /// <summary>The CRC-32C (Castagnoli) of a content, masked as TFRecord asks: rotated and added to, so that a CRC of a CRC is none.</summary>
    internal static uint MaskedCrc(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        for (; content.Length >= 8; content = content[8..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        }

        foreach (var value in content)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }

    private void Write(double time, long step, int field, MessageWriter content)
    {
        var message = new MessageWriter();
        message.Double(1, time);
        message.Whole(2, step);
        message.Message(field, content);
        Append(message);
    }

    private void Append(MessageWriter message)
    {
        var content = message.Written;
        var frame = _pending.GetSpan(content.Length + 16);
        BinaryPrimitives.WriteUInt64LittleEndian(frame, (ulong)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], MaskedCrc(frame[..8]));
        content.CopyTo(frame[12..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[(12 + content.Length)..], MaskedCrc(content));
        _pending.Advance(content.Length + 16);
        if (_pending.WrittenCount >= FlushLength)
        {
            Flush();
        }
    }
}
