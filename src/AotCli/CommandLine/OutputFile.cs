using System.Text;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Writes a file that the user named, or that has its place beside one, and speaks of that name when it cannot.</summary>
internal static class OutputFile
{
    /// <summary>Enough for the title of a page, whatever the run is called.</summary>
    private const int BytesOfBeginning = 8192;

    private static readonly PhysicalFileSystem Files = PhysicalFileSystem.Instance;

    /// <summary>Whether the path is that of a device or a pipe, which takes what is written to it and holds nothing.</summary>
    public static bool IsStream(string path) => Files.KindOf(path) is FileKind.Other;

    /// <summary>Refuses to replace a file that this program did not write. An empty one, such as mktemp makes, holds nothing to lose.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What would be written, such as <c>a page</c>.</param>
    /// <param name="remedy">What to do instead.</param>
    /// <param name="isOwn">Whether this program wrote what is there.</param>
    /// <exception cref="UsageException">A file of the user's own is there, or a folder.</exception>
    public static void RefuseForeign(string path, string what, string remedy, Func<Stream, bool> isOwn)
    {
        switch (Files.KindOf(path))
        {
            case FileKind.Folder:
                throw new UsageException($"{path} is a folder: {remedy}");
            case FileKind.Regular when !IsOwn(path, isOwn):
                throw new UsageException($"{path} is there already and not {what} that charrnn wrote: {remedy}");
        }
    }

    /// <summary>Whether a mark of what this program writes stands at the beginning of a file.</summary>
    public static bool Begins(Stream file, string mark)
    {
        var beginning = new byte[BytesOfBeginning];
        return Encoding.UTF8.GetString(beginning, 0, file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)).Contains(mark, StringComparison.Ordinal);
    }

    /// <summary>What is written under the name of a device of Windows is gone.</summary>
    /// <param name="path">The file to be written.</param>
    /// <param name="advice">What to do.</param>
    /// <exception cref="UsageException">It is the name of a device, in Windows.</exception>
    public static void RefuseDevice(string path, string advice)
    {
        if (OperatingSystem.IsWindows() && DeviceName.In(path) is { } device)
        {
            throw new UsageException($"'{device}' is the name of a device in Windows: {advice}");
        }
    }

    /// <summary>Creates or replaces a file as a whole (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="advice">What to do where it cannot be written, such as <c>give --out another file</c>.</param>
    /// <exception cref="UsageException">It is the name of a device.</exception>
    /// <exception cref="CommandFailedException">It cannot be written; what was there before is still there.</exception>
    public static void Write(string path, byte[] content, string advice)
    {
        RefuseDevice(path, advice);
        try
        {
            AtomicFile.Write(Files, path, content);
            AtomicFile.DeleteAbandoned(Files, Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".");
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

    private static bool IsOwn(string path, Func<Stream, bool> isOwn)
    {
        try
        {
            using var stream = Files.OpenRead(path);
            return stream.Length == 0 || isOwn(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;   // nobody can say what it is
        }
    }
}
