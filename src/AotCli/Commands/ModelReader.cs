using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>Reads the model that a command line names.</summary>
internal static class ModelReader
{
    /// <summary>The file that is meant: the path itself, or the best weights of a run's folder.</summary>
    public static string FileOf(string path) => Directory.Exists(path) ? Path.Combine(path, RunFolder.BestName) : path;

    /// <summary>The file that a training begins from: the path itself, or the state in which a run's folder was saved, which has the optimiser's sums too.</summary>
    public static string StateOf(string path) => Directory.Exists(path) ? Path.Combine(path, RunFolder.LastName) : path;

    /// <summary>Reads a .safetensors file, or the best weights of a run's folder.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="again">It is read again later, which a pipe cannot be.</param>
    /// <exception cref="UsageException">There is no such file, or it is no model.</exception>
    public static ModelFile Read(string path, bool again = false)
    {
        var file = FileOf(path);
        try
        {
            if (again)
            {
                using var stream = File.OpenRead(file);
                if (!stream.CanSeek)
                {
                    throw new UsageException($"{file} is a pipe, and a run reads the weights it began from more than once: save them as a file first");
                }
            }

            return ModelFile.Read(file);
        }
        catch (SafetensorsException exception)
        {
            throw new UsageException($"{file}: {exception.Message}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException(Path.GetDirectoryName(file) is { Length: > 0 } folder && Path.GetFileName(file) is RunFolder.BestName or RunFolder.LastName && Directory.Exists(folder)
                ? $"{folder} is a folder without {Path.GetFileName(file)}: give a run's folder or a .safetensors file" : $"{file}: no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file} cannot be read: {exception.Message}");
        }
    }
}
