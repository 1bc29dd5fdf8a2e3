#:property PublishAot=false
// Draws a recording of a terminal (made by script(1)) as SVG: the screen at a share of its frames, then the screen at its end.
//   dotnet run docs/pictures/TerminalPicture.cs -- RECORDING PROMPT SHARE PICTURE.svg
// It knows what charrnn writes: line feeds, carriage returns, the cursor up, erasing to the end of line and screen, and colours.
using System.Globalization;
using System.Text;

string recording = File.ReadAllText(args[0]).Replace("\r\n", "\n");
recording = recording[(recording.IndexOf('\n') + 1)..];                              // "Script started on ..."
recording = recording[..recording.LastIndexOf("\nScript done", StringComparison.Ordinal)];
int[] frames = [.. Enumerable.Range(0, recording.Length - 2).Where(i => recording.AsSpan(i).StartsWith("\e[J"))];
int middle = frames[(int)(frames.Length * double.Parse(args[2], CultureInfo.InvariantCulture))] + 3;
string[][] screens = [[$"\e[1m$ {args[1]}\e[0m", .. Screen(recording[..middle])], Screen(recording)];

const double Column = 8.43, Row = 20, Margin = 18;
int columns = 0;
foreach (string line in screens.SelectMany(screen => screen))
    columns = Math.Max(columns, Spans(line).Sum(span => span.Text.Length));
double width = 2 * Margin + columns * Column, height = 2 * Margin + Row * (screens.Sum(screen => screen.Length) + 1);
var svg = new StringBuilder();
svg.Append(CultureInfo.InvariantCulture, $$"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{width:0}} {{height:0}}" width="{{width:0}}" height="{{height:0}}" role="img" aria-labelledby="title">
    <title id="title">A terminal in which {{args[1]}} runs: a progress bar, the time left, the smooth loss with its curve, the newest sample; then its last lines</title>
    <style>text{font:14px ui-monospace,"SF Mono","Cascadia Mono",Menlo,"DejaVu Sans Mono",monospace;fill:#d7dce2;white-space:pre}.dim{fill:#98a2ae}.blue{fill:#7fb7f5}.bold{font-weight:700;fill:#fff}</style>
    <rect width="100%" height="100%" rx="8" fill="#171b21"/>

    """);
double y = Margin + 14;
foreach (string[] screen in screens)
{
    if (screen != screens[0])
    {
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Margin} {y - 4:0.#}H{width - Margin:0.#}\" stroke=\"#4a525d\" stroke-dasharray=\"2 5\"/>\n");
        y += Row;
    }
    foreach (string line in screen)
    {
        double x = Margin;
        foreach ((string kind, string text) in Spans(line))
        {
            if (text.Trim().Length > 0)
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.##}\" y=\"{y:0.#}\" textLength=\"{text.Length * Column:0.##}\" lengthAdjust=\"spacingAndGlyphs\"{(kind.Length > 0 ? $" class=\"{kind}\"" : "")}>{System.Net.WebUtility.HtmlEncode(text).Replace(" ", "\u00A0")}</text>\n");
            x += text.Length * Column;
        }
        y += Row;
    }
}
File.WriteAllText(args[3], svg.Append("</svg>\n").ToString());

// What stands on the screen after all of this was written; colours stay in the lines.
static string[] Screen(string written)
{
    var lines = new List<string> { "" };
    int row = 0;
    for (int i = 0; i < written.Length; i++)
    {
        if (written[i] == '\n')
        {
            if (++row == lines.Count) lines.Add("");
            lines[row] = "";   // what follows is written over it
        }
        else if (written[i] == '\r')
        {
            if (i + 1 < written.Length && written[i + 1] != '\n') lines[row] = "";
        }
        else if (written[i] == '\e' && written[i + 1] != '[')
        {
            i++;   // the keypad's mode
        }
        else if (written[i] == '\e')
        {
            int end = i + 2;
            while (!char.IsAsciiLetter(written[end])) end++;
            if (written[end] == 'A') row -= int.Parse(written.AsSpan(i + 2, end - i - 2), CultureInfo.InvariantCulture);
            if (written[end] == 'A') lines[row] = "";
            if (written[end] == 'J') lines.RemoveRange(row + 1, lines.Count - row - 1);
            if (written[end] == 'J') lines[row] = "";
            if (written[end] == 'm') lines[row] += written[i..(end + 1)];
            i = end;
        }
        else
        {
            lines[row] += written[i];
        }
    }
    return [.. lines.Take(lines.FindLastIndex(line => line.Length > 0) + 1)];
}

static IEnumerable<(string Kind, string Text)> Spans(string line)
{
    string kind = "";
    foreach (string part in line.Split('\e'))
    {
        string text = part;
        if (part.StartsWith('[') && part.IndexOf('m') is > 0 and var end)
        {
            kind = part[1..end] switch { "1" => "bold", "2" => "dim", "34" => "blue", _ => "" };
            text = part[(end + 1)..];
        }
        if (text.Length > 0) yield return (kind, text);
    }
}
