using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Properties;
using CharRnn.Rnn.Runs;

namespace CharRnn.AotCli.Commands;

/// <summary>What <c>gradcheck</c> found, as it prints it and as a run's folder keeps it.</summary>
/// <param name="Check">Backpropagation and kernels against their oracles.</param>
/// <param name="Failures">The properties that do not hold.</param>
/// <param name="Shape">m and K of the network checked.</param>
/// <param name="SequenceLength">T.</param>
/// <param name="Seed">Of weights, characters and properties.</param>
/// <param name="Step">The step size of the centred differences.</param>
/// <param name="Cases">Random cases a property; 0 where none was looked at.</param>
internal sealed record GradientCheckResult(
    GradientCheck Check, IReadOnlyList<PropertyFailure> Failures, NetworkShape Shape, int SequenceLength, ulong Seed, double Step, int Cases)
{
    /// <summary>Whether every gradient is right and every property holds.</summary>
    public bool Ok => Check.Ok && Failures.Count == 0;

    // Beside the rest of the check, at the reports' size; only for saying how far the work is.
    private const double PropertiesShare = 1;

    /// <summary>Whether losses and gradients are means over the chunk.</summary>
    public bool IsMean { get; private init; }

    /// <summary>Whether the batches are the first characters of a text, not random ones.</summary>
    public bool IsOfText { get; private init; }

    /// <summary>Checks.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="sequenceLength">T.</param>
    /// <param name="seed">Of weights, characters and properties.</param>
    /// <param name="step">The step size of the centred differences.</param>
    /// <param name="cases">Random cases a property; 0 to leave the properties out.</param>
    /// <param name="text">At least 2 T + 1 indices of a text's first characters; null for random ones.</param>
    /// <param name="progress">Is told how far the check is.</param>
    /// <param name="settings">Of the run whose batches they are; null for those of the textbooks.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static GradientCheckResult Run(NetworkShape shape, int sequenceLength, ulong seed, double step, int cases, int[]? text = null, WorkProgress? progress = null, RunConfiguration? settings = null)
    {
        progress?.Expect(cases > 0 ? 1 + PropertiesShare : 1);
        var check = GradientCheck.Run(shape, sequenceLength, seed, step, text, progress, settings);
        if (cases > 0)
        {
            progress?.Begin("properties", PropertiesShare, Property.All.Count);
        }

        return new(check, cases == 0 ? [] : RunProperties(cases, seed, progress), shape, sequenceLength, seed, step, cases) { IsOfText = text is not null, IsMean = settings?.MeanLoss ?? false };
    }

    /// <summary>One JSON object on one line, as <c>gradcheck --json</c> prints it and gradcheck.json holds it.</summary>
    public string ToJson()
    {
        return JsonText.Of(json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", Ok);
            json.WriteNumber("hidden", Shape.HiddenSize);
            json.WriteNumber("vocabulary", Shape.VocabularySize);
            json.WriteNumber("seq_length", SequenceLength);
            json.WriteNumber("seed", Seed);
            JsonNumbers.Write(json, "step", Step);
            json.WriteString("loss", IsMean ? "mean" : "sum");
            json.WriteString("characters", IsOfText ? "the text's first" : "random");
            json.WriteString("derivatives", Check.Small is null ? "every coordinate" : "one direction for each row");
            if (Check.Small is { } small)
            {
                json.WriteStartObject("every_coordinate_of");
                json.WriteBoolean("ok", small.Ok);
                json.WriteNumber("hidden", GradientCheck.SmallShape(Shape).HiddenSize);
                json.WriteNumber("vocabulary", GradientCheck.SmallShape(Shape).VocabularySize);
                json.WriteNumber("seq_length", GradientCheck.SmallLength(SequenceLength));
                json.WriteEndObject();
            }

            json.WriteStartArray("parameters");
            foreach (var parameter in Check.Parameters)
            {
                var m = parameter.Differences;
                json.WriteStartObject();
                json.WriteNumber("batch", parameter.Batch);
                json.WriteString("name", parameter.Name);
                json.WriteBoolean("ok", parameter.Ok);
                JsonNumbers.Write(json, "sum_of_relative_errors", m.SumOfRelativeErrors);
                JsonNumbers.Write(json, "max_relative", m.LargestRelativeError);
                JsonNumbers.Write(json, "norm_ratio", m.NormRatio);
                JsonNumbers.Write(json, "max_difference", m.LargestDifference);
                json.WriteNumber("offenders_absolute", m.AbsoluteOffenders);
                json.WriteNumber("offenders_relative", m.RelativeOffenders);
                json.WriteNumber("offenders_allclose", m.AllCloseOffenders);
                json.WriteNumber("elements", m.Count);
                JsonNumbers.Write(json, "dual_norm_ratio", parameter.DualNormRatio);
                JsonNumbers.Write(json, "single_norm_ratio", parameter.Trained.Measures.NormRatio);
                JsonNumbers.Write(json, "single_error_over_allowed", parameter.Trained.Excess);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("sweep");
            foreach (var (size, ratio) in Check.Sweep)
            {
                json.WriteStartObject();
                JsonNumbers.Write(json, "step", size);
                JsonNumbers.Write(json, "norm_ratio", ratio);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("kernels", Check.Kernels);
            json.WriteStartArray("kernel_errors");
            foreach (var (kernel, ratio) in Check.KernelErrors.Ratios)
            {
                json.WriteStartObject();
                json.WriteString("name", kernel);
                JsonNumbers.Write(json, "error_over_bound", ratio);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("cases", Cases);
            if (Cases > 0)
            {
                var last = Counterexample.Draw(PropertyCase.Numbers, Seed).ElementAt(Cases - 1);
                json.WriteString("last_case", new PropertyCase(last).Replay);
            }

            json.WriteStartArray("properties");
            foreach (var property in Cases > 0 ? Property.All : [])
            {
                var failure = Failures.FirstOrDefault(failed => failed.Property == property.Name);
                json.WriteStartObject();
                json.WriteString("name", property.Name);
                json.WriteString("statement", property.Statement);
                json.WriteBoolean("ok", failure is null);
                if (failure is not null)
                {
                    json.WriteString("case", failure.Case);
                    json.WriteString("message", failure.Message);
                    json.WriteString("replay", $"charrnn gradcheck --replay {failure.Replay}");
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static List<PropertyFailure> RunProperties(int cases, ulong seed, WorkProgress? progress)
    {
        var failures = new PropertyFailure?[Property.All.Count];
        Parallel.For(0, failures.Length, i =>
        {
            failures[i] = Property.All[i].Run(cases, seed);
            progress?.Advance();
        });
        return [.. failures.OfType<PropertyFailure>()];
    }
}
