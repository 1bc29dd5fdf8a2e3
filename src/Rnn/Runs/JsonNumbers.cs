using System.Text.Json;

namespace CharRnn.Rnn.Runs;

/// <summary>Numbers as JSON has them: it has none for infinity and not-a-number, which become null.</summary>
public static class JsonNumbers
{
    /// <summary>Writes a number, or null where JSON has none for it.</summary>
    public static void Write(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; not-a-number where that was null.</summary>
    /// <exception cref="KeyNotFoundException">There is no such number.</exception>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static double Read(JsonElement from, string name)
    {
        var value = from.GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();
    }
}
