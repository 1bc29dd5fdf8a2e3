using System.Text.Json;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>Where a short training stands.</summary>
/// <param name="Updates">Done so far.</param>
/// <param name="Seconds">That they took on one core, without the judging.</param>
/// <param name="Loss">On the held-out piece, a character, in nats.</param>
public sealed record TrialPoint(long Updates, double Seconds, double Loss)
{
    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("updates", Updates);
        JsonNumbers.Write(json, "seconds", Math.Round(Seconds, 6));
        JsonNumbers.Write(json, "held_out_loss", Loss);
        json.WriteEndObject();
    }

    internal static TrialPoint FromJson(JsonElement json) =>
        new(json.GetProperty("updates").GetInt64(), json.GetProperty("seconds").GetDouble(), json.GetProperty("held_out_loss").GetDouble());
}
