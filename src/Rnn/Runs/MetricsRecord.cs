using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace CharRnn.Rnn.Runs;

/// <summary>One line of metrics.jsonl and metrics.csv.</summary>
/// <param name="Step">The update, from 1.</param>
/// <param name="Epoch">The pass over the text that it belongs to, from 1.</param>
/// <param name="Loss">Its loss, summed over the chunk, before the weights changed; nats.</param>
/// <param name="SmoothLoss">The smooth loss after it.</param>
/// <param name="ElapsedSeconds">Training time so far; a resumed run goes on from the time at its checkpoint.</param>
/// <param name="CharactersPerSecond">The speed since the line before.</param>
public sealed record MetricsRecord(long Step, long Epoch, double Loss, double SmoothLoss, double ElapsedSeconds, double CharactersPerSecond)
{
    /// <summary>The loss on the held-out text after this update, a character, in nats; null where the update was not validated.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The first line of metrics.csv.</summary>
    internal static ReadOnlySpan<byte> TableHeader => "step,epoch,loss,smooth_loss,elapsed_seconds,characters_per_second"u8;

    /// <summary>The same where text is held out.</summary>
    internal static ReadOnlySpan<byte> ValidatedTableHeader => "step,epoch,loss,smooth_loss,elapsed_seconds,characters_per_second,validation_loss"u8;

    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("step", Step);
        json.WriteNumber("epoch", Epoch);
        JsonNumbers.Write(json, "loss", Loss);
        JsonNumbers.Write(json, "smooth_loss", SmoothLoss);
        JsonNumbers.Write(json, "elapsed_seconds", ElapsedSeconds);
        JsonNumbers.Write(json, "characters_per_second", CharactersPerSecond);
        if (ValidationLoss is { } validation)
        {
            JsonNumbers.Write(json, "validation_loss", validation);
        }

        json.WriteEndObject();
    }

    internal static MetricsRecord FromJson(JsonElement json) => new(
        json.GetProperty("step").GetInt64(), json.GetProperty("epoch").GetInt64(), JsonNumbers.Read(json, "loss"), JsonNumbers.Read(json, "smooth_loss"),
        JsonNumbers.Read(json, "elapsed_seconds"), JsonNumbers.Read(json, "characters_per_second"))
    {
        ValidationLoss = json.TryGetProperty("validation_loss", out _) ? JsonNumbers.Read(json, "validation_loss") : null,
    };

    internal void WriteRow(IBufferWriter<byte> table)
    {
        Span<byte> row = stackalloc byte[256];
        Utf8.TryWrite(row, CultureInfo.InvariantCulture, $"{Step},{Epoch},{Loss},{SmoothLoss},{ElapsedSeconds},{CharactersPerSecond}", out var length);
        table.Write(row[..length]);
        if (ValidationLoss is { } validation)
        {
            Utf8.TryWrite(row, CultureInfo.InvariantCulture, $",{validation}", out length);
            table.Write(row[..length]);
        }
    }

    /// <summary>Reads a row of metrics.csv.</summary>
    /// <param name="row">Its bytes.</param>
    /// <param name="isValidated">Whether the table has a column for the loss on held-out text.</param>
    /// <exception cref="FormatException">It is none.</exception>
    internal static MetricsRecord FromRow(ReadOnlySpan<byte> row, bool isValidated = false)
    {
        var rest = row.TrimEnd((byte)'\r');
        var record = new MetricsRecord(Whole(ref rest), Whole(ref rest), Real(ref rest), Real(ref rest), Real(ref rest), Real(ref rest));
        if (isValidated && !rest.IsEmpty)
        {
            record = record with { ValidationLoss = Real(ref rest) };
        }

        return rest.IsEmpty ? record : throw new FormatException("too many numbers");

        static long Whole(ref ReadOnlySpan<byte> rest) =>
            Utf8Parser.TryParse(rest, out long value, out var length) && Skip(ref rest, length) ? value : throw new FormatException("no whole number");

        static double Real(ref ReadOnlySpan<byte> rest) =>
            Utf8Parser.TryParse(rest, out double value, out var length) && Skip(ref rest, length) ? value : throw new FormatException("no number");

        // A comma stands after every number but the last.
        static bool Skip(ref ReadOnlySpan<byte> rest, int length)
        {
            rest = rest[length..];
            if (rest.IsEmpty || rest[0] != (byte)',')
            {
                return rest.IsEmpty;
            }

            rest = rest[1..];
            return true;
        }
    }
}
