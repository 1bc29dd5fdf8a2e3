using System.Text.Json;

namespace CharRnn.Rnn.Reports.Gradients;

/// <summary>What <c>charrnn gradcheck --json</c> found, as a run's folder keeps it.</summary>
/// <param name="Ok">Whether everything was right.</param>
/// <param name="HiddenSize">m.</param>
/// <param name="VocabularySize">K.</param>
/// <param name="SequenceLength">T.</param>
/// <param name="Step">The step size of the centred differences.</param>
/// <param name="Parameters">One entry a parameter and batch.</param>
/// <param name="Sweep">The norm ratio of W in the first batch at several step sizes.</param>
/// <param name="Properties">Each property tried on random cases, and whether it held.</param>
/// <param name="Cases">How many cases each property was tried on.</param>
public sealed record GradientReport(bool Ok, int HiddenSize, int VocabularySize, int SequenceLength, double Step,
    IReadOnlyList<GradientRow> Parameters, IReadOnlyList<(double Step, double NormRatio)> Sweep, IReadOnlyList<(string Statement, bool Ok)> Properties, int Cases)
{
    /// <summary>Reads gradcheck.json.</summary>
    /// <exception cref="FormatException">It is not what <c>charrnn gradcheck --json</c> prints.</exception>
    public static GradientReport FromJson(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var report = new GradientReport(
                root.GetProperty("ok").GetBoolean(),
                root.GetProperty("hidden").GetInt32(),
                root.GetProperty("vocabulary").GetInt32(),
                root.GetProperty("seq_length").GetInt32(),
                root.GetProperty("step").GetDouble(),
                [.. root.GetProperty("parameters").EnumerateArray().Select(Row)],
                [.. root.GetProperty("sweep").EnumerateArray().Select(entry => (Number(entry, "step"), Number(entry, "norm_ratio")))],
                [.. root.GetProperty("properties").EnumerateArray().Select(entry => (entry.GetProperty("statement").GetString()!, entry.GetProperty("ok").GetBoolean()))],
                root.GetProperty("cases").GetInt32());
            return report.Parameters.Count > 0 ? report : throw new FormatException("no parameters");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException("it is not what charrnn gradcheck --json prints", exception);
        }
    }

    private static GradientRow Row(JsonElement entry) => new(
        entry.GetProperty("batch").GetInt32(), entry.GetProperty("name").GetString()!, entry.GetProperty("ok").GetBoolean(), entry.GetProperty("elements").GetInt64(),
        Number(entry, "sum_of_relative_errors"), Number(entry, "max_relative"), Number(entry, "norm_ratio"), entry.GetProperty("offenders_allclose").GetInt64(),
        Number(entry, "dual_norm_ratio"), Number(entry, "single_error_over_allowed"));

    /// <summary>Numbers that are not finite stand as null in the file.</summary>
    private static double Number(JsonElement entry, string name) => entry.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
}
