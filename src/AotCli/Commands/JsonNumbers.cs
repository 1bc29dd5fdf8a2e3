using System.Text.Json;

namespace CharRnn.AotCli.Commands;

/// <summary>Numbers as JSON has them.</summary>
internal static class JsonNumbers
{
    /// <summary>Writes a number; what JSON has no number for, infinity and not-a-number, becomes null.</summary>
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
}
