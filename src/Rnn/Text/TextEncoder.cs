using System.Buffers;
using System.Text;

namespace CharRnn.Rnn.Text;

/// <summary>Builds an <see cref="EncodedText"/> from UTF-8 bytes as they arrive, in pieces cut anywhere.</summary>
/// <param name="name">What messages call the text.</param>
/// <param name="isMarked">Whether a text may begin with a byte-order mark, which is dropped; else it is a character as others are.</param>
internal sealed class TextEncoder(string name, bool isMarked = true)
{
    private string _name = name;
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly Sha256 _sha256 = new();
    private readonly CodePointMap _numbers = new();       // code point -> number in order of first appearance
    private readonly List<int> _appearance = [];
    private readonly List<Array> _pages = [];
    private readonly byte[] _head = new byte[4];          // the bytes of a character cut by the end of a piece
    private int _headLength;
    private int[] _decoded = [];
    private readonly List<long> _beginnings = [0];        // of the texts
    private long _bytes;                                  // consumed so far of the text: the offset of the next byte to decode
    private long _length;

    /// <summary>Adds the next bytes of the text.</summary>
    /// <exception cref="InvalidTextException">They are not UTF-8.</exception>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        while (_headLength > 0 && !utf8.IsEmpty)
        {
            _head[_headLength++] = utf8[0];
            utf8 = utf8[1..];
            if (Rune.DecodeFromUtf8(_head.AsSpan(0, _headLength), out _, out _) == OperationStatus.NeedMoreData)
            {
                continue;
            }

            Decode(_head.AsSpan(0, _headLength));   // whole now, or wrong
            _headLength = 0;
        }

        while (!utf8.IsEmpty)
        {
            var last = utf8.Length <= 1 << 16;
            var piece = last ? utf8 : utf8[..(1 << 16)];
            utf8 = utf8[Decode(piece)..];
            if (!last)
            {
                continue;
            }

            utf8.CopyTo(_head);
            _headLength = utf8.Length;
            break;
        }
    }

    /// <summary>Ends a text and begins another, which is put behind it. One without a character leaves nothing.</summary>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidTextException">The text before ends within a character.</exception>
    public void BeginText(string name)
    {
        RefuseHead();
        (_name, _bytes) = (name, 0);
        if (_beginnings[^1] < _length)
        {
            _beginnings.Add(_length);
        }
    }

    /// <summary>Ends the text.</summary>
    /// <exception cref="InvalidTextException">It ends within a character.</exception>
    public EncodedText Finish()
    {
        RefuseHead();
        if (_beginnings[^1] == _length && _beginnings.Count > 1)
        {
            _beginnings.RemoveAt(_beginnings.Count - 1);
        }

        int[] appearance = [.. _appearance];
        return new EncodedText(_pages, _length, appearance, Vocabulary.FromCodePoints(appearance), _sha256.Finish(), [.. _beginnings]);
    }

    private void RefuseHead()
    {
        if (_headLength > 0)
        {
            throw Invalid(_head[0]);
        }
    }

    /// <summary>Decodes and stores as many whole characters as there are; returns how many bytes they took.</summary>
    private int Decode(ReadOnlySpan<byte> utf8)
    {
        if (_decoded.Length < utf8.Length)
        {
            _decoded = new int[utf8.Length];
        }

        var decoded = _decoded;
        int used = 0, count = 0, markLength = 0;
        while (true)
        {
            var known = CopyKnownAscii(utf8[used..], decoded.AsSpan(count));
            used += known;
            count += known;
            if (used == utf8.Length)
            {
                break;
            }

            int codePoint = utf8[used];
            var taken = 1;
            if (codePoint >= 0x80)
            {
                var status = Rune.DecodeFromUtf8(utf8[used..], out var character, out taken);
                if (status == OperationStatus.NeedMoreData)
                {
                    break;
                }

                if (status == OperationStatus.InvalidData)
                {
                    _bytes += used;
                    throw Invalid(utf8[used]);
                }

                codePoint = character.Value;
                if (isMarked && codePoint == 0xFEFF && _bytes + used == 0)
                {
                    used = markLength = ByteOrderMark.Length;
                    continue;
                }
            }

            used += taken;
            var number = _numbers[codePoint];
            if (number < 0)
            {
                _numbers[codePoint] = number = _appearance.Count;
                _appearance.Add(codePoint);
            }

            decoded[count++] = number;
        }

        _sha256.Append(utf8[markLength..used]);
        _bytes += used;
        Store(decoded.AsSpan(0, count));
        return used;
    }

    /// <summary>The numbers of the characters of one byte, up to the first that is longer or new; returns how many.</summary>
    private int CopyKnownAscii(ReadOnlySpan<byte> utf8, Span<int> numbers)
    {
        var ascii = _numbers.First[..0x80];
        var count = 0;
        foreach (var value in utf8)
        {
            var number = value < ascii.Length ? ascii[value] : -1;
            if (number < 0)
            {
                break;
            }

            numbers[count++] = number;
        }

        return count;
    }

    private void Store(ReadOnlySpan<int> numbers)
    {
        while (!numbers.IsEmpty)
        {
            var offset = (int)(_length & (EncodedText.PageLength - 1));
            if (offset == 0)
            {
                _pages.Add(NewPage(_length == 0 ? numbers.Length : EncodedText.PageLength));
            }

            var count = Math.Min(numbers.Length, EncodedText.PageLength - offset);
            switch (PageFor(offset + count))
            {
                case byte[] page:
                    for (var i = 0; i < count; i++)
                    {
                        page[offset + i] = (byte)numbers[i];
                    }

                    break;
                case ushort[] page:
                    for (var i = 0; i < count; i++)
                    {
                        page[offset + i] = (ushort)numbers[i];
                    }

                    break;
                case int[] page:
                    numbers[..count].CopyTo(page.AsSpan(offset));
                    break;
            }

            numbers = numbers[count..];
            _length += count;
        }
    }

    private Array NewPage(int length) => _appearance.Count switch
    {
        <= 1 << 8 => new byte[length],
        <= 1 << 16 => new ushort[length],
        _ => new int[length],
    };

    /// <summary>The last page, long enough for so many characters and wide enough for every number given so far.</summary>
    private Array PageFor(int length)
    {
        var page = _pages[^1];
        var limit = page switch { byte[] => 1 << 8, ushort[] => 1 << 16, _ => int.MaxValue };
        if (page.Length >= length && _appearance.Count <= limit)
        {
            return page;
        }

        var wider = NewPage(Math.Min(EncodedText.PageLength, Math.Max(length, 2 * page.Length)));
        Array.Copy(page, wider, page.Length);   // each number is widened
        return _pages[^1] = wider;
    }

    private InvalidTextException Invalid(byte value)
    {
        var hint = _bytes == 0 && value is (0xFE or 0xFF) ? " (it looks like UTF-16; iconv -f UTF-16 -t UTF-8 converts it)" : "";
        return new InvalidTextException($"{_name} is not UTF-8: byte 0x{value:X2} at offset {_bytes}{hint}");
    }
}
