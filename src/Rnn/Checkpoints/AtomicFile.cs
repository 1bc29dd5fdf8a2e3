namespace CharRnn.Rnn.Checkpoints;

/// <summary>Replaces a file as a whole: whatever happens, the old content or the new one is there, never a part of either.</summary>
public static class AtomicFile
{
    private const string TemporaryPrefix = ".charrnn-", TemporaryEnding = ".tmp";
    private const int MostAttempts = 10;

    /// <summary>
    /// Writes a file: a temporary one of a name that nobody has, in the same folder, flushed to disk, renamed, the folder flushed. A symbolic
    /// link stays, and the file that it leads to is replaced. A device or a pipe is written into as it stands.
    /// </summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It could not be written; the old content is still there, and the temporary file is gone where the system lets it be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    public static void Write(IFileSystem files, string path, Action<Stream> write)
    {
        switch (files.KindOf(path))
        {
            case FileKind.Folder:
                throw new IOException($"{path} is a folder");
            case FileKind.Other:
                using (var stream = files.OpenWrite(path))
                {
                    write(stream);
                }

                return;
        }

        var target = files.FollowLinks(path);
        var folder = Path.GetDirectoryName(target) is { Length: > 0 } named ? named : ".";
        var temporary = "";
        try
        {
            using (var stream = CreateTemporary(files, folder, out temporary))
            {
                write(stream);
                files.FlushToDisk(stream);
                files.Rename(temporary, target);   // still open: until it has its name, nobody may take it for abandoned
            }
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

    /// <summary>Deletes the temporary files of a folder whose processes have died. What cannot be deleted stays.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">A folder that exists.</param>
    public static void DeleteAbandoned(IFileSystem files, string folder)
    {
        try
        {
            foreach (var name in files.FindFiles(folder, TemporaryPrefix))
            {
                if (IsTemporary(name))
                {
                    files.DeleteUnlessOpen(Path.Combine(folder, name));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // They are in nobody's way.
        }
    }

    /// <summary>Whether a file's name is one that a file has while it is being written.</summary>
    internal static bool IsTemporary(string name) =>
        name.Length == TemporaryPrefix.Length + 32 + TemporaryEnding.Length && name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)
        && name.EndsWith(TemporaryEnding, StringComparison.Ordinal) && Guid.TryParseExact(name.AsSpan(TemporaryPrefix.Length, 32), "N", out _);

    private static Stream CreateTemporary(IFileSystem files, string folder, out string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            path = Path.Combine(folder, $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporaryEnding}");
            // Between its making and its locking another process may find it abandoned: it is in the way of the lock, or has deleted it.
            try
            {
                var stream = files.CreateNew(path);
                if (files.KindOf(path) is not FileKind.None || attempt == MostAttempts)
                {
                    return stream;
                }

                stream.Dispose();
            }
            catch (IOException exception) when (attempt < MostAttempts && PhysicalFileSystem.IsInUse(exception))
            {
            }
        }
    }

    private static void TryDelete(IFileSystem files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What failed before is what matters; who finds the file abandoned deletes it.
        }
    }
}
