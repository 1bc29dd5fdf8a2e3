using CharRnn.Rnn.Checkpoints;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Writes a file that the user named, or that has its place beside one, and speaks of that name when it cannot.</summary>
internal static class OutputFile
{
    /// <summary>Creates or replaces a file as a whole (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="advice">What to do where it cannot be written, such as <c>give --out another file</c>.</param>
    /// <exception cref="CommandFailedException">It cannot be written; what was there before is still there.</exception>
    public static void Write(string path, byte[] content, string advice)
    {
        try
        {
            AtomicFile.Write(path, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The messages of these three name the temporary file, which means nothing to the user.
            var reason = exception switch
            {
                DirectoryNotFoundException => "there is no such folder",
                FileNotFoundException => "no file can be created in that folder",
                UnauthorizedAccessException => "permission denied",
                _ => exception.Message,
            };
            throw new CommandFailedException($"{path} cannot be written: {reason}; {advice}");
        }
    }
}
