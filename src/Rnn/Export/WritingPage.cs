using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CharRnn.Rnn.Export;

/// <summary>
/// A network as one HTML file that writes in a browser by itself: a beginning, a temperature, a seed. It holds the weights in single precision and the
/// state that training carried, so that it writes what <c>charrnn sample</c> writes, up to rounding.
/// </summary>
public static class WritingPage
{
    /// <summary>How the title of every such page ends, near the beginning of the page: by this a page is known as one.</summary>
    public const string TitleEnding = "CharRnn writes</title>";

    /// <summary>The name of a run's page in its folder.</summary>
    public const string FileName = "write.html";

    /// <summary>The text of the file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">What the page is called.</param>
    /// <exception cref="ArithmeticException">A number is too large for single precision.</exception>
    public static string Write(PortableNetwork network, string name)
    {
        using var stream = typeof(WritingPage).Assembly.GetManifestResourceStream("CharRnn.Rnn.Export.Assets.write.html")
            ?? throw new InvalidOperationException("the program was built without its write.html");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var cell = network.Cell == PortableCell.Vanilla ? "A recurrent network" : $"A recurrent network of the cell {network.Cell}";
        var layers = network.Layers == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" in {network.Layers} layers");
        var description = string.Create(CultureInfo.InvariantCulture, $"{cell}{layers} with {network.HiddenSize} hidden units and {network.Vocabulary.Size} characters.");

        // One place after the other, so that nothing in a name is taken for a place.
        var parts = reader.ReadToEnd().Split(["{name}", "{description}", "{model}"], StringSplitOptions.None);
        return string.Concat(parts[0], WebUtility.HtmlEncode(name), parts[1], WebUtility.HtmlEncode(name), parts[2], description, parts[3], Model(network), parts[4]);
    }

    /// <summary>What the script reads. The serializer writes everything but ASCII, and each of &lt;, &gt; and &amp;, as an escape.</summary>
    private static string Model(PortableNetwork network)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("cell", network.Cell.Name);
            json.WriteNumber("layers", network.Layers);
            json.WriteNumber("m", network.HiddenSize);
            Strings("gates", network.Cell.OnnxGates);
            json.WriteString("state_bias", network.Cell.StateBias);
            Strings("states", network.Cell.States);
            json.WriteString("vocabulary", network.Vocabulary.ToString());
            json.WriteBase64String("numbers", MemoryMarshal.AsBytes<float>([.. Numbers(network).SelectMany(PortableNetwork.Singles)]));
            json.WriteEndObject();

            void Strings(string key, IReadOnlyList<string> values)
            {
                json.WriteStartArray(key);
                foreach (var value in values)
                {
                    json.WriteStringValue(value);
                }

                json.WriteEndArray();
            }
        }

        return Encoding.ASCII.GetString(stream.ToArray());
    }

    private static IEnumerable<double[]> Numbers(PortableNetwork network)
    {
        for (var layer = 0; layer < network.Layers; layer++)
        {
            foreach (var gate in network.Cell.OnnxGates)
            {
                yield return network.Parameter(layer, "W", gate);
                yield return network.Parameter(layer, "U", gate);
                yield return network.Parameter(layer, "b", gate);
            }

            if (network.Cell.StateBias is { } gateOfBias)
            {
                yield return network.Parameter(layer, "c", gateOfBias);
            }
        }

        yield return network.Parameters["V"];
        yield return network.Parameters["c"];
        foreach (var state in network.State)
        {
            yield return state;
        }
    }
}
