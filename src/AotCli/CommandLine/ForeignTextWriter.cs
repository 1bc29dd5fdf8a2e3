using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>Writes to a terminal, or where a person may look at it on one: text of any origin, of which only line ends and tabs do what they do.</summary>
/// <param name="inner">Where it goes, each call in one piece.</param>
internal sealed class ForeignTextWriter(TextWriter inner) : TextWriter
{
    private char _highSurrogate;
    private bool _carriageReturn;

    public override Encoding Encoding => inner.Encoding;

    public override string NewLine => "\n";

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine() => Write(NewLine);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var shown = new StringBuilder(buffer.Length);
        foreach (var unit in buffer)
        {
            if (_highSurrogate != 0 && char.IsLowSurrogate(unit))
            {
                Append(shown, new Rune(_highSurrogate, unit));
                _highSurrogate = default;
                continue;
            }

            if (_highSurrogate != 0)
            {
                Append(shown, Rune.ReplacementChar);
            }

            _highSurrogate = char.IsHighSurrogate(unit) ? unit : default;
            if (_highSurrogate == 0)
            {
                Append(shown, Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar);
            }
        }

        if (shown.Length > 0)
        {
            inner.Write(shown.ToString());
        }
    }

    public override void Flush() => inner.Flush();

    private void Append(StringBuilder shown, Rune rune)
    {
        // Before a line feed a carriage return ends a line as well; alone it would write over it.
        if (_carriageReturn && rune.Value != '\n')
        {
            shown.Append("\\r");
        }

        _carriageReturn = rune.Value == '\r';
        if (!_carriageReturn)
        {
            shown.Append(rune.Value is '\n' or '\t' ? rune.ToString() : ForeignText.Show(rune));
        }
    }
}
