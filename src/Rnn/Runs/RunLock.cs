using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Runs;

/// <summary>
/// Keeps a second process off a run's folder. The operating system holds the lock, not a file's existence: when the process ends, however it
/// ends, the lock is gone. The folder itself is locked, so that nobody gets in who deletes <c>.lock</c>, and that file as well, for the systems
/// and file systems that lock no folders.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly IFileSystem _files;
    private readonly IDisposable _folder;
    private readonly string _path;
    private readonly bool _isNew;
    private IDisposable? _file;
    private bool _isKept;

    private RunLock(IFileSystem files, string folder)
    {
        (_files, _path) = (files, Path.Combine(folder, RunFolder.LockName));
        _folder = Patiently(() => files.LockFolder(folder)) ?? throw InUse(folder);
        try
        {
            _isNew = files.KindOf(_path) is FileKind.None;
            _file = Patiently(() => files.LockFile(_path)) ?? throw InUse(folder);
            // Who has a lock cannot take it again.
            using var again = files.LockFile(_path);
            IsReal = again is null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the file system has locks; else nothing keeps a second process off.</summary>
    public bool IsReal { get; }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="InvalidRunException">Another process has it.</exception>
    /// <exception cref="IOException">Its file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    public static RunLock Take(IFileSystem files, string folder) => new(files, folder);

    /// <summary>The folder is written from now on: the lock's file stays.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        if (_file is not null)
        {
            _file.Dispose();
            if (_isNew && !_isKept)
            {
                TryDelete();   // nobody has taken it in between: the folder is still locked
            }
        }

        _file = null;
        _folder.Dispose();
    }

    /// <summary>A lock may still be with a program that is just being started: for that moment it has all that this process has open.</summary>
    private static IDisposable? Patiently(Func<IDisposable?> take)
    {
        const int mostAttempts = 100;
        for (var attempt = 1; ; attempt++)
        {
            var taken = take();
            if (taken is not null || attempt == mostAttempts)
            {
                return taken;
            }

            Thread.Sleep(1);
        }
    }

    private void TryDelete()
    {
        try
        {
            _files.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An empty file more.
        }
    }

    private static InvalidRunException InUse(string folder) => new($"another process is training in {folder}: wait for it, stop it, or choose another folder");
}
