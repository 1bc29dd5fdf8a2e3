using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>The machine's file system.</summary>
public sealed partial class PhysicalFileSystem : IFileSystem
{
    // Not together with anybody who has the file open: on Unix only None says so, and on Windows what is opened thus could not be deleted.
    private static readonly FileShare Exclusive = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    // Numbers of <errno.h>, but for the last, which is that of Windows' ERROR_SHARING_VIOLATION.
    private static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;
    // Of <fcntl.h>: a program that is started must not inherit a lock.
    private static readonly int CloseOnExecute = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private const int InvalidArgument = 22, NotSupported = 95, SharingViolation = unchecked((int)0x80070020);

    private PhysicalFileSystem()
    {
    }

    /// <summary>There is only one.</summary>
    public static PhysicalFileSystem Instance { get; } = new();

    /// <inheritdoc/>
    public Stream OpenRead(string path)
    {
        const int mostAttempts = 100;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            }
            catch (IOException exception) when (IsInUse(exception) && attempt < mostAttempts)
            {
                Thread.Sleep(1);   // somebody has found it under the name that it was written with, and looks whether it is abandoned
            }
        }
    }

    /// <inheritdoc/>
    public Stream CreateNew(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc/>
    public Stream OpenWrite(string path) => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

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

        var descriptor = open(path, CloseOnExecute);
        if (descriptor < 0)
        {
            throw Failure(path);
        }

        try
        {
            // A file system may have no such flush.
            if (fsync(descriptor) < 0 && Marshal.GetLastPInvokeError() is not (InvalidArgument or NotSupported))
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void DeleteUnlessOpen(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, Exclusive, bufferSize: 0);
            File.Delete(path);
        }
        catch (IOException exception) when (IsInUse(exception))
        {
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindFiles(string folder, string prefix) => [.. Directory.EnumerateFiles(folder, prefix + "*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public FileKind KindOf(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            // struct statx is the same on every processor: 256 bytes, the mode at 28.
            const int here = -100, typeOnly = 1, modeAt = 28;
            Span<byte> status = stackalloc byte[256];
            return statx(here, path, 0, typeOnly, status) != 0 ? FileKind.None : (BinaryPrimitives.ReadUInt16LittleEndian(status[modeAt..]) & 0xF000) switch
            {
                0x8000 => FileKind.Regular,
                0x4000 => FileKind.Folder,
                _ => FileKind.Other,
            };
        }

        return Directory.Exists(path) ? FileKind.Folder
            : OperatingSystem.IsWindows() && path.Length > 0 && Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal) ? FileKind.Other
            : File.Exists(path) ? FileKind.Regular : FileKind.None;
    }

    /// <inheritdoc/>
    public string FollowLinks(string path)
    {
        try
        {
            // Of a path without a folder .NET takes a link's target as one below the root.
            return File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true)?.FullName ?? path;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return path;
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public void DeleteFolder(string path) => Directory.Delete(path);

    /// <inheritdoc/>
    public IDisposable? LockFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (IsInUse(exception))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IDisposable? LockFolder(string path)
    {
        const int exclusiveWithoutWaiting = 2 | 4;
        if (OperatingSystem.IsWindows())
        {
            return new Descriptor(-1);
        }

        var folder = new Descriptor(open(path, CloseOnExecute));
        if (folder.IsInvalid || flock(folder.Number, exclusiveWithoutWaiting) == 0 || Marshal.GetLastPInvokeError() != WouldBlock)
        {
            return folder;
        }

        folder.Dispose();
        return null;
    }

    /// <summary>Whether somebody else holds the file: an error that passes.</summary>
    public static bool IsInUse(IOException exception) => exception.HResult == (OperatingSystem.IsWindows() ? SharingViolation : WouldBlock);

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}' could not be flushed to disk");
    }

    private sealed class Descriptor : SafeHandleMinusOneIsInvalid
    {
        public Descriptor(int number)
            : base(ownsHandle: true) => SetHandle(number);

        public int Number => (int)handle;

        protected override bool ReleaseHandle() => close(Number) == 0;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(int descriptor, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
