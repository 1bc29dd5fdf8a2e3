using System.Globalization;
using CharRnn.AotCli.CommandLine;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Display;

/// <summary>The lines with which a training begins and ends on standard error, on a terminal and elsewhere.</summary>
internal static class TrainingLines
{
    public static void WriteStart(TrainingStart start) => Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{(start.Step > 0 ? $"going on at update {start.Step}" : "training")} to update {start.TotalSteps}: {start.Kernels}; run folder {ForeignText.Line(start.Folder)}"));

    public static void WriteEnd(TrainingResult result)
    {
        var time = result.MicrosecondsPerUpdate is { } microseconds ? string.Create(CultureInfo.InvariantCulture, $" ({microseconds:F1} microseconds each)") : "";
        if (result.IsOutOfPatience)
        {
            Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stopped after update {result.Progress.Step}: {result.Progress.ValidationsSinceBest} validations without a lower loss than {result.Progress.BestValidationLoss:F4}, of update {result.Progress.BestStep}"));
        }

        var loss = result.Progress.BestValidationLoss < double.PositiveInfinity
            ? string.Create(CultureInfo.InvariantCulture, $"smooth loss {result.Progress.SmoothLoss:F3}, validation loss {result.Progress.ValidationLoss:F4} a character, lowest {result.Progress.BestValidationLoss:F4} at update {result.Progress.BestStep}")
            : result.Progress.Step > 0 && double.IsInfinity(result.Progress.BestSmoothLoss) ? string.Create(CultureInfo.InvariantCulture, $"smooth loss {result.Progress.SmoothLoss:F3}, not yet validated")
            : result.Progress.Step > 0
            ? string.Create(CultureInfo.InvariantCulture, $"smooth loss {result.Progress.SmoothLoss:F3}, lowest {result.Progress.BestSmoothLoss:F3} at update {result.Progress.BestStep}")
            : "the weights are those that it began with";
        Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Updates} updates in {result.Seconds:F2} s{time}, {loss}"));
    }

    public static void WriteNotice(UnitNotice notice) => Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"after update {notice.Step}, {ExplanationFindings.LostUnits(notice.Units)}: try {(notice.SuggestedEta is { } eta ? $"--eta {eta}" : "a smaller --eta")} in a new run; at the end, charrnn explain {Terminal.Quote(notice.Folder)} says why"));

    public static void WriteNotice(RiseNotice notice) => Terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"after update {notice.Step} the smooth loss is {notice.SmoothLoss:F3}, above the {notice.FirstSmoothLoss:F3} that the run began with: try a smaller --eta in a new run"));
}
