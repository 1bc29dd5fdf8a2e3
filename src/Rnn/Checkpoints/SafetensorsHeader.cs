using System.Text.Json;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>Parses the JSON header token by token, so that no header makes it allocate more than what it names.</summary>
internal static class SafetensorsHeader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 4, AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow };

    public static (List<KeyValuePair<string, string>> Metadata, List<SafetensorsFile.Entry> Entries) Parse(ReadOnlySpan<byte> header)
    {
        var metadata = new List<KeyValuePair<string, string>>();
        var entries = new List<SafetensorsFile.Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(header.TrimEnd((byte)' '), Options);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || header[0] != (byte)'{')
                throw new SafetensorsException(SafetensorsRule.HeaderNotJson, "not a safetensors file: its header is no JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                if (!names.Add(name)) throw new SafetensorsException(SafetensorsRule.DuplicateName, $"'{Shorten(name)}' stands twice in the header");
                reader.Read();
                if (name == "__metadata__")
                {
                    ReadMetadata(ref reader, metadata);
                    continue;
                }
                if (entries.Count == SafetensorsFile.MaximumTensors)
                    throw new SafetensorsException(SafetensorsRule.TooMany, $"the file has more than {SafetensorsFile.MaximumTensors} tensors");
                entries.Add(ReadEntry(ref reader, name));
            }
            if (reader.Read()) throw new SafetensorsException(SafetensorsRule.HeaderNotJson, "the header goes on after its JSON object");
            return (metadata, entries);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with bytes that are not UTF-8, or half of an escaped surrogate pair.
            throw new SafetensorsException(SafetensorsRule.HeaderNotJson, "not a safetensors file: its header is no valid JSON", exception);
        }
    }

    public static string Shorten(string name) => name.Length > 40 ? name[..37] + "..." : name;

    private static void ReadMetadata(ref Utf8JsonReader reader, List<KeyValuePair<string, string>> metadata)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw NotStrings();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            if (!keys.Add(key)) throw new SafetensorsException(SafetensorsRule.DuplicateName, $"'{Shorten(key)}' stands twice in the metadata");
            if (metadata.Count == SafetensorsFile.MaximumTensors)
                throw new SafetensorsException(SafetensorsRule.TooMany, $"the file has more than {SafetensorsFile.MaximumTensors} entries of metadata");
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw NotStrings();
            metadata.Add(new(key, reader.GetString()!));
        }

        static SafetensorsException NotStrings() => new(SafetensorsRule.MetadataNotStrings, "__metadata__ is no object of strings");
    }

    private static SafetensorsFile.Entry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Malformed("is no object");
        TensorType? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                if (type is not null) throw Twice("dtype");
                reader.Read();
                if (reader.TokenType != JsonTokenType.String) throw Malformed("has a dtype that is no string");
                string text = reader.HasValueSequence || reader.ValueSpan.Length > 32 ? "" : reader.GetString()!;
                type = Enum.TryParse(text, ignoreCase: false, out TensorType parsed) && parsed.ToString() == text ? parsed
                    : throw new SafetensorsException(SafetensorsRule.UnknownType, $"tensor '{Shorten(name)}' has the unknown dtype '{Shorten(text)}'");
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                if (shape is not null) throw Twice("shape");
                reader.Read();
                shape = ReadNumbers(ref reader, name, "shape", SafetensorsRule.ShapeInvalid);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                if (offsets is not null) throw Twice("data_offsets");
                reader.Read();
                offsets = ReadNumbers(ref reader, name, "data_offsets", SafetensorsRule.OffsetsInvalid);
            }
            else
            {
                throw Malformed("has a key other than dtype, shape and data_offsets");
            }
        }
        if (type is null || shape is null || offsets is null) throw Malformed("lacks dtype, shape or data_offsets");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
            throw new SafetensorsException(SafetensorsRule.OffsetsInvalid, $"tensor '{Shorten(name)}' has data_offsets that are no range");

        long size = SafetensorsTensor.SizeOf(type.Value);
        bool empty = shape.Contains(0);
        foreach (long extent in shape)
        {
            if (!empty && size > long.MaxValue / extent)
                throw new SafetensorsException(SafetensorsRule.ShapeOverflow, $"tensor '{Shorten(name)}' is larger than any file");
            size *= empty ? 0 : extent;
        }
        if (offsets[1] - offsets[0] != (empty ? 0 : size))
            throw new SafetensorsException(SafetensorsRule.SizeMismatch, $"tensor '{Shorten(name)}' has {offsets[1] - offsets[0]} bytes, but {type} [{string.Join(", ", shape)}] takes {(empty ? 0 : size)}");
        return new SafetensorsFile.Entry(name, type.Value, shape, offsets[0], offsets[1]);

        SafetensorsException Malformed(string what) => new(SafetensorsRule.TensorMalformed, $"tensor '{Shorten(name)}' {what}");
        SafetensorsException Twice(string key) => new(SafetensorsRule.DuplicateName, $"tensor '{Shorten(name)}' has {key} twice");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name, string key, SafetensorsRule rule)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Wrong();
        Span<long> numbers = stackalloc long[SafetensorsFile.MaximumRank];
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0) throw Wrong();
            if (count == numbers.Length)
                throw new SafetensorsException(SafetensorsRule.TooMany, $"tensor '{Shorten(name)}' has more than {SafetensorsFile.MaximumRank} dimensions");
            numbers[count++] = number;
        }
        return numbers[..count].ToArray();

        SafetensorsException Wrong() => new(rule, $"tensor '{Shorten(name)}' has a {key} that is no list of whole numbers from 0");
    }
}
