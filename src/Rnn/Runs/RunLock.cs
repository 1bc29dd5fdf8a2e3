namespace CharRnn.Rnn.Runs;

/// <summary>
/// Keeps a second process off a run's folder. The operating system holds the lock, not the file's existence: when the process ends, however it
/// ends, the lock is gone.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    private RunLock(FileStream file) => _file = file;

    /// <exception cref="InvalidRunException">Another process has the lock.</exception>
    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, RunFolder.LockName);
        try
        {
            return new RunLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException exception) when (File.Exists(path) && exception is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new InvalidRunException($"another process is training in {folder}: wait for it, stop it, or choose another folder", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
