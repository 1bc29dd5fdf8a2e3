using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Display;
using CharRnn.Rnn.Reports;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>What a lab found, for standard output.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Page">The report.</param>
/// <param name="Gradients">The gradient check.</param>
/// <param name="Training">How the training ended.</param>
/// <param name="Timing">The speed; null for networks that are too large to time beside scalar loops.</param>
/// <param name="Report">The run as the report shows it.</param>
internal sealed record LabSummary(string Folder, string Page, GradientCheckResult Gradients, TrainingResult Training, UpdateTiming? Timing, ReportRun Report)
{
    /// <summary>Writes it for a person.</summary>
    public void Write(TextWriter output)
    {
        var check = Gradients.Check;
        var wrong = string.Join(", ", check.Parameters.Where(parameter => !parameter.Ok).Select(parameter => $"{parameter.Name} in batch {parameter.Batch}"));
        output.WriteLine(Invariant($"gradients  {(Gradients.Ok ? "right" : $"WRONG: {(wrong.Length > 0 ? wrong : "a kernel")}")}; m = {Gradients.Shape.HiddenSize}, K = {Gradients.Shape.VocabularySize}, T = {Gradients.SequenceLength}, {(check.Small is null ? "every coordinate" : "one direction for each row")}, step {Gradients.Step:0E+0}"));
        output.WriteLine("             sum of relative   largest relative   norm ratio    allclose    dual numbers  single/");
        output.WriteLine("             errors            error                            offenders   norm ratio    allowed");
        foreach (var parameter in check.Parameters)
        {
            var m = parameter.Differences;
            output.WriteLine(Invariant($"  batch {parameter.Batch}  {parameter.Name}  {m.SumOfRelativeErrors,-16:0.0E+0}  {m.LargestRelativeError,-17:0.0E+0}  {m.NormRatio,-12:0.0E+0}  {m.AllCloseOffenders,-10}  {parameter.DualNormRatio,-12:0.0E+0}  {parameter.Trained.Excess:0.000}{(parameter.Ok ? "" : "  WRONG")}"));
        }

        output.WriteLine(Invariant($"training   {Training.Progress.Step:#,0} updates, epoch {Training.Progress.Epoch}, in {Duration.Describe(Training.Seconds)} ({Training.MicrosecondsPerUpdate:0.0} microseconds each)"));
        output.WriteLine(Invariant($"loss       smooth loss {Report.Fixed(Report.Losses[0].SmoothLoss)} at update {Report.Losses[0].Step}, {Report.Fixed(Training.Progress.SmoothLoss)} at the end"));
        output.WriteLine(Invariant($"lowest     {Report.Fixed(Training.Progress.BestSmoothLoss)} at update {Training.Progress.BestStep:#,0}: {Report.BestPlace}"));
        if (Timing is { } timing)
        {
            output.WriteLine(Invariant($"speed      {timing.Minimum:0.0} microseconds an update at best, {timing.ShareOfPeak:0 %} of the multiply-add peak, {timing.ScalarMinimum / timing.Minimum:0} times as fast as scalar loops"));
        }

        foreach (var method in Report.Bonus?.Sampling.GroupBy(trial => trial.Method) ?? [])
        {
            output.WriteLine(Invariant($"sampling   {method.Key}: {string.Join("; ", method.Select(trial => Invariant($"{trial.Value} gives {100 * trial.Share:0} % real words")))}"));
        }

        if (Report.Bonus is { Trainings.Count: > 0 } bonus)
        {
            output.WriteLine(Invariant($"order      held-out loss a character after {bonus.Trainings[0].Last.Updates:#,0} updates: {string.Join("; ", bonus.Orders.Select(trial => Invariant($"{trial.Order} {trial.Last.Loss:0.000}")))}"));
            output.WriteLine(Invariant($"streams    the same: {string.Join("; ", bonus.Streams.Select(trial => Invariant($"{trial.Streams} {trial.Last.Loss:0.000} in {Duration.Describe(trial.Last.Seconds)}")))}"));
        }

        output.WriteLine();
        WriteSamples(output);
        if (Report.BestPassage is { } passage)
        {
            output.WriteLine(Invariant($"--- {passage.EnumerateRunes().Count():#,0} characters with the weights of the lowest smooth loss, of update {Training.Progress.BestStep:#,0} ---"));
            output.WriteLine(passage);
            output.WriteLine();
        }

        output.WriteLine($"run        {Terminal.InLine(Folder)}");
        output.WriteLine($"report     {Terminal.InLine(Page)}");
    }

    /// <summary>One JSON object on one line.</summary>
    public string ToJson()
    {
        // bench's own form has line ends.
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteString("run_folder", Folder);
            json.WriteString("report", Page);
            Raw("gradients", Gradients.ToJson());
            Raw("training", TrainingResultJson.Describe(Training));
            json.WriteStartArray("samples");
            foreach (var sample in Report.Samples)
            {
                json.WriteStartObject();
                json.WriteNumber("step", sample.Step);
                JsonNumbers.Write(json, "smooth_loss", sample.SmoothLoss);
                json.WriteString("text", sample.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("best_text", Report.BestPassage);
            json.WriteStartArray("words");
            foreach (var word in Report.Words?.Milestones ?? [])
            {
                json.WriteStartObject();
                json.WriteString("word", word.Word);
                json.WriteNumber("count_in_text", word.CountInText);
                if (word.FirstStep is { } first)
                {
                    json.WriteNumber("first_step", first);
                }
                else
                {
                    json.WriteNull("first_step");
                }

                json.WriteBoolean("watched", word.IsWatched);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Raw("bench", Timing?.ToJson() ?? "null");
            Raw("bonus", Report.Bonus is { } bonus ? JsonText.Of(bonus.WriteJson, JsonText.Unescaped) : "null");
            json.WriteEndObject();

            void Raw(string name, string value)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }
        }, JsonText.Unescaped).Replace("\n", "", StringComparison.Ordinal);
    }

    private void WriteSamples(TextWriter output)
    {
        var words = Report.Words;
        output.WriteLine("before update  smooth loss  real words (of 3 letters and more)  written for the first time");
        for (var i = 0; i < Report.Samples.Count; i++)
        {
            var sample = Report.Samples[i];
            var step = sample.Step > Training.TotalSteps ? "the end" : Invariant($"{sample.Step:#,0}");
            var share = words is null ? "" : $"{words.Shares[i].Percent}, {words.Shares[i].Counts}";
            var first = words is null ? "" : string.Join(", ", words.Milestones.Where(word => word.FirstStep == sample.Step).Select(word => word.Word));
            output.WriteLine(Invariant($"{step,13}  {Report.Fixed(sample.SmoothLoss),11}  {share,33}  {DisplayWidth.Cut(first, 60)}").TrimEnd());
        }

        foreach (var word in words?.Milestones.Where(word => word.IsWatched && word.FirstStep is null) ?? [])
        {
            output.WriteLine($"{word.Word} was not written{(word.CountInText == 0 ? ": the text does not have it" : "")}");
        }

        output.WriteLine();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
