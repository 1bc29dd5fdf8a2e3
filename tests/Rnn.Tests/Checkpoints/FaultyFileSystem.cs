using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.TensorBoard;

namespace CharRnn.Rnn.Tests.Checkpoints;

public enum Fault
{
    None,
    NoSpace,
    InputOutput,
    ShortWrite,
    Permission,
    InUse,
}

/// <summary>The machine's file system, whose n-th operation fails. Once failed, a full disk stays full and a broken one broken: later writes fail as well.</summary>
internal sealed class FaultyFileSystem(Fault fault, int failAt, bool persistent = false) : IFileSystem
{
    private readonly PhysicalFileSystem _files = PhysicalFileSystem.Instance;

    public int Operations { get; private set; }

    public List<string> Log { get; } = [];

    /// <summary>Whether a lock keeps anybody off; some file systems have none.</summary>
    public bool HasLocks { get; init; } = true;

    /// <summary>A folder that is not there, and the one that stands for it: whoever goes past this interface does not find it.</summary>
    public (string Named, string Real)? Elsewhere { get; init; }

    /// <summary>Counts an operation; throws when it is the one to fail. A short write is told by the result.</summary>
    private bool Fails(string operation, bool isWrite = false)
    {
        Operations++;
        Log.Add(operation);
        if (fault == Fault.None || (persistent ? Operations < failAt : Operations != failAt))
        {
            return false;
        }

        return fault switch
        {
            Fault.ShortWrite when isWrite => true,
            Fault.Permission => throw new UnauthorizedAccessException($"permission denied: {operation}"),
            Fault.InUse => throw new IOException($"somebody else has it: {operation}", OperatingSystem.IsWindows() ? unchecked((int)0x80070020) : OperatingSystem.IsMacOS() ? 35 : 11),
            Fault.InputOutput => throw new IOException($"input/output error: {operation}"),
            _ => throw new IOException($"no space left on device: {operation}"),
        };
    }

    public Stream OpenRead(string path)
    {
        Fails($"open {NameOf(path)}");
        return new FaultyStream(this, NameOf(path), (FileStream)_files.OpenRead(Place(path)));
    }

    public Stream CreateNew(string path)
    {
        Fails($"create {NameOf(path)}");
        return new FaultyStream(this, NameOf(path), (FileStream)_files.CreateNew(Place(path)));
    }

    public Stream OpenWrite(string path)
    {
        Fails($"open {NameOf(path)}");
        return new FaultyStream(this, NameOf(path), (FileStream)_files.OpenWrite(Place(path)));
    }

    public Stream OpenOrCreate(string path)
    {
        Fails($"open {NameOf(path)}");
        return new FaultyStream(this, NameOf(path), (FileStream)_files.OpenOrCreate(Place(path)));
    }

    public void FlushToDisk(Stream stream)
    {
        // Counted and not done: what it guards against is the machine's end, and thousands of flushes take minutes.
        Fails($"flush {((FaultyStream)stream).Name}");
    }

    public void Rename(string path, string newPath)
    {
        Fails($"rename {NameOf(path)} {NameOf(newPath)}");
        _files.Rename(Place(path), Place(newPath));
    }

    public void FlushFolder(string path)
    {
        Fails("flush folder");
    }

    public void Delete(string path)
    {
        Fails($"delete {NameOf(path)}");
        _files.Delete(Place(path));
    }

    public void DeleteUnlessOpen(string path)
    {
        Fails($"delete {NameOf(path)}");
        _files.DeleteUnlessOpen(Place(path));
    }

    public IReadOnlyList<string> FindFiles(string folder, string prefix)
    {
        Fails($"find {prefix}");
        return _files.FindFiles(Place(folder), prefix);
    }

    public FileKind KindOf(string path) => _files.KindOf(Place(path));

    public string FollowLinks(string path)
    {
        Fails($"follow {NameOf(path)}");
        var target = _files.FollowLinks(Place(path));
        return Elsewhere is { } place ? target.Replace(place.Real, place.Named, StringComparison.Ordinal) : target;
    }

    public bool FileExists(string path) => _files.FileExists(Place(path));

    public void CreateFolder(string path)
    {
        Fails("create folder");
        _files.CreateFolder(Place(path));
    }

    public void DeleteFolder(string path)
    {
        Fails("delete folder");
        _files.DeleteFolder(Place(path));
    }

    public IDisposable? LockFile(string path)
    {
        Fails($"lock {NameOf(path)}");
        return HasLocks ? _files.LockFile(Place(path)) : new MemoryStream();
    }

    public IDisposable? LockFolder(string path)
    {
        Fails("lock folder");
        return HasLocks ? _files.LockFolder(Place(path)) : new MemoryStream();
    }

    private string Place(string path) => Elsewhere is { } place ? path.Replace(place.Named, place.Real, StringComparison.Ordinal) : path;

    /// <summary>Names that differ from run to run are written alike.</summary>
    private static string NameOf(string path) =>
        Path.GetFileName(path) is var name && AtomicFile.IsTemporary(name) ? "temporary" : name.StartsWith(EventFile.NamePrefix, StringComparison.Ordinal) ? "events" : name;

    private sealed class FaultyStream(FaultyFileSystem files, string name, FileStream inner) : Stream
    {
        public string Name => name;

        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            files.Fails($"read {name}");
            return inner.Read(buffer);
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value)
        {
            files.Fails($"truncate {name}");
            inner.SetLength(value);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (files.Fails($"write {name}", isWrite: true))
            {
                inner.Write(buffer[..(buffer.Length / 2)]);
                throw new IOException($"no space left on device: write {name}");
            }

            inner.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
