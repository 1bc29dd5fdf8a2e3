using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>Parses the JSON header token by token. Strings of the metadata stay where they are, unescaped in place; names are short and few.</summary>
internal static class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 4, AllowTrailingCommas = false, CommentHandling = JsonCommentHandling.Disallow };

    /// <param name="header">The header; the metadata's values are slices of it, written over where they had escapes.</param>
    public static (MetadataDictionary Metadata, List<SafetensorsFile.Entry> Entries) Parse(byte[] header)
    {
        var metadata = new MetadataDictionary();
        var entries = new List<SafetensorsFile.Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(header.AsSpan().TrimEnd((byte)' '), Options);
            reader.Read();   // of nothing there is no first token, which throws
            if (header[0] != (byte)'{')
            {
                throw new SafetensorsException(SafetensorsRule.HeaderNotJson, "not a safetensors file: its header is no JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = ReadName(ref reader);
                if (!names.Add(name))
                {
                    throw new SafetensorsException(SafetensorsRule.DuplicateName, $"'{Shorten(name)}' stands twice in the header");
                }

                reader.Read();
                if (name == MetadataKey)
                {
                    ReadMetadata(ref reader, header, metadata);
                    continue;
                }

                if (entries.Count == SafetensorsFile.MaximumTensors)
                {
                    throw new SafetensorsException(SafetensorsRule.TooMany, $"the file has more than {SafetensorsFile.MaximumTensors} tensors");
                }

                entries.Add(ReadEntry(ref reader, name));
            }

            reader.Read();   // which throws where something follows the object
            return (metadata, entries);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a name with bytes that are not UTF-8, or half of an escaped surrogate pair.
            throw NotText(exception);
        }
    }

    public static string Shorten(string name) => name.Length > 40 ? name[..37] + "..." : name;

    private static string ReadName(ref Utf8JsonReader reader)
    {
        // An escape takes at most six bytes for one of the name: so much is looked at, whatever stands there.
        const int Longest = 6 * SafetensorsFile.MaximumNameLength;
        return reader.ValueSpan.Length <= Longest && reader.GetString() is { } name && Encoding.UTF8.GetByteCount(name) <= SafetensorsFile.MaximumNameLength ? name
            : throw new SafetensorsException(SafetensorsRule.NameTooLong, $"the header has a name of more than {SafetensorsFile.MaximumNameLength} bytes");
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, byte[] header, MetadataDictionary metadata)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw NotStrings();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = ReadName(ref reader);
            if (metadata.Count == SafetensorsFile.MaximumTensors)
            {
                throw new SafetensorsException(SafetensorsRule.TooMany, $"the file has more than {SafetensorsFile.MaximumTensors} entries of metadata");
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw NotStrings();
            }

            var value = header.AsMemory((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            if (reader.ValueIsEscaped)
            {
                value = value[..Unescape(value.Span)];
            }

            if (!Utf8.IsValid(value.Span))
            {
                throw NotText(null);
            }

            if (!metadata.TryAdd(key, value))
            {
                throw new SafetensorsException(SafetensorsRule.DuplicateName, $"'{Shorten(key)}' stands twice in the metadata");
            }
        }

        static SafetensorsException NotStrings() => new(SafetensorsRule.MetadataNotStrings, "__metadata__ is no object of strings");
    }

    /// <summary>Resolves the escapes of a JSON string in place (RFC 8259, section 7), which only makes it shorter. The reader has checked their form.</summary>
    /// <returns>The length that is left.</returns>
    private static int Unescape(Span<byte> text)
    {
        var written = 0;
        for (var read = 0; read < text.Length;)
        {
            var value = text[read++];
            if (value == '\\')
            {
                value = text[read++];
                if (value == 'u')
                {
                    var unit = Unit(text, read);
                    read += 4;
                    if (char.IsHighSurrogate((char)unit) && read + 6 <= text.Length && text[read] == '\\' && text[read + 1] == 'u' && char.IsLowSurrogate((char)Unit(text, read + 2)))
                    {
                        unit = char.ConvertToUtf32((char)unit, (char)Unit(text, read + 2));
                        read += 6;
                    }

                    if (!Rune.TryCreate(unit, out var character))
                    {
                        throw NotText(null);
                    }

                    written += character.EncodeToUtf8(text[written..]);
                    continue;
                }

                value = value switch { (byte)'b' => (byte)'\b', (byte)'f' => (byte)'\f', (byte)'n' => (byte)'\n', (byte)'r' => (byte)'\r', (byte)'t' => (byte)'\t', _ => value };
            }

            text[written++] = value;
        }

        return written;

        static int Unit(ReadOnlySpan<byte> text, int at) => int.Parse(text.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private static SafetensorsException NotText(Exception? inner) => new(SafetensorsRule.HeaderNotJson, "not a safetensors file: its header is no valid JSON", inner);

    private static SafetensorsFile.Entry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Malformed("is no object");
        }

        TensorType? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("dtype"u8))
            {
                if (type is not null)
                {
                    throw Twice("dtype");
                }

                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    throw Malformed("has a dtype that is no string");
                }

                var text = reader.HasValueSequence || reader.ValueSpan.Length > 32 ? "" : reader.GetString()!;
                type = Enum.TryParse(text, out TensorType parsed) && parsed.ToString() == text ? parsed
                    : throw new SafetensorsException(SafetensorsRule.UnknownType, $"tensor '{Shorten(name)}' has the unknown dtype '{Shorten(text)}'");
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                if (shape is not null)
                {
                    throw Twice("shape");
                }

                reader.Read();
                shape = ReadNumbers(ref reader, name, "shape", SafetensorsRule.ShapeInvalid);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                if (offsets is not null)
                {
                    throw Twice("data_offsets");
                }

                reader.Read();
                offsets = ReadNumbers(ref reader, name, "data_offsets", SafetensorsRule.OffsetsInvalid);
            }
            else
            {
                throw Malformed("has a key other than dtype, shape and data_offsets");
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw Malformed("lacks dtype, shape or data_offsets");
        }

        if (offsets.Length != 2 || offsets[1] < offsets[0])
        {
            throw new SafetensorsException(SafetensorsRule.OffsetsInvalid, $"tensor '{Shorten(name)}' has data_offsets that are no range");
        }

        long size = shape.Contains(0) ? 0 : SafetensorsTensor.SizeOf(type.Value);
        foreach (var extent in shape)
        {
            if (extent > 0 && size > long.MaxValue / extent)
            {
                throw new SafetensorsException(SafetensorsRule.ShapeOverflow, $"tensor '{Shorten(name)}' is larger than any file");
            }

            size *= extent;
        }

        if (offsets[1] - offsets[0] != size)
        {
            throw new SafetensorsException(SafetensorsRule.SizeMismatch, $"tensor '{Shorten(name)}' has {offsets[1] - offsets[0]} bytes, but {type} [{string.Join(", ", shape)}] takes {size}");
        }

        return new SafetensorsFile.Entry(name, type.Value, shape, offsets[0], offsets[1]);

        SafetensorsException Malformed(string what) => new(SafetensorsRule.TensorMalformed, $"tensor '{Shorten(name)}' {what}");
        SafetensorsException Twice(string key) => new(SafetensorsRule.DuplicateName, $"tensor '{Shorten(name)}' has {key} twice");
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name, string key, SafetensorsRule rule)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Wrong();
        }

        Span<long> numbers = stackalloc long[SafetensorsFile.MaximumRank];
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Wrong();
            }

            if (count == numbers.Length)
            {
                throw new SafetensorsException(SafetensorsRule.TooMany, $"tensor '{Shorten(name)}' has more than {SafetensorsFile.MaximumRank} dimensions");
            }

            numbers[count++] = number;
        }

        return numbers[..count].ToArray();

        SafetensorsException Wrong() => new(rule, $"tensor '{Shorten(name)}' has a {key} that is no list of whole numbers from 0");
    }
}
