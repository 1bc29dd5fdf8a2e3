using System.Text;
using System.Text.Json;

namespace CharRnn.Rnn.Runs;

/// <summary>Reads the settings of a JSON object. What is missing, of another kind or out of its range is a <see cref="FormatException"/> that names it.</summary>
/// <param name="json">The object.</param>
internal readonly struct SettingsReader(JsonElement json)
{
    public bool Has(string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out _);

    public bool IsNull(string name) => Value(name).ValueKind == JsonValueKind.Null;

    public long? Null(string name) => IsNull(name) ? null : throw Wrong(name, "null beside epochs");

    public string Text(string name) => OptionalText(name) ?? throw Wrong(name, "text");

    public string? OptionalText(string name) => Value(name) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text when IsText(text) => text.GetString(),
        _ => throw Wrong(name, "text"),
    };

    public string OneOf(string name, params string[] words) => Text(name) is var word && words.Contains(word, StringComparer.Ordinal) ? word : throw Wrong(name, string.Join(" or ", words));

    public string Sha256(string name) => Text(name) is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower) ? hash : throw Wrong(name, "64 hexadecimal digits");

    public string Vocabulary(string name) => Text(name) is { Length: > 0 } text && Rnn.Text.Vocabulary.IsInOrder(Encoding.UTF8.GetBytes(text), out _)
        ? text : throw Wrong(name, "characters in order of code point, none twice");

    public long Whole(string name, long least, long greatest) => Value(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value >= least && value <= greatest
        ? value : throw Wrong(name, greatest == long.MaxValue ? $"a whole number, at least {least}" : $"a whole number from {least} to {greatest}");

    public ulong Unsigned(string name) => Value(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetUInt64(out var value) ? value : throw Wrong(name, "a whole number, at least 0");

    public double Positive(string name, Precision precision) => Value(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && RunConfiguration.IsPositiveIn(precision, value)
        ? value : throw Wrong(name, "a number greater than 0");

    public double AtLeastZero(string name) => Value(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && value >= 0 && double.IsFinite(value)
        ? value : throw Wrong(name, "a number, at least 0");

    public double Part(string name) => Value(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value) && value is >= 0 and < 1
        ? value : throw Wrong(name, "a number from 0, below 1");

    public IReadOnlyList<string> Texts(string name) => Value(name) is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0 && array.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String && IsText(element))
        ? [.. array.EnumerateArray().Select(element => element.GetString()!)] : throw Wrong(name, "a list of texts");

    /// <summary>0 and whole numbers below a length, ascending.</summary>
    public IReadOnlyList<long> Beginnings(string name, long length)
    {
        var last = -1L;
        return Value(name) is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0 && array[0].ValueKind == JsonValueKind.Number && array[0].TryGetInt64(out var first) && first == 0
            && array.EnumerateArray().All(element => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value) && value > last && (last = value) < length)
            ? [.. array.EnumerateArray().Select(element => element.GetInt64())] : throw Wrong(name, $"0 and whole numbers below {length}, ascending");
    }

    public IEnumerable<SettingsReader> Objects(string name) => Value(name) is { ValueKind: JsonValueKind.Array } array
        ? array.EnumerateArray().Select(element => new SettingsReader(element)) : throw Wrong(name, "a list");

    /// <summary>What is wrong with a setting.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expected">What it should be.</param>
    public FormatException Wrong(string name, string expected)
    {
        var text = Value(name).GetRawText();
        return new($"its {name} is {(text.Length > 40 ? text[..37] + "..." : text)}, not {expected}");
    }

    private JsonElement Value(string name) => json.ValueKind != JsonValueKind.Object ? throw new FormatException("it is no object")
        : json.TryGetProperty(name, out var value) ? value : throw new FormatException($"it has no {name}");

    /// <summary>Half of a surrogate pair can be written as an escape, and is no text.</summary>
    private static bool IsText(JsonElement element)
    {
        try
        {
            return element.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
