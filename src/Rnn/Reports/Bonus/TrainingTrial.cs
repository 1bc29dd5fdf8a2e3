using System.Text.Json;

namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>A short training, judged on a piece of the text that it does not read.</summary>
/// <param name="Order">In which order it reads the text, one of <see cref="Training.TextOrder.Names"/>.</param>
/// <param name="Streams">How many places of the text it reads at once.</param>
/// <param name="Points">Its loss from time to time, in the order of the updates, at least one; none after a loss that is not finite.</param>
public sealed record TrainingTrial(string Order, int Streams, IReadOnlyList<TrialPoint> Points)
{
    /// <summary>Where it ended.</summary>
    public TrialPoint Last => Points[^1];

    /// <summary>The last point that is not later than this.</summary>
    /// <param name="seconds">Of training.</param>
    /// <returns>Null where the first is.</returns>
    public TrialPoint? At(double seconds) => Points.LastOrDefault(point => point.Seconds <= seconds);

    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("order", Order);
        json.WriteNumber("streams", Streams);
        json.WriteStartArray("points");
        foreach (var point in Points)
        {
            point.WriteJson(json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static TrainingTrial FromJson(JsonElement json) => new(
        json.GetProperty("order").GetString()!, json.GetProperty("streams").GetInt32(), [.. json.GetProperty("points").EnumerateArray().Select(TrialPoint.FromJson)]);
}
