using System.Globalization;
using CharRnn.AotCli.CommandLine;

namespace CharRnn.AotCli.Display;

/// <summary>What the display shows at one moment.</summary>
/// <param name="Step">The updates done.</param>
/// <param name="TotalSteps">The updates of the whole run.</param>
/// <param name="Epoch">The pass over the text.</param>
/// <param name="SmoothLoss">The smooth loss; NaN before the first update.</param>
/// <param name="BestSmoothLoss">The lowest smooth loss.</param>
/// <param name="StepsPerSecond">The speed of the last seconds; 0 while it is not known.</param>
/// <param name="SampleStep">The update before which the newest sample was written.</param>
/// <param name="Sample">The newest sample; null while there is none.</param>
internal readonly record struct TrainingFrame(
    long Step, long TotalSteps, long Epoch, double SmoothLoss, double BestSmoothLoss, double StepsPerSecond, long SampleStep, string? Sample)
{
    private const int MostSampleLines = 4;

    /// <summary>The last loss on held-out text, a character; NaN where there is none.</summary>
    public double ValidationLoss { get; init; } = double.NaN;

    /// <summary>The lowest.</summary>
    public double BestValidationLoss { get; init; } = double.NaN;

    private const string Dim = "\e[2m", Blue = "\e[34m", Plain = "\e[0m";

    /// <summary>The lines to draw.</summary>
    /// <param name="width">Columns of the terminal; no line takes the last one, after which terminals break lines.</param>
    /// <param name="height">Lines of the terminal; one stays free for the cursor.</param>
    /// <param name="color">Whether colours may be used.</param>
    /// <param name="curve">The smooth loss so far.</param>
    /// <param name="validationCurve">The loss on held-out text so far; null where there is none.</param>
    public List<string> Draw(int width, int height, bool color, LossCurve curve, LossCurve? validationCurve = null)
    {
        var columns = Math.Max(1, width - 1);
        var share = TotalSteps > 0 ? Math.Min(1, (double)Step / TotalSteps) : 1;
        var percent = string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(100 * share):0} %");
        var done = string.Create(CultureInfo.InvariantCulture, $"  {Step:#,0} of {TotalSteps:#,0} updates");
        if (percent.Length + done.Length + 10 > columns)
        {
            done = string.Create(CultureInfo.InvariantCulture, $"  {Step:#,0}");
        }

        var bar = Math.Min(40, columns - percent.Length - done.Length);
        var lines = new List<string>
        {
            bar >= 4 ? Paint(Blue, ProgressBar.Draw(share, bar)) + percent + done : DisplayWidth.Cut((percent + done).TrimStart(), columns),
        };
        var left = StepsPerSecond > 0 ? $"{Duration.Describe((TotalSteps - Step) / StepsPerSecond)} left" : "";
        lines.Add(Join(columns, left, StepsPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Duration.Speed(StepsPerSecond)} updates a second") : "",
            string.Create(CultureInfo.InvariantCulture, $"epoch {Epoch}")));
        if (!double.IsNaN(SmoothLoss))
        {
            var loss = Join(columns, string.Create(CultureInfo.InvariantCulture, $"smooth loss {SmoothLoss:0.000}"), double.IsFinite(BestSmoothLoss) && double.IsNaN(ValidationLoss) ? string.Create(CultureInfo.InvariantCulture, $"lowest {BestSmoothLoss:0.000}") : "");
            lines.Add(WithPicture(loss, curve));
        }

        if (!double.IsNaN(ValidationLoss))
        {
            lines.Add(WithPicture(Join(columns, string.Create(CultureInfo.InvariantCulture, $"validation loss {ValidationLoss:0.0000}"), string.Create(CultureInfo.InvariantCulture, $"lowest {BestValidationLoss:0.0000}")), validationCurve));
        }

        if (Sample is { } sample)
        {
            lines.Add(Paint(Dim, DisplayWidth.Cut(string.Create(CultureInfo.InvariantCulture, $"written before update {SampleStep:#,0}:"), columns)));
            lines.AddRange(DisplayWidth.Wrap(DisplayWidth.Flatten(sample), columns, MostSampleLines));
        }

        var most = Math.Max(1, height - 1);
        if (lines.Count > most)
        {
            lines.RemoveRange(most, lines.Count - most);
        }

        return lines;

        string WithPicture(string loss, LossCurve? curve)
        {
            var picture = columns - loss.Length - 2 is >= 6 and var room ? curve?.Draw(Math.Min(40, room)) ?? "" : "";
            return picture.Length > 0 ? $"{loss}  {Paint(Blue, picture)}" : loss;
        }

        string Paint(string how, string text) => color ? how + text + Plain : text;
    }

    /// <summary>The parts that fit, from the first on.</summary>
    private static string Join(int columns, params ReadOnlySpan<string> parts)
    {
        var line = "";
        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                continue;
            }

            var longer = line.Length > 0 ? $"{line} · {part}" : part;
            if (longer.Length > columns)
            {
                break;
            }

            line = longer;
        }

        return line;
    }
}
