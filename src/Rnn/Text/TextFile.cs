namespace CharRnn.Rnn.Text;

/// <summary>Reads a text from a file, a pipe or a stream, in one pass. Memory: the encoded text and a few megabytes.</summary>
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

        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            var expected = stream.CanSeek ? stream.Length : 0;
            return Read(stream, path, expected);
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
            return Read(stream, name, expectedLength: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidTextException($"{name} cannot be read: {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    internal static EncodedText Read(Stream stream, string name, long expectedLength)
    {
        var encoder = new TextEncoder(name);
        var buffer = new byte[1 << 16];
        long total = 0;
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            encoder.Append(buffer.AsSpan(0, count));
            total += count;
        }

        if (total < expectedLength)
        {
            throw new InvalidTextException($"{name} became shorter while it was read: {total} of {expectedLength} bytes are left; try again when nothing writes to it");
        }

        var text = encoder.Finish();
        return text.Length > 0 ? text : throw new InvalidTextException($"{name} is empty: give a text of at least one character");
    }
}
