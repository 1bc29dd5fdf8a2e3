namespace CharRnn.Rnn.Checkpoints;

/// <summary>Replaces a file as a whole: whatever happens, the old content or the new one is there, never a part of either.</summary>
public static class AtomicFile
{
    /// <summary>How the name of a file that is being written ends.</summary>
    public const string TemporaryEnding = ".tmp";

    /// <summary>Writes a file: a temporary one in the same folder, flushed to disk, renamed, the folder flushed.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It could not be written; the old content is still there, and the temporary file is gone where the system lets it be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    public static void Write(IFileSystem files, string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = path + TemporaryEnding;
        try
        {
            using (var stream = files.Create(temporary))
            {
                write(stream);
                files.FlushToDisk(stream);
            }

            files.Rename(temporary, path);
        }
        catch
        {
            TryDelete(files, temporary);
            throw;
        }

        files.FlushFolder(folder);
    }

    /// <summary>Writes bytes.</summary>
    /// <inheritdoc cref="Write(IFileSystem, string, Action{Stream})"/>
    public static void Write(IFileSystem files, string path, byte[] content) => Write(files, path, stream => stream.Write(content));

    /// <summary>Writes bytes to the machine's file system.</summary>
    /// <inheritdoc cref="Write(IFileSystem, string, Action{Stream})"/>
    public static void Write(string path, byte[] content) => Write(PhysicalFileSystem.Instance, path, content);

    private static void TryDelete(IFileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What failed before is what matters; the next save overwrites the file.
        }
    }
}
