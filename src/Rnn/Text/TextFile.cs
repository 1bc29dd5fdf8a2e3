using System.IO.Compression;

namespace CharRnn.Rnn.Text;

/// <summary>
/// Reads a text from files, a pipe or a stream, in one pass. What begins as gzip does is unpacked. Memory: the encoded text and a few megabytes.
/// </summary>
public static class TextFile
{
    /// <summary>Reads a UTF-8 file, named pipe or device. A byte-order mark is dropped; nothing else is changed, line ends included.</summary>
    /// <exception cref="InvalidTextException">
    /// There is no such file, it is a directory, may not be read, is empty, is not UTF-8, or became shorter while it was read.
    /// </exception>
    public static EncodedText Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InvalidTextException($"{path} is a directory: give a UTF-8 text file");
        }

        var encoder = new TextEncoder(path);
        Append(encoder, path);
        return Finish(encoder, path);
    }

    /// <summary>Reads several files as one text, in their order; each begins a text of its own (<see cref="EncodedText.Beginnings"/>). Of a folder all files are read, and those of its folders, by name; what begins with a dot is not.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <exception cref="InvalidTextException">One of them cannot be read, as in <see cref="Read(string)"/>; all of them are empty; a folder has no file.</exception>
    public static EncodedText Read(IReadOnlyList<string> paths)
    {
        string[] files = [.. paths.SelectMany(Files)];
        var encoder = new TextEncoder(files[0]);
        foreach (var file in files)
        {
            encoder.BeginText(file);
            Append(encoder, file);
        }

        return Finish(encoder, files.Length == 1 ? files[0] : $"the text of {files.Length} files");
    }

    /// <summary>The files that a path stands for: itself, or those in the folder.</summary>
    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        try
        {
            string[] files = [.. Directory.EnumerateFileSystemEntries(path).Where(entry => !Path.GetFileName(entry).StartsWith('.')).Order(StringComparer.Ordinal).SelectMany(Files)];
            return files.Length > 0 ? files : throw new InvalidTextException($"{path} has no file: give a text, or a folder of texts");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InvalidTextException($"{path} may not be read: permission denied", exception);
        }
        catch (IOException exception)
        {
            throw new InvalidTextException($"{path} cannot be read: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static void Append(TextEncoder encoder, string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            Append(encoder, stream, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidTextException($"{path}: no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InvalidTextException($"{path} may not be read: permission denied", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw new InvalidTextException($"{path} cannot be read: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>Reads UTF-8 text to a stream's end, such as standard input's.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What messages call the text.</param>
    /// <exception cref="InvalidTextException">The text is empty, is not UTF-8 or cannot be read.</exception>
    public static EncodedText Read(Stream stream, string name)
    {
        try
        {
            var encoder = new TextEncoder(name);
            Append(encoder, stream, name);
            return Finish(encoder, name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidTextException($"{name} cannot be read: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    /// <summary>
    /// UTF-16 of most alphabets is UTF-8 as well: of letters with a control character, mostly zero, in every second place. Of UTF-32 three bytes
    /// in four are zero. Zero bytes that mean something stand elsewhere too.
    /// </summary>
    private static void RefuseOtherUnicode(ReadOnlySpan<byte> beginning, string name)
    {
        const int fewestZeros = 8;
        const double almostAll = 0.95;
        Span<int> controls = [0, 0], zeros = [0, 0];
        for (var i = 0; i < beginning.Length; i++)
        {
            zeros[i % 2] += beginning[i] == 0 ? 1 : 0;
            controls[i % 2] += beginning[i] < ' ' && beginning[i] is not ((byte)'\t' or (byte)'\n' or (byte)'\r') ? 1 : 0;
        }

        var all = zeros[0] + zeros[1];
        var isMarked = beginning is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..];
        var isFour = all >= fewestZeros && (double)all / beginning.Length is > 0.6 and < 0.8;
        var isTwo = all >= fewestZeros && Math.Max(controls[0], controls[1]) >= almostAll * (beginning.Length / 2) && all <= beginning.Length / 2 + 1;
        if (!isMarked && !isTwo && !isFour)
        {
            return;
        }

        var bits = isFour ? 32 : 16;
        var order = isMarked ? "" : controls[0] > controls[1] ? "BE" : "LE";
        throw new InvalidTextException($"{name} looks like UTF-{bits}, not UTF-8: convert it with iconv -f UTF-{bits}{order} -t UTF-8");
    }

    private static EncodedText Finish(TextEncoder encoder, string name)
    {
        var text = encoder.Finish();
        return text.Length > 0 ? text : throw new InvalidTextException($"{name} is empty: give a text of at least one character");
    }

    /// <returns>How many bytes of text there were.</returns>
    private static long Append(TextEncoder encoder, Stream stream, string name)
    {
        const int fewest = 4;   // no mark of an encoding or of a packed file is longer
        var expected = stream.CanSeek ? stream.Length - stream.Position : 0;
        var buffer = new byte[1 << 16];
        var count = stream.ReadAtLeast(buffer, fewest, throwOnEndOfStream: false);
        if (buffer.AsSpan(0, count).StartsWith<byte>([0x1F, 0x8B]))
        {
            Unpack(encoder, new ContinuedStream(buffer.AsSpan(0, count).ToArray(), stream), name);
            return 0;
        }

        long total = 0;
        RefuseOtherUnicode(buffer.AsSpan(0, count), name);
        for (; count > 0; count = stream.Read(buffer))
        {
            var read = buffer.AsSpan(0, count);
            try
            {
                encoder.Append(read);
            }
            catch (InvalidTextException exception) when (EncodingGuess.Of(read) is { } encoding)
            {
                throw new InvalidTextException($"{exception.Message}; it looks like {encoding}: convert it with iconv -f {encoding} -t UTF-8", exception);
            }

            total += count;
        }

        if (total < expected)
        {
            throw new InvalidTextException($"{name} became shorter while it was read: {total} of {expected} bytes are left; try again when nothing writes to it");
        }

        return total;
    }

    /// <summary>The last four bytes of a packed text say how long it is, or its last part where it has several: where it comes out shorter, it was cut off.</summary>
    private static void Unpack(TextEncoder encoder, ContinuedStream packed, string name)
    {
        const string damaged = "is a gzip file that cannot be unpacked: it is damaged, or cut off";
        try
        {
            using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
            if (Append(encoder, unpacked, name) < packed.Tail)
            {
                throw new InvalidTextException($"{name} {damaged}");
            }
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidTextException($"{name} {damaged}", exception);
        }
    }
}
