using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>
/// A safetensors file (https://github.com/huggingface/safetensors, "Format"): 8 bytes with the header's length, a JSON header,
/// the tensors' bytes. Everything the header says is checked before memory is taken for what it describes, so that reading takes
/// the file's size and at most a megabyte, whatever the file says.
/// </summary>
public sealed class SafetensorsFile
{
    /// <summary>The longest header accepted: room for a vocabulary of every Unicode character.</summary>
    public const int MaximumHeaderLength = 8 << 20;

    /// <summary>The most tensors accepted.</summary>
    public const int MaximumTensors = 1024;

    /// <summary>The most dimensions accepted.</summary>
    public const int MaximumRank = 8;

    /// <summary>The longest name of a tensor or of a string of the metadata, in bytes of UTF-8.</summary>
    public const int MaximumNameLength = 256;

    /// <summary>A file of these tensors.</summary>
    /// <param name="metadata">The strings of <c>__metadata__</c>, written in this order.</param>
    /// <param name="tensors">The tensors, written in this order.</param>
    /// <exception cref="ArgumentException">A key of the metadata stands twice, or a string has half of a surrogate pair.</exception>
    public SafetensorsFile(IEnumerable<KeyValuePair<string, string>> metadata, IReadOnlyList<SafetensorsTensor> tensors)
        : this(new MetadataDictionary(metadata), tensors)
    {
    }

    private SafetensorsFile(MetadataDictionary metadata, IReadOnlyList<SafetensorsTensor> tensors) => (Metadata, Tensors) = (metadata, tensors);

    /// <summary>The strings of <c>__metadata__</c>; empty where there is none.</summary>
    public MetadataDictionary Metadata { get; }

    /// <summary>The tensors, in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="SafetensorsException">The file breaks a rule.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path) => Read(PhysicalFileSystem.Instance, path);

    /// <summary>Reads a file through a file system.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static SafetensorsFile Read(IFileSystem files, string path)
    {
        // What the system says of these is longer, or that access is denied.
        switch (files.KindOf(path))
        {
            case FileKind.None:
                throw new FileNotFoundException("no such file", path);
            case FileKind.Folder:
                throw new IOException("it is a folder: name a file in it");
        }

        using var stream = files.OpenRead(path);
        return Read(stream);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="SafetensorsException">The bytes break a rule.</exception>
    internal static SafetensorsFile Read(Stream stream)
    {
        if (stream.CanSeek)
        {
            return Read(stream, stream.Length);
        }

        using var content = ReadPipe(stream);
        return Read(content, content.Length);
    }

    /// <summary>Reads bytes.</summary>
    /// <exception cref="SafetensorsException">They break a rule.</exception>
    public static unsafe SafetensorsFile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return Read(Stream.Null, 0);
        }

