using System.Text.Json;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Runs;

/// <summary>The records of a file of lines, read as a stream. A line that is none is named.</summary>
internal static class RecordFile
{
    /// <summary>What can be done where no line needs another.</summary>
    public const string DeleteIt = "repair that line or delete it; the others stand for themselves";

    /// <summary>The records in order. What stands at the end without a line feed, and is no record, is a line that is still being written.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="path">The file; where there is none, there are no records.</param>
    /// <param name="parse">Makes a record of a line, without its line feed; throws a <see cref="FormatException"/> where it cannot.</param>
    /// <param name="mend">What is to be done with a damaged line, to end a message.</param>
    /// <returns>Each record, and where in the file its line ends.</returns>
    /// <exception cref="InvalidRunException">A line is no record.</exception>
    public static IEnumerable<(TRecord Record, long Number, long End, bool IsWhole)> Read<TRecord>(IFileSystem files, string path, Func<ReadOnlyMemory<byte>, TRecord> parse, string mend = DeleteIt)
    {
        if (!files.FileExists(path))
        {
            yield break;
        }

        using var stream = files.OpenRead(path);
        var lines = new LineReader(stream);
        while (Next(out var record))
        {
            yield return (record, lines.Number, lines.End, lines.IsWhole);
        }

        bool Next(out TRecord record)
        {
            record = default!;
            try
            {
                if (!lines.Read())
                {
                    return false;
                }

                record = parse(lines.Line);
                return true;
            }
            catch (FormatException) when (!lines.IsWhole && lines.Line.Length > 0)
            {
                return false;
            }
            catch (FormatException exception)
            {
                throw Damaged(path, lines.Number, mend, exception);
            }
        }
    }

    /// <summary>The records of JSON lines.</summary>
    /// <param name="parse">Makes a record of a line's object; what it throws where something is missing or of another kind becomes a <see cref="FormatException"/>.</param>
    public static Func<ReadOnlyMemory<byte>, TRecord> Json<TRecord>(Func<JsonElement, TRecord> parse) => line =>
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return parse(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException(exception.Message, exception);
        }
    };

    /// <summary>What is said of a line that is no record.</summary>
    public static InvalidRunException Damaged(string path, long number, string mend, Exception? exception = null) =>
        new($"line {number} of {path} is damaged: {mend}", exception);
}
