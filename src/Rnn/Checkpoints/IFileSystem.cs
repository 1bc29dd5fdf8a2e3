namespace CharRnn.Rnn.Checkpoints;

/// <summary>Every operation on files that a run makes. Tests put a failure behind each of them in turn.</summary>
public interface IFileSystem
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    Stream OpenRead(string path);

    /// <summary>
    /// Creates a file for writing under a name that nobody has. Others may read it meanwhile, and it may be renamed; until it is closed,
    /// <see cref="DeleteUnlessOpen"/> leaves it. Every write goes to the system at once.
    /// </summary>
    /// <exception cref="IOException">The name is taken, or the system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    Stream CreateNew(string path);

    /// <summary>Opens what is there for writing, a device or a pipe for example. Every write goes to the system at once.</summary>
    /// <inheritdoc cref="OpenRead"/>
    Stream OpenWrite(string path);

    /// <summary>Opens a file for reading and writing, created where it is missing. Every write goes to the system at once.</summary>
    /// <inheritdoc cref="OpenRead"/>
    Stream OpenOrCreate(string path);

    /// <summary>Returns when what was written to the stream is on the disk.</summary>
    /// <param name="stream">A stream of this file system.</param>
    void FlushToDisk(Stream stream);

    /// <summary>Gives a file a name in the same folder, in the place of the file that has it, in one step.</summary>
    void Rename(string path, string newPath);

    /// <summary>Returns when the names in a folder are on the disk.</summary>
    void FlushFolder(string path);

    /// <summary>Deletes a file; nothing happens where there is none.</summary>
    void Delete(string path);

    /// <summary>Deletes a file that <see cref="CreateNew"/> made, unless a process still has it open.</summary>
    void DeleteUnlessOpen(string path);

    /// <summary>The names in a folder that begin with a prefix, of files.</summary>
    IReadOnlyList<string> FindFiles(string folder, string prefix);

    /// <summary>What stands behind a path; <see cref="FileKind.None"/> also where that cannot be seen.</summary>
    FileKind KindOf(string path);

    /// <summary>Where a symbolic link leads in the end, whether or not something is there; the path itself where it is no link.</summary>
    /// <exception cref="IOException">It leads round in a circle.</exception>
    string FollowLinks(string path);

    /// <summary>Whether there is such a file.</summary>
    bool FileExists(string path);

    /// <summary>Creates a folder and those above it; nothing happens where it is there.</summary>
    void CreateFolder(string path);

    /// <summary>Deletes an empty folder.</summary>
    void DeleteFolder(string path);

    /// <summary>
    /// Takes the system's lock of a file, which is created where it is missing. The system gives it free when the process ends, however it ends.
    /// On a file system without locks it is taken in name only: a second time as well.
    /// </summary>
    /// <returns>Gives it free; null where somebody has it.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    IDisposable? LockFile(string path);

    /// <summary>Takes the system's lock of a folder itself, which nobody can delete as a file can be deleted. Not every system has it; there it is taken in name only.</summary>
    /// <returns>Gives it free; null where somebody has it.</returns>
    IDisposable? LockFolder(string path);
}
