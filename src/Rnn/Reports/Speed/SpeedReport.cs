using System.Text.Json;

namespace CharRnn.Rnn.Reports.Speed;

/// <summary>What <c>charrnn bench --json</c> measured, as a run's folder keeps it.</summary>
/// <param name="Processor">Where it was measured.</param>
/// <param name="Kernels">The kernels measured.</param>
/// <param name="HiddenSize">m.</param>
/// <param name="VocabularySize">K.</param>
/// <param name="SequenceLength">T.</param>
/// <param name="PeakGigaflops">The multiply-add peak of one core, measured in the same run.</param>
/// <param name="Update">A whole update.</param>
/// <param name="Parts">Its parts.</param>
public sealed record SpeedReport(string Processor, string Kernels, int HiddenSize, int VocabularySize, int SequenceLength, double PeakGigaflops, SpeedRow Update, IReadOnlyList<SpeedRow> Parts)
{
    private const string MinimumEnding = "_min_microseconds", MedianEnding = "_median_microseconds";

    /// <summary>Reads bench.json. Whatever was timed beside the kernels is a peer, whichever there are.</summary>
    /// <exception cref="FormatException">It is not what <c>charrnn bench --json</c> prints.</exception>
    public static SpeedReport FromJson(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new SpeedReport(
                root.GetProperty("processor").GetString()!,
                root.GetProperty("kernels").GetString()!,
                root.GetProperty("hidden").GetInt32(),
                root.GetProperty("vocabulary").GetInt32(),
                root.GetProperty("seq_length").GetInt32(),
                Number(root, "peak_gflops") ?? double.NaN,
                Row("the whole update", root.GetProperty("update")),
                [.. root.GetProperty("parts").EnumerateArray().Select(part => Row(part.GetProperty("name").GetString()!, part))]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException("it is not what charrnn bench --json prints", exception);
        }
    }

    private static SpeedRow Row(string name, JsonElement entry) => new(
        name,
        Number(entry, "min_microseconds") ?? throw new FormatException($"no time for {name}"),
        Number(entry, "median_microseconds"),
        Number(entry, "share_of_peak") is > 0 and var share ? share : null,
        [.. Peers(entry)]);

    /// <summary>A peer stands as <c>NAME_min_microseconds</c> beside our own time, or in an array <c>peers</c>.</summary>
    private static IEnumerable<SpeedPeer> Peers(JsonElement entry)
    {
        foreach (var property in entry.EnumerateObject())
        {
            if (!property.Name.EndsWith(MinimumEnding, StringComparison.Ordinal) || Number(entry, property.Name) is not { } minimum)
            {
                continue;
            }

            var name = property.Name[..^MinimumEnding.Length];
            yield return new SpeedPeer(NameOf(name), minimum, Number(entry, name + MedianEnding));
        }

        if (!entry.TryGetProperty("peers", out var peers))
        {
            yield break;
        }

        foreach (var peer in peers.EnumerateArray())
        {
            if (Number(peer, "min_microseconds") is { } minimum)
            {
                yield return new SpeedPeer(NameOf(peer.GetProperty("name").GetString()!), minimum, Number(peer, "median_microseconds"));
            }
        }
    }

    private static string NameOf(string name) => name switch
    {
        "scalar" => "scalar loops",
        "tensor_primitives" => "TensorPrimitives",
        _ => name.Replace('_', ' '),
    };

    private static double? Number(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && double.IsFinite(number) ? number : null;
}
