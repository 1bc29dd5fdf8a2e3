using System.Text.Json;

namespace CharRnn.Rnn.Runs;

/// <summary>One line of samples.jsonl: a text written in the middle of a training.</summary>
/// <param name="Step">The update before which it was written: 1 is the untrained network, one more than the run's updates the trained one.</param>
/// <param name="Epoch">The pass over the text, from 1.</param>
/// <param name="SmoothLoss">The smooth loss at that time; before the first update that update's loss, which starts it. Null where that is not finite, and in runs of versions that did not record it.</param>
/// <param name="Text">What the network wrote.</param>
public sealed record SampleRecord(long Step, long Epoch, double? SmoothLoss, string Text)
{
    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("step", Step);
        json.WriteNumber("epoch", Epoch);
        JsonNumbers.Write(json, "smooth_loss", SmoothLoss ?? double.NaN);
        json.WriteString("text", Text);
        json.WriteEndObject();
    }

    internal static SampleRecord FromJson(JsonElement json) => new(
        json.GetProperty("step").GetInt64(), json.GetProperty("epoch").GetInt64(), JsonNumbers.Read(json, "smooth_loss") is var smooth && double.IsNaN(smooth) ? null : smooth,
        json.GetProperty("text").GetString() ?? throw new FormatException("no text"));
}
