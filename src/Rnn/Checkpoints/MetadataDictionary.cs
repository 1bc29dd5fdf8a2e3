using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>
/// The strings of a file's <c>__metadata__</c>, in the order of the file. The values stay the UTF-8 of the header until they are asked for,
/// so that a file of strangers takes no more memory than it has bytes.
/// </summary>
public sealed class MetadataDictionary : IReadOnlyDictionary<string, string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<string> _keys = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _values = new(StringComparer.Ordinal);

    internal MetadataDictionary()
    {
    }

    /// <summary>Metadata of these strings.</summary>
    /// <exception cref="ArgumentException">A key stands twice, or a string has half of a surrogate pair.</exception>
    public MetadataDictionary(IEnumerable<KeyValuePair<string, string>> entries)
    {
        foreach ((var key, var value) in entries)
        {
            if (!TryAdd(key, Strict.GetBytes(value)))
            {
                throw new ArgumentException($"'{key}' stands twice", nameof(entries));
            }
        }
    }

    /// <inheritdoc/>
    public int Count => _keys.Count;

    /// <summary>The keys, in the order of the file.</summary>
    public IEnumerable<string> Keys => _keys;

    /// <summary>The values, in the order of the file.</summary>
    public IEnumerable<string> Values => _keys.Select(key => this[key]);

    /// <inheritdoc/>
    public string this[string key] => Strict.GetString(_values[key].Span);

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        var found = TryGetUtf8(key, out var utf8);
        value = found ? Strict.GetString(utf8) : null;
        return found;
    }

    /// <summary>A value as UTF-8, which takes no memory.</summary>
    public bool TryGetUtf8(string key, out ReadOnlySpan<byte> utf8)
    {
        var found = _values.TryGetValue(key, out var value);
        utf8 = value.Span;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _keys.Select(key => KeyValuePair.Create(key, this[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a value that is known to be UTF-8; false where the key is there already.</summary>
    internal bool TryAdd(string key, ReadOnlyMemory<byte> utf8)
    {
        if (!_values.TryAdd(key, utf8))
        {
            return false;
        }

        _keys.Add(key);
        return true;
    }
}
