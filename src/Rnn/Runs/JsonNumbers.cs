using System.Globalization;
using System.Text.Json;

namespace CharRnn.Rnn.Runs;

/// <summary>Numbers as JSON has them: it has none for infinity and not-a-number, which become null.</summary>
public static class JsonNumbers
{
    /// <summary>Writes a number under a name, or null where JSON has none for it.</summary>
    public static void Write(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        WriteValue(json, value);
    }

    /// <summary>Writes a number of single precision under a name, in the digits that it needs, or null where JSON has none for it.</summary>
    public static void Write(Utf8JsonWriter json, string name, float value) => Write(json, name, double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>Writes a number, or null where JSON has none for it.</summary>
    public static void WriteValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
#pragma warning disable RS0030 // the one place that may: it has just looked
            json.WriteNumberValue(value);
#pragma warning restore RS0030
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>Reads what was written so; not-a-number where that was null.</summary>
    /// <exception cref="KeyNotFoundException">There is no such number.</exception>
    /// <exception cref="InvalidOperationException">It is something else.</exception>
    public static double Read(JsonElement from, string name)
    {
        var value = from.GetProperty(name);
        return value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();
    }
}
