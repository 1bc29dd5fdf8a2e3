using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CharRnn.Rnn.Checkpoints;

namespace CharRnn.Rnn.Runs;

/// <summary>
/// A run's folder, for writing; one process at a time. A checkpoint is saved in an order that a failure at any point leaves resumable:
/// the logs first, so that they reach at least as far as the checkpoint, then the best weights, then the state to go on from.
/// </summary>
public sealed class RunWriter : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(0.5);

    private readonly IFileSystem _files;
    private readonly RunLock _lock;
    private RecordLog? _metrics, _table, _samples;
    private Utf8JsonWriter? _metricsJson, _samplesJson;
    private long _flushed = Stopwatch.GetTimestamp();

    private RunWriter(IFileSystem files, string folder, RunLock runLock) => (_files, Folder, _lock) = (files, folder, runLock);

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The training time at the last line of metrics that was kept.</summary>
    public double ElapsedSeconds { get; private set; }

    /// <summary>The smooth loss on the first line of metrics: what the run began with. Null while there is no line.</summary>
    public double? FirstSmoothLoss { get; private set; }

    /// <summary>Whether a second process is kept off; not where the file system has no locks.</summary>
    public bool IsLocked => _lock.IsReal;

    /// <summary>Creates a run's folder and writes its configuration. Where that fails, nothing of it is left.</summary>
    /// <exception cref="InvalidRunException">The folder holds a run already, or another process is training in it.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static RunWriter Create(IFileSystem files, string folder, RunConfiguration configuration)
    {
        if (OperatingSystem.IsWindows() && DeviceName.In(folder) is { } device)
        {
            throw new InvalidRunException($"'{device}' is the name of a device in Windows: choose another folder for the run");
        }

        if (files.KindOf(folder) is not (FileKind.None or FileKind.Folder))
        {
            throw new InvalidRunException($"{folder} is a file: choose another folder for the run");
        }

        if (!files.FileExists(Path.Combine(folder, RunFolder.LockName)))
        {
            RefuseRun(files, folder);   // nothing is put into a folder of others, a lock neither
        }

        var created = CreateFolders(files, folder);
        RunLock? runLock = null;
        try
        {
            runLock = RunLock.Take(files, folder);
            RefuseRun(files, folder);
            AtomicFile.DeleteAbandoned(files, folder);
            var writer = new RunWriter(files, folder, runLock);
            writer.Replace(RunFolder.ConfigurationName, configuration.ToJson());
            runLock.Keep();
            return writer;
        }
        catch
        {
            runLock?.Dispose();
            DeleteFolders(files, created);
            throw;
        }
    }

    /// <summary>Takes over a run's folder to go on with it.</summary>
    /// <exception cref="InvalidRunException">It holds no run, or another process is training in it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunWriter Resume(IFileSystem files, string folder)
    {
        RunFolder.RefuseMissing(files, folder);
        RunFolder.OpenConfiguration(files, folder).Dispose();   // no lock is put into a folder that holds no run
        var writer = new RunWriter(files, folder, RunLock.Take(files, folder));
        AtomicFile.DeleteAbandoned(files, folder);
        return writer;
    }

    /// <summary>Reads the configuration.</summary>
    /// <exception cref="InvalidRunException">It is damaged.</exception>
    public RunConfiguration ReadConfiguration() => RunFolder.ReadConfiguration(_files, Folder);

    /// <summary>Replaces the configuration.</summary>
    public void WriteConfiguration(RunConfiguration configuration) => Replace(RunFolder.ConfigurationName, configuration.ToJson());

    /// <summary>Reads a model of the folder; null where it is not there.</summary>
    /// <exception cref="SafetensorsException">It is damaged.</exception>
    public ModelFile? ReadModel(string name)
    {
        var path = Path.Combine(Folder, name);
        return _files.FileExists(path) ? ModelFile.From(SafetensorsFile.Read(_files, path)) : null;
    }

    /// <summary>Opens the logs and cuts them back to a checkpoint. The table of metrics is written anew where it is not there.</summary>
    /// <param name="step">The updates that the checkpoint has.</param>
    /// <param name="isValidated">Whether the run has held-out text, for which the table has a column.</param>
    /// <exception cref="InvalidRunException">A line is damaged; then nothing is cut.</exception>
    public void OpenLogs(long step, bool isValidated = false)
    {
        var (metricsPath, tablePath, samplesPath) = (Path.Combine(Folder, RunFolder.MetricsName), Path.Combine(Folder, RunFolder.MetricsTableName), Path.Combine(Folder, RunFolder.SamplesName));
        var readMetrics = RecordFile.Json(MetricsRecord.FromJson);
        var readSample = RecordFile.Json(SampleRecord.FromJson);
        var metrics = RecordLog.Examine(_files, metricsPath, StepOfMetrics, step);
        var isHeader = true;
        var table = RecordLog.Examine(_files, tablePath, StepOfRow, step, $"repair that line, or delete the file: it is written anew from {RunFolder.MetricsName}");
        var samples = RecordLog.Examine(_files, samplesPath, line => readSample(line).Step, step);
        _lock.Keep();
        DeleteCheckpoints(at => at > step);
        _metrics = new RecordLog(_files, metricsPath, metrics);
        _table = new RecordLog(_files, tablePath, table);
        _samples = new RecordLog(_files, samplesPath, samples);
        _metricsJson = new Utf8JsonWriter(_metrics.Writer, JsonOptions);
        _samplesJson = new Utf8JsonWriter(_samples.Writer, JsonOptions);
        if (table.Length == 0)
        {
            _table.Writer.Write(isValidated ? MetricsRecord.ValidatedTableHeader : MetricsRecord.TableHeader);
            _table.EndLine();
            foreach (var (record, _, _, _) in RecordFile.Read(_files, metricsPath, readMetrics))
            {
                record.WriteRow(_table.Writer);
                _table.EndLine();
            }
        }

        long StepOfMetrics(ReadOnlyMemory<byte> line)
        {
            var record = readMetrics(line);
            if (record.Step <= step)
            {
                ElapsedSeconds = record.ElapsedSeconds;
                FirstSmoothLoss ??= record.SmoothLoss;
            }

            return record.Step;
        }

        long StepOfRow(ReadOnlyMemory<byte> line)
        {
            if (!isHeader)
            {
                return MetricsRecord.FromRow(line.Span, isValidated).Step;
            }

            isHeader = false;
            return line.Span.TrimEnd((byte)'\r').SequenceEqual(isValidated ? MetricsRecord.ValidatedTableHeader : MetricsRecord.TableHeader) ? 0 : throw new FormatException("not the names of the columns");
        }
    }

    /// <summary>Adds a line of metrics.</summary>
    public void Write(MetricsRecord record)
    {
        FirstSmoothLoss ??= record.SmoothLoss;
        var json = _metricsJson!;
        json.Reset(_metrics!.Writer);
        record.WriteJson(json);
        json.Flush();
        _metrics.EndLine();

        record.WriteRow(_table!.Writer);
        _table.EndLine();
        if (Stopwatch.GetElapsedTime(_flushed) >= FlushInterval)
        {
            FlushLogs();
        }
    }

    /// <summary>Adds a sample.</summary>
    public void Write(SampleRecord record)
    {
        var json = _samplesJson!;
        json.Reset(_samples!.Writer);
        record.WriteJson(json);
        json.Flush();
        _samples.EndLine();
        _samples.Flush();
    }

    /// <summary>Saves a checkpoint.</summary>
    /// <param name="last">The state to go on from.</param>
    /// <param name="best">The best weights; null where those in the folder still are.</param>
    /// <param name="step">The updates done.</param>
    /// <param name="kept">How many checkpoints are kept, this one among them, each under the number of its update; 0 for none.</param>
    /// <exception cref="IOException">It could not be written; the checkpoint before it is still there.</exception>
    public void Save(SafetensorsFile last, SafetensorsFile? best, long step = 0, int kept = 0)
    {
        _metrics!.FlushToDisk();
        _table!.FlushToDisk();
        _samples!.FlushToDisk();
        if (best is not null)
        {
            AtomicFile.Write(_files, Path.Combine(Folder, RunFolder.BestName), best.Write);
        }

        if (kept > 0)
        {
            AtomicFile.Write(_files, Path.Combine(Folder, RunFolder.CheckpointName(step)), last.Write);
        }

        AtomicFile.Write(_files, Path.Combine(Folder, RunFolder.LastName), last.Write);
        if (kept > 0)
        {
            try
            {
                var least = Checkpoints().OrderDescending().Take(kept).Last();
                DeleteCheckpoints(at => at < least);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // One more than was asked for is in nobody's way; the next save tries again.
            }
        }
    }

    /// <summary>Writes best.txt.</summary>
    public void WriteBestText(string text) => Replace(RunFolder.BestTextName, new UTF8Encoding(false).GetBytes(text));

    /// <summary>Writes samples.txt: all samples of samples.jsonl as a person reads them.</summary>
    public void WriteSamplesText()
    {
        var samples = RunFolder.ReadSamples(_files, Folder);
        if (samples.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var sample in samples)
        {
            var loss = sample.SmoothLoss is { } smooth ? string.Create(CultureInfo.InvariantCulture, $", smooth loss {smooth:0.00##}") : "";
            text.Append(CultureInfo.InvariantCulture, $"--- before update {sample.Step:#,0}, epoch {sample.Epoch}{loss} ---\n{sample.Text}\n\n");
        }

        Replace(RunFolder.SamplesTextName, new UTF8Encoding(false).GetBytes(text.ToString()));
    }

    /// <summary>Closes the files and gives the folder free. What was not flushed is dropped.</summary>
    public void Dispose()
    {
        _metrics?.Dispose();
        _table?.Dispose();
        _samples?.Dispose();
        _lock.Dispose();
    }

    private static void RefuseRun(IFileSystem files, string folder)
    {
        foreach (var name in (string[])[RunFolder.ConfigurationName, RunFolder.LastName, RunFolder.BestName, RunFolder.MetricsName, RunFolder.MetricsTableName, RunFolder.SamplesName, RunFolder.SamplesTextName, RunFolder.BestTextName])
        {
            if (files.FileExists(Path.Combine(folder, name)))
            {
                throw new InvalidRunException($"{folder} holds a run already ({name}): go on with charrnn train --resume {folder}, or choose another --out");
            }
        }
    }

    /// <summary>Creates a folder and those above it, and returns the ones that were missing, the innermost first.</summary>
    private static List<string> CreateFolders(IFileSystem files, string folder)
    {
        var missing = new List<string>();
        for (var above = Path.TrimEndingDirectorySeparator(folder); above.Length > 0 && files.KindOf(above) is FileKind.None; above = Path.GetDirectoryName(above) ?? "")
        {
            missing.Add(above);
        }

        files.CreateFolder(folder);
        return missing;
    }

    private static void DeleteFolders(IFileSystem files, List<string> folders)
    {
        try
        {
            folders.ForEach(files.DeleteFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has put something into it; what failed before is what matters.
        }
    }

    /// <summary>The updates of the checkpoints that are kept.</summary>
    private IEnumerable<long> Checkpoints() => _files.FindFiles(Folder, RunFolder.CheckpointPrefix).Select(RunFolder.StepOfCheckpoint).OfType<long>();

    private void DeleteCheckpoints(Predicate<long> isOver)
    {
        foreach (var step in Checkpoints().Where(step => isOver(step)).ToArray())
        {
            _files.Delete(Path.Combine(Folder, RunFolder.CheckpointName(step)));
        }
    }

    private void FlushLogs()
    {
        _metrics!.Flush();
        _table!.Flush();
        _flushed = Stopwatch.GetTimestamp();
    }

    private void Replace(string name, byte[] content) => AtomicFile.Write(_files, Path.Combine(Folder, name), content);
}
