using System.Globalization;
using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Commands;

/// <summary>One run of a sweep: the folder's name and what <c>train</c> is told.</summary>
/// <param name="Name">The name of its folder, made of the settings that differ.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Arguments">The command line from <c>train</c> on.</param>
internal sealed record PlannedRun(string Name, string Folder, IReadOnlyList<string> Arguments);

/// <summary>Every combination of the settings that a sweep was given.</summary>
internal static class SweepPlan
{
    /// <summary>More are a mistake in a range.</summary>
    private const int MostRuns = 10_000;

    private static readonly string[] NamesFiles = [TrainCommand.Init.Name, ValidationArguments.Validation.Name];

    /// <summary>The values of an option: a list with commas, in which <c>a..b</c> stands for all whole numbers from a to b.</summary>
    /// <param name="option">The option's name, for messages.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="UsageException">It is no list.</exception>
    public static IReadOnlyList<string> Values(string option, string text)
    {
        var values = new List<string>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split("..");
            if (ends.Length == 1 && part.Length > 0)
            {
                values.Add(part);
                continue;
            }

            if (ends.Length != 2 || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || last < first)
            {
                throw new UsageException($"{option} takes a list such as 1,2,5 or a range such as 1..8, not '{text}'");
            }

            if (last - first >= MostRuns)
            {
                throw new UsageException($"{option} {text} has more than {MostRuns} values: give a smaller range");
            }

            for (var value = first; value <= last; value++)
            {
                values.Add(value.ToString(CultureInfo.InvariantCulture));
            }
        }

        return values.Distinct().Count() == values.Count ? values : throw new UsageException($"{option} {text} names a value twice");
    }

    /// <summary>Makes the runs; the setting given last changes fastest, the seed before all.</summary>
    /// <param name="text">The text's path; null for the built-in tale.</param>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="settings">The options with their values, in the order of train's help.</param>
    /// <param name="fixedArguments">What every run is told besides.</param>
    /// <exception cref="UsageException">There are too many, or train would refuse one.</exception>
    public static IReadOnlyList<PlannedRun> Make(string? text, string folder, IReadOnlyList<(string Option, IReadOnlyList<string> Values)> settings, IReadOnlyList<string> fixedArguments)
    {
        var whole = settings.Aggregate(1.0, (product, setting) => product * setting.Values.Count);
        if (whole > MostRuns)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"these lists make {whole:0} runs, more than {MostRuns}: give shorter ones"));
        }

        var combinations = new List<(string Option, string Value)[]> { Array.Empty<(string, string)>() };
        foreach (var (option, values) in settings.OrderBy(setting => setting.Option == TrainCommand.Seed.Name))
        {
            combinations = [.. combinations.SelectMany(combination => values.Select(value => ((string, string)[])[.. combination, (option, value)]))];
        }

        string[] varied = [.. settings.Where(setting => setting.Values.Count > 1).Select(setting => setting.Option)];
        PlannedRun[] runs = [.. combinations.Select(combination =>
        {
            var name = string.Join('_', combination.Where(setting => varied.Contains(setting.Option)).Select(setting => $"{setting.Option.TrimStart('-')}-{Plain(setting.Value)}"));
            name = name.Length > 0 ? name : "run";
            var place = Path.Combine(folder, name);
            string[] arguments = ["train", .. text is null ? Array.Empty<string>() : [text], "--out", place, "--go-on", .. combination.SelectMany(setting => (string[])[setting.Option, FullPath(setting.Option, setting.Value)]), .. fixedArguments];
            return new PlannedRun(name, place, arguments);
        })];
        if (runs.GroupBy(run => run.Name).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new UsageException($"two runs would have the folder {same.Key}: give values that differ in their letters and digits");
        }

        foreach (var run in runs)
        {
            string[] arguments = [.. run.Arguments];
            if (Mistakes.Describe(CommandRunner.CreateRoot([TrainCommand.Create()]).Parse(arguments, CommandRunner.Parsing), arguments) is { } mistake)
            {
                throw new UsageException(mistake);
            }
        }

        return runs;
    }

    /// <summary>A value that names a file, with its full path: a queue starts the commands from any folder.</summary>
    private static string FullPath(string option, string value) => NamesFiles.Contains(option) && Path.Exists(value) ? Path.GetFullPath(value) : value;

    /// <summary>A value as part of a folder's name.</summary>
    private static string Plain(string value) => string.Concat(value.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '+' or '-' ? character : '-'));
}
