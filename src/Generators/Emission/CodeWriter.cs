using System.Text;

namespace CharRnn.Generators.Emission;

/// <summary>Writes indented C# with line feeds only, so that emitted code is the same bytes on every system.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>One line at the current depth; an empty line stays empty. Text with line feeds is several lines.</summary>
    public CodeWriter Line(string line = "")
    {
        foreach (var part in line.Split('\n'))
        {
            if (part.Length > 0)
            {
                _text.Append(' ', 4 * _depth).Append(part);
            }

            _text.Append('\n');
        }

        return this;
    }

    /// <summary>Writes <paramref name="header"/> and an opening brace; the closing brace comes when the result is disposed.</summary>
    public Scope Block(string header)
    {
        if (header.Length > 0)
        {
            Line(header);
        }

        Line("{");
        _depth++;
        return new Scope(this);
    }

    public override string ToString() => _text.ToString();

    internal readonly struct Scope(CodeWriter writer, string close = "}") : System.IDisposable
    {
        /// <summary>The same block, closed with a semicolon: a switch expression or an initialiser.</summary>
        public Scope Semicolon() => new(writer, "};");

        public void Dispose()
        {
            writer._depth--;
            writer.Line(close);
        }
    }
}
