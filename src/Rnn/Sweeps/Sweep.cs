using System.Globalization;
using System.Text.Json;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Sweeps;

/// <summary>All runs below one folder, grouped by their settings, the best group first.</summary>
public sealed class Sweep
{
    /// <summary>What config.json says that does not change what is learned, or is not a setting.</summary>
    private static readonly string[] NoSettings =
        ["version", "text", "text_path", "text_length", "vocabulary", "init", "kernels", "processor", "changes", "sample_every", "sample_length", "log_every", "checkpoint_every", "threads"];

    private Sweep(IReadOnlyList<SweepGroup> groups) => Groups = groups;

    /// <summary>The groups, the lowest median loss first; those without a record last.</summary>
    public IReadOnlyList<SweepGroup> Groups { get; }

    /// <summary>
    /// Whether the best group's median is lower than the second's by more than their seeds alone make: by more than the larger of the two spreads. Null where
    /// there are no two groups with at least two seeds each.
    /// </summary>
    public bool? IsBestBeyondSeeds => Groups is [{ } best, { } second, ..] && best.Runs.Count > 1 && second.Runs.Count > 1 && double.IsFinite(second.Median)
        ? second.Median - best.Median > Math.Max(best.Spread, second.Spread) : null;

    /// <summary>Reads the runs in the folders directly below one.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <exception cref="InvalidRunException">There is no such folder, no run in it, or a run's file is damaged.</exception>
    public static Sweep Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidRunException($"{folder}: no such folder; give the folder of a sweep");
        }

        SweepRun[] runs = [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Where(path => File.Exists(Path.Combine(path, RunFolder.ConfigurationName))).Select(ReadRun)];
        return runs.Length > 0 ? Of(runs) : throw new InvalidRunException($"{folder} has no run in a folder of its own: give the folder of a sweep");
    }

    /// <summary>Groups runs.</summary>
    /// <param name="runs">At least one.</param>
    public static Sweep Of(IReadOnlyList<SweepRun> runs)
    {
        string[] names = [.. runs.SelectMany(run => run.Settings).Select(setting => setting.Key).Distinct()
            .Where(name => runs.Select(run => Setting(run, name)).Distinct().Count() > 1)];
        return new([.. runs.GroupBy(run => string.Join(", ", names.Select(name => $"{name} {Setting(run, name)}")))
            .Select(group => new SweepGroup(group.Key.Length > 0 ? group.Key : "all runs", [.. names.Select(name => KeyValuePair.Create(name, Setting(group.First(), name)))], [.. group.OrderBy(run => run.Seed)]))
            .OrderBy(group => double.IsFinite(group.Median) ? group.Median : double.PositiveInfinity)]);

        static string Setting(SweepRun run, string name) => run.Settings.FirstOrDefault(setting => setting.Key == name).Value ?? "";
    }

    private static SweepRun ReadRun(string path)
    {
        var folder = RunFolder.Open(path);
        var configuration = folder.Configuration;
        var settings = new List<KeyValuePair<string, string>>();
        using var json = JsonDocument.Parse(configuration.ToJson());
        foreach (var property in json.RootElement.EnumerateObject())
        {
            if (property.Name != "seed" && !NoSettings.Contains(property.Name))
            {
                settings.Add(new(property.Name, property.Value.ValueKind == JsonValueKind.Null ? "off" : property.Value.ToString()));
            }
        }

        MetricsRecord[] metrics = [.. folder.ReadMetrics().Where(record => double.IsFinite(record.SmoothLoss)).OrderBy(record => record.Step).DistinctBy(record => record.Step)];
        return new(Path.GetFileName(path), settings, configuration.Seed, configuration.MeanLoss ? 1 : configuration.SequenceLength, configuration.TotalSteps, metrics) { IsComplete = StepsSaved(folder) >= configuration.TotalSteps };
    }

    /// <summary>The updates of a run's last checkpoint; 0 where it has none that can be read.</summary>
    /// <param name="folder">The run.</param>
    public static long StepsSaved(RunFolder folder)
    {
        try
        {
            return File.Exists(folder.LastWeights) && ModelFile.Read(folder.LastWeights).Metadata.TryGetValue("step", out var text)
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : 0;
        }
        catch (Exception exception) when (exception is SafetensorsException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
