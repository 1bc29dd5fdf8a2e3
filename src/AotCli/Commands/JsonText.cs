using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CharRnn.AotCli.Commands;

/// <summary>What the commands print for other programs.</summary>
internal static class JsonText
{
    /// <summary>For people to read as well: a line for each value.</summary>
    public static JsonWriterOptions Indented => new() { Indented = true, NewLine = "\n" };

    /// <summary>Letters of every script as they are.</summary>
    public static JsonWriterOptions Unescaped => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One value as text, on one line unless the options say otherwise.</summary>
    /// <param name="write">Writes the value.</param>
    /// <param name="options">How.</param>
    public static string Of(Action<Utf8JsonWriter> write, JsonWriterOptions options = default)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
