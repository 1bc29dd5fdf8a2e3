namespace CharRnn.Rnn.Checkpoints;

/// <summary>Every operation on files that a run makes. Tests put a failure behind each of them in turn.</summary>
public interface IFileSystem
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="IOException">The system refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    Stream OpenRead(string path);

    /// <summary>Creates a file, or empties the one that is there, for writing. Every write goes to the system at once.</summary>
    /// <inheritdoc cref="OpenRead"/>
    Stream Create(string path);

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

    /// <summary>Whether there is such a file.</summary>
    bool FileExists(string path);

    /// <summary>Creates a folder and those above it; nothing happens where it is there.</summary>
    void CreateFolder(string path);
}
