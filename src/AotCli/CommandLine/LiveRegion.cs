using System.Text;

namespace CharRnn.AotCli.CommandLine;

/// <summary>
/// Some lines at the end of the terminal that are redrawn in place. The cursor stays visible and rests on the line below them, so there is
/// nothing to put right again however the process ends.
/// </summary>
/// <param name="output">The terminal.</param>
internal sealed class LiveRegion(TextWriter output)
{
    private readonly List<int> _drawn = [];   // the columns of the lines that stand there

    /// <summary>Draws the lines over those drawn before.</summary>
    /// <param name="lines">Each shorter than <paramref name="width"/>, without control characters but for colours.</param>
    /// <param name="width">The columns of the terminal now.</param>
    public void Draw(IReadOnlyList<string> lines, int width)
    {
        var frame = new StringBuilder();
        Return(frame, width);
        _drawn.Clear();
        foreach (var line in lines)
        {
            frame.Append(line).Append("\e[K\n");
            _drawn.Add(DisplayWidth.Of(line));
        }

        output.Write(frame.Append("\e[J").ToString());   // in one piece, so that no half of it is ever seen
    }

    /// <summary>Takes the lines away; what is written next stands in their place.</summary>
    public void Clear(int width)
    {
        if (_drawn.Count == 0)
        {
            return;
        }

        var frame = new StringBuilder();
        Return(frame, width);
        _drawn.Clear();
        output.Write(frame.Append("\e[J").ToString());
    }

    /// <summary>Leaves the lines where they are: something else was written below them.</summary>
    public void Forget() => _drawn.Clear();

    /// <summary>To the first of the lines. A terminal that has become narrower has broken them into several.</summary>
    private void Return(StringBuilder frame, int width)
    {
        var rows = 0;
        foreach (var columns in _drawn)
        {
            rows += Math.Max(1, (columns + width - 1) / width);
        }

        frame.Append('\r');
        if (rows > 0)
        {
            frame.Append("\e[").Append(rows).Append('A');
        }
    }
}
