using System.Globalization;
using System.Text;
using System.Text.Json;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Runs;

/// <summary>
/// A run's folder, for reading: config.json, metrics.jsonl (and the same as metrics.csv), samples.jsonl (and the same to be read, samples.txt),
/// last.safetensors, best.safetensors, best.txt; where checkpoints are kept, step-1000.safetensors and so on;
/// where <c>charrnn lab</c> made it, what <c>gradcheck --json</c> and <c>bench --json</c> print, as gradcheck.json and bench.json, and the extra tasks as bonus.json.
/// A run that is still going can be read; a line that is not yet written to its end is left out.
/// </summary>
public sealed class RunFolder
{
#pragma warning disable CS1591 // the files' names
    public const string ConfigurationName = "config.json";
    public const string MetricsName = "metrics.jsonl";
    public const string MetricsTableName = "metrics.csv";
    public const string SamplesName = "samples.jsonl";
    public const string SamplesTextName = "samples.txt";
    public const string LastName = "last.safetensors";
    public const string BestName = "best.safetensors";
    public const string BestTextName = "best.txt";
    public const string GradientCheckName = "gradcheck.json";
    public const string BenchmarkName = "bench.json";
    public const string BonusName = "bonus.json";
    public const string LockName = ".lock";
#pragma warning restore CS1591

    internal const string CheckpointPrefix = "step-";
    private const string CheckpointEnd = ".safetensors";

    private readonly IFileSystem _files;

    private RunFolder(IFileSystem files, string path, RunConfiguration configuration) => (_files, Path, Configuration) = (files, path, configuration);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What the run was asked to do.</summary>
    public RunConfiguration Configuration { get; }

    /// <summary>The path of the weights after the last checkpoint.</summary>
    public string LastWeights => System.IO.Path.Combine(Path, LastName);

    /// <summary>The path of the weights of the lowest smooth loss.</summary>
    public string BestWeights => System.IO.Path.Combine(Path, BestName);

    /// <summary>The name of the checkpoint that is kept of an update.</summary>
    internal static string CheckpointName(long step) => string.Create(CultureInfo.InvariantCulture, $"{CheckpointPrefix}{step}{CheckpointEnd}");

    /// <summary>The update of such a name; null where it is none.</summary>
    internal static long? StepOfCheckpoint(string name) =>
        name.EndsWith(CheckpointEnd, StringComparison.Ordinal) && long.TryParse(name.AsSpan(CheckpointPrefix.Length, Math.Max(0, name.Length - CheckpointPrefix.Length - CheckpointEnd.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var step) && CheckpointName(step) == name ? step : null;

    /// <summary>Opens a run.</summary>
    /// <param name="path">Its folder.</param>
    /// <exception cref="InvalidRunException">It holds no run.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    public static RunFolder Open(string path) => Open(PhysicalFileSystem.Instance, path);

    /// <summary>Opens a run through a file system.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static RunFolder Open(IFileSystem files, string path)
    {
        RefuseMissing(files, path);
        return new RunFolder(files, path, ReadConfiguration(files, path));
    }

    /// <summary>The lines of metrics.jsonl, oldest first, read as they are asked for; none where there is no such file.</summary>
    /// <exception cref="InvalidRunException">A line is no record.</exception>
    public IEnumerable<MetricsRecord> ReadMetrics() => ReadLines(MetricsName, MetricsRecord.FromJson);

    /// <summary>The lines of samples.jsonl, oldest first; none where there is no such file.</summary>
    /// <exception cref="InvalidRunException">A line is no record.</exception>
    public IReadOnlyList<SampleRecord> ReadSamples() => ReadSamples(_files, Path);

    /// <summary>best.txt, or null where it is not written yet.</summary>
    public string? ReadBestText()
    {
        var path = System.IO.Path.Combine(Path, BestTextName);
        return _files.FileExists(path) ? Encoding.UTF8.GetString(ReadAll(path)) : null;
    }

    /// <exception cref="InvalidRunException">There is no such folder.</exception>
    internal static void RefuseMissing(IFileSystem files, string path)
    {
        if (files.KindOf(path) is not FileKind.Folder)
        {
            throw new InvalidRunException($"{path}: no such folder; give the folder of a run");
        }
    }

    internal static IReadOnlyList<SampleRecord> ReadSamples(IFileSystem files, string folder) =>
        [.. RecordFile.Read(files, System.IO.Path.Combine(folder, SamplesName), RecordFile.Json(SampleRecord.FromJson)).Select(line => line.Record)];

    internal static RunConfiguration ReadConfiguration(IFileSystem files, string folder)
    {
        using var stream = OpenConfiguration(files, folder);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return RunConfiguration.FromJson(content.ToArray(), System.IO.Path.Combine(folder, ConfigurationName));
    }

    /// <summary>Opens config.json, which tells a run's folder from others. To ask whether it exists would say no as well where permission is missing.</summary>
    /// <exception cref="InvalidRunException">There is none.</exception>
    /// <exception cref="UnauthorizedAccessException">The permissions refuse.</exception>
    internal static Stream OpenConfiguration(IFileSystem files, string folder)
    {
        try
        {
            return files.OpenRead(System.IO.Path.Combine(folder, ConfigurationName));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidRunException($"{folder} holds no run: it has no {ConfigurationName}", exception);
        }
    }

    private IEnumerable<TRecord> ReadLines<TRecord>(string name, Func<JsonElement, TRecord> parse) =>
        RecordFile.Read(_files, System.IO.Path.Combine(Path, name), RecordFile.Json(parse)).Select(line => line.Record);

    private byte[] ReadAll(string path)
    {
        using var stream = _files.OpenRead(path);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
