namespace CharRnn.Rnn.Reports.Charts;

/// <summary>Keeps a chart's labels apart: a label takes the first free place around its mark, or none.</summary>
/// <param name="left">The least x that a label may reach.</param>
/// <param name="top">The least y.</param>
/// <param name="right">The greatest x.</param>
/// <param name="bottom">The greatest y.</param>
/// <param name="fontSize">In the drawing's units.</param>
internal sealed class ChartLabels(double left, double top, double right, double bottom, double fontSize)
{
    private readonly List<(double Left, double Top, double Right, double Bottom)> taken = [], lines = [];

    /// <summary>About how wide a text is in a common sans serif: the drawing cannot know the reader's fonts.</summary>
    public static double Width(string text, double fontSize, bool bold = false) =>
        text.Sum(character => character switch { >= '\u2E80' and < '\uD800' => 1.0, 'm' or 'w' or 'M' or 'W' or '%' => 0.88, 'i' or 'l' or 'j' or '.' or ',' or ' ' or '\'' => 0.33, _ when char.IsUpper(character) => 0.7, _ => 0.59 }) * fontSize * (bold ? 1.08 : 1);

    /// <summary>Keeps a place free of labels.</summary>
    public void Take(double x, double y, double reach) => taken.Add((x - reach, y - reach, x + reach, y + reach));

    /// <summary>Keeps a line's corner free of labels that may not cover lines.</summary>
    public void TakeLine(double x, double y) => lines.Add((x - 3, y - 3, x + 3, y + 3));

    /// <summary>A place for a label beside a mark, tried on its right and left, above and below, then farther off.</summary>
    /// <param name="x">The mark.</param>
    /// <param name="y">The mark.</param>
    /// <param name="text">The label.</param>
    /// <param name="distances">How far from the mark its edge may be, nearest first.</param>
    /// <param name="clearOfLines">Whether it may not cover lines either; such a label is bold.</param>
    /// <returns>The start of the label's base line, or null where it would cover something.</returns>
    public (double X, double Y)? Place(double x, double y, string text, double[] distances, bool clearOfLines = false)
    {
        double width = Width(text, fontSize, bold: clearOfLines), height = fontSize;
        foreach (var distance in distances)
        {
            var near = distance * 0.7;
            (double X, double Y)[] corners =
            [
                (x + near, y - near - height), (x + near, y + near), (x - near - width, y - near - height), (x - near - width, y + near),
                (x - width / 2, y - distance - height), (x - width / 2, y + distance), (x + distance, y - height / 2), (x - distance - width, y - height / 2),
            ];
            foreach (var corner in corners)
            {
                var box = (Left: corner.X - 2, Top: corner.Y - 1, Right: corner.X + width + 2, Bottom: corner.Y + height + 2);
                if (box.Left < left || box.Right > right || box.Top < top || box.Bottom > bottom)
                {
                    continue;
                }

                if (taken.Exists(Covers) || (clearOfLines && lines.Exists(Covers)))
                {
                    continue;
                }

                taken.Add(box);
                return (corner.X, corner.Y + height * 0.86);

                bool Covers((double Left, double Top, double Right, double Bottom) other) => box.Left < other.Right && other.Left < box.Right && box.Top < other.Bottom && other.Top < box.Bottom;
            }
        }

        return null;
    }
}