        fixed (byte* pointer = bytes)
        {
            using var stream = new UnmanagedMemoryStream(pointer, bytes.Length);
            return Read(stream, bytes.Length);
        }
    }

    private static SafetensorsFile Read(Stream stream, long length)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (length < prefix.Length)
        {
            throw new SafetensorsException(SafetensorsRule.FileTooShort, $"not a safetensors file: {length} bytes are too few");
        }

        Fill(stream, prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(length - prefix.Length))
        {
            throw new SafetensorsException(SafetensorsRule.HeaderBeyondFile, $"not a safetensors file, or one cut short: its header would have {headerLength} bytes, the file has {length}");
        }

        if (headerLength > MaximumHeaderLength)
        {
            throw new SafetensorsException(SafetensorsRule.HeaderTooLong, $"the header has {headerLength} bytes, more than {MaximumHeaderLength}");
        }

        var header = new byte[headerLength];
        Fill(stream, header);
        (var metadata, var entries) = SafetensorsHeader.Parse(header);
        CheckPlaces(entries, length - prefix.Length - header.Length);

        var tensors = new SafetensorsTensor[entries.Count];
        for (var i = 0; i < tensors.Length; i++)
        {
            var entry = entries[i];
            var data = new byte[entry.End - entry.Begin];
            Fill(stream, data);
            tensors[i] = new SafetensorsTensor(entry.Name, entry.Type, entry.Shape, data);
        }

        return new SafetensorsFile(metadata, tensors);
    }

    /// <summary>A pipe does not say how long it is: it is read to its end first, unless its beginning shows that it is no such file.</summary>
    private static MemoryStream ReadPipe(Stream stream)
    {
        var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        var count = stream.ReadAtLeast(buffer, sizeof(ulong), throwOnEndOfStream: false);
        if (count >= sizeof(ulong) && BinaryPrimitives.ReadUInt64LittleEndian(buffer) is > MaximumHeaderLength and var headerLength)
        {
            throw new SafetensorsException(SafetensorsRule.HeaderTooLong, $"not a safetensors file: its header would have {headerLength} bytes");
        }

        for (; count > 0; count = stream.Read(buffer))
        {
            if (content.Length + count > Array.MaxLength)
            {
                throw new SafetensorsException(SafetensorsRule.TensorTooLarge, $"a pipe of more than {Array.MaxLength} bytes: save it as a file first");
            }

            content.Write(buffer, 0, count);
        }

        content.Position = 0;
        return content;
    }

    /// <summary>Sorts the entries by place; they must cover the data from its first byte to its last.</summary>
    private static void CheckPlaces(List<Entry> entries, long dataLength)
    {
        entries.Sort((left, right) => left.Begin != right.Begin ? left.Begin.CompareTo(right.Begin)
            : left.End != right.End ? left.End.CompareTo(right.End) : string.CompareOrdinal(left.Name, right.Name));
        long place = 0;
        foreach (var entry in entries)
        {
            if (entry.End > dataLength)
            {
                throw new SafetensorsException(SafetensorsRule.OffsetsBeyondFile, $"tensor '{SafetensorsHeader.Shorten(entry.Name)}' ends at byte {entry.End} of the data, which has {dataLength}: the file is cut short or damaged");
            }

            if (entry.Begin != place)
            {
                throw new SafetensorsException(SafetensorsRule.NotContiguous, $"tensor '{SafetensorsHeader.Shorten(entry.Name)}' begins at byte {entry.Begin} of the data, not at {place} where the one before it ends");
            }

            if (entry.End - entry.Begin > Array.MaxLength)
            {
                throw new SafetensorsException(SafetensorsRule.TensorTooLarge, $"tensor '{SafetensorsHeader.Shorten(entry.Name)}' has {entry.End - entry.Begin} bytes, more than {Array.MaxLength}");
            }

            place = entry.End;
        }

        if (place != dataLength)
        {
            throw new SafetensorsException(SafetensorsRule.NotContiguous, $"{dataLength - place} bytes follow the last tensor");
        }
    }

    private static void Fill(Stream stream, Span<byte> destination)
    {
        var read = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (read < destination.Length)
        {
            throw new SafetensorsException(SafetensorsRule.FileTooShort, "the file became shorter while it was read");
        }
    }

    /// <summary>The file's bytes. The same metadata and tensors in the same order give the same bytes.</summary>
    /// <exception cref="InvalidOperationException">The file would not fit an array (2 GB).</exception>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    /// <summary>Writes the file's bytes to a stream, each tensor with one write.</summary>
    public void Write(Stream stream)
    {
        var header = Header();
        stream.Write(header);
        foreach (var tensor in Tensors)
        {
            stream.Write(tensor.Data.Span);
        }
    }

    /// <summary>The length and the header, padded with spaces to a multiple of 8 so that the tensors are aligned.</summary>
    private byte[] Header()
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (Metadata.Count > 0)
            {
                writer.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var key in Metadata.Keys)
                {
                    if (Metadata.TryGetUtf8(key, out var value))
                    {
                        writer.WriteString(key, value);
                    }
                }

                writer.WriteEndObject();
            }

            long place = 0;
            foreach (var tensor in Tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", tensor.Type.ToString());
                writer.WriteStartArray("shape");
                foreach (var extent in tensor.Shape)
                {
                    writer.WriteNumberValue(extent);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(place);
                writer.WriteNumberValue(place += tensor.Data.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        var header = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    /// <summary>What the header says of one tensor; already known to be consistent in itself.</summary>
    internal sealed record Entry(string Name, TensorType Type, long[] Shape, long Begin, long End);
}
