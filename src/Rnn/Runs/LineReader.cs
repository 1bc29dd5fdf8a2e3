namespace CharRnn.Rnn.Runs;

/// <summary>
/// Reads a file line by line as a stream, so that it takes the memory of the longest line, whatever the file's length. A byte-order
/// mark at the beginning is no part of the first line.
/// </summary>
/// <param name="stream">The file, from its beginning; the caller closes it.</param>
internal sealed class LineReader(Stream stream)
{
    private const int LongestLine = 1 << 30;

    private byte[] _buffer = new byte[1 << 16];
    private int _start, _filled;   // what is read and not yet handed out

    /// <summary>The line, without its line feed.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Its number, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Where the next line begins, in bytes from the beginning of the file.</summary>
    public long End { get; private set; }

    /// <summary>Whether a line feed ends it; without one it is the file's last.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Goes on to the next line.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="FormatException">The line is longer than a gigabyte.</exception>
    public bool Read()
    {
        Number++;
        var length = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + length, _filled - _start - length).IndexOf((byte)'\n');
            if (found >= 0)
            {
                Take(length + found, whole: true);
                return true;
            }

            length = _filled - _start;
            if (!Fill())
            {
                Take(length, whole: false);
                return length > 0;
            }
        }
    }

    private void Take(int length, bool whole)
    {
        Line = _buffer.AsMemory(_start, length);
        if (Number == 1 && Line.Span.StartsWith("\uFEFF"u8))
        {
            Line = Line[3..];
        }

        IsWhole = whole;
        var taken = whole ? length + 1 : length;
        _start += taken;
        End += taken;
    }

    /// <summary>Reads on, behind what is not yet handed out; false where the file has no more.</summary>
    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            (_start, _filled) = (0, _filled - _start);
        }

        if (_filled == _buffer.Length)
        {
            if (_filled >= LongestLine)
            {
                throw new FormatException("longer than a gigabyte");
            }

            Array.Resize(ref _buffer, 2 * _filled);
        }

        var read = stream.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        return read > 0;
    }
}
