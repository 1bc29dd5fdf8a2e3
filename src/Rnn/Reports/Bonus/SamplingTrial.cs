using System.Text.Json;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Reports.Bonus;

/// <summary>What the weights of the lowest loss write when characters are drawn in one way.</summary>
/// <param name="Method"><see cref="Temperature"/> or <see cref="Nucleus"/>.</param>
/// <param name="Value">The temperature, or the share of probability from which characters are drawn.</param>
/// <param name="Text">The beginning of what was written.</param>
/// <param name="Words">Words of three letters and more in all that was written.</param>
/// <param name="RealWords">Those of them that stand in the text.</param>
public sealed record SamplingTrial(string Method, double Value, string Text, int Words, int RealWords)
{
    /// <summary>The methods' names.</summary>
    public const string Temperature = "temperature", Nucleus = "nucleus";

    /// <summary>From 0 to 1; 0 where nothing was written that could be a word.</summary>
    public double Share => Words == 0 ? 0 : (double)RealWords / Words;

    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("method", Method);
        JsonNumbers.Write(json, "value", Value);
        json.WriteNumber("words", Words);
        json.WriteNumber("real_words", RealWords);
        json.WriteString("text", Text);
        json.WriteEndObject();
    }

    internal static SamplingTrial FromJson(JsonElement json) => new(
        json.GetProperty("method").GetString()!, json.GetProperty("value").GetDouble(), json.GetProperty("text").GetString()!,
        json.GetProperty("words").GetInt32(), json.GetProperty("real_words").GetInt32());
}
