using System.Runtime.InteropServices;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>The machine's file system.</summary>
public sealed partial class PhysicalFileSystem : IFileSystem
{
    private PhysicalFileSystem()
    {
    }

    /// <summary>There is only one.</summary>
    public static PhysicalFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public Stream OpenRead(string path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc/>
    public Stream Create(string path) => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc/>
    public Stream OpenOrCreate(string path) => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc/>
    public void FlushToDisk(Stream stream) => ((FileStream)stream).Flush(flushToDisk: true);

    /// <inheritdoc/>
    public void Rename(string path, string newPath) => File.Move(path, newPath, overwrite: true);

    /// <inheritdoc/>
    public void FlushFolder(string path)
    {
        // .NET opens no folders. On Windows a rename needs no such flush.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, 0 /* O_RDONLY */);
        if (descriptor < 0)
        {
            throw Failure(path);
        }

        try
        {
            if (Flush(descriptor) < 0 && Marshal.GetLastPInvokeError() is not (22 or 95) /* EINVAL, ENOTSUP: a file system without it */)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}' could not be flushed to disk");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
