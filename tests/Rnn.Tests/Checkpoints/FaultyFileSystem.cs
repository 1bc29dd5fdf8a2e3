using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Tests.Checkpoints;

public enum Fault
{
    None,
    NoSpace,
    InputOutput,
    ShortWrite,
    Permission,
}

/// <summary>The machine's file system, whose n-th operation fails. Once failed, a full disk stays full and a broken one broken: later writes fail as well.</summary>
internal sealed class FaultyFileSystem(Fault fault, int failAt, bool persistent = false) : IFileSystem
{
    private readonly PhysicalFileSystem _files = PhysicalFileSystem.Instance;

    public int Operations { get; private set; }

    public List<string> Log { get; } = [];

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
            Fault.InputOutput => throw new IOException($"input/output error: {operation}"),
            _ => throw new IOException($"no space left on device: {operation}"),
        };
    }

    public Stream OpenRead(string path)
    {
        Fails($"open {Path.GetFileName(path)}");
        return new FaultyStream(this, Path.GetFileName(path), (FileStream)_files.OpenRead(path));
    }

    public Stream Create(string path)
    {
        Fails($"create {Path.GetFileName(path)}");
        return new FaultyStream(this, Path.GetFileName(path), (FileStream)_files.Create(path));
    }

    public Stream OpenOrCreate(string path)
    {
        Fails($"open {Path.GetFileName(path)}");
        return new FaultyStream(this, Path.GetFileName(path), (FileStream)_files.OpenOrCreate(path));
    }

    public void FlushToDisk(Stream stream)
    {
        // Counted and not done: what it guards against is the machine's end, and thousands of flushes take minutes.
        Fails($"flush {((FaultyStream)stream).Name}");
    }

    public void Rename(string path, string newPath)
    {
        Fails($"rename {Path.GetFileName(path)} {Path.GetFileName(newPath)}");
        _files.Rename(path, newPath);
    }

    public void FlushFolder(string path)
    {
        Fails("flush folder");
    }

    public void Delete(string path) => _files.Delete(path);

    public bool FileExists(string path) => _files.FileExists(path);

    public void CreateFolder(string path)
    {
        Fails("create folder");
        _files.CreateFolder(path);
    }

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
