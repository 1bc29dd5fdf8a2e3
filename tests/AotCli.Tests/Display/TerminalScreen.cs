using System.Globalization;
using System.Text;

namespace CharRnn.AotCli.Tests.Display;

/// <summary>As much of a terminal as the display uses: lines that break at the width, the cursor, CSI A, K, J and m. Scrolls without end.</summary>
internal sealed class TerminalScreen(int width) : TextWriter
{
    private readonly List<StringBuilder> _rows = [new()];
    private int _row, _column;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>How many times text was written past the last column.</summary>
    public int Breaks { get; private set; }

    /// <summary>The rows, without trailing blanks and empty rows at the end.</summary>
    public string[] Rows => [.. _rows.Select(row => row.ToString().TrimEnd()).Reverse().SkipWhile(row => row.Length == 0).Reverse()];

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        for (var i = 0; i < value!.Length; i++)
        {
            switch (value[i])
            {
                case '\r': _column = 0; break;
                case '\n': _column = 0; Move(_row + 1); break;
                case '\e':
                    var end = i + 2;
                    while (!char.IsAsciiLetter(value[end]))
                    {
                        end++;
                    }

                    Control(value[(i + 2)..end], value[end]);
                    i = end;
                    break;
                default:
                    Assert.False(char.IsControl(value[i]), $"a control character, U+{(int)value[i]:X4}");
                    Put(value[i]);
                    break;
            }
        }
    }

    /// <summary>The terminal has another width now: what is longer than a row takes several, as most terminals do it.</summary>
    public void Narrow(int to)
    {
        var rows = new List<StringBuilder>();
        for (var i = 0; i < _rows.Count; i++)
        {
            if (i == _row)
            {
                (_row, _column) = (rows.Count, 0);
            }

            var row = _rows[i].ToString().TrimEnd();
            for (var from = 0; from == 0 || from < row.Length; from += to)
            {
                rows.Add(new(row[from..Math.Min(row.Length, from + to)]));
            }
        }

        _rows.Clear();
        _rows.AddRange(rows);
        width = to;
    }

    private void Put(char character)
    {
        if (_column == width)
        {
            Breaks++;
            _column = 0;
            Move(_row + 1);
        }

        var row = _rows[_row];
        while (row.Length <= _column)
        {
            row.Append(' ');
        }

        row[_column++] = character;
    }

    private void Move(int row)
    {
        _row = Math.Max(0, row);
        while (_rows.Count <= _row)
        {
            _rows.Add(new());
        }
    }

    private void Control(string numbers, char command)
    {
        switch (command)
        {
            case 'A': Move(_row - int.Parse(numbers, CultureInfo.InvariantCulture)); break;
            case 'K': _rows[_row].Length = Math.Min(_rows[_row].Length, _column); break;
            case 'J':
                _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case 'm': break;
            default: Assert.Fail($"a control sequence that is not known: {numbers}{command}"); break;
        }
    }
}
