namespace CharRnn.Rnn.Reports.HiddenUnits;

/// <summary>The hidden units' activations while the network reads a text.</summary>
public sealed class ActivationMap
{
    private readonly float[] activations;

    /// <summary>A map of a text that has been read.</summary>
    /// <param name="characters">The characters read, T of them, as strings of one Unicode scalar value each.</param>
    /// <param name="hiddenSize">m.</param>
    /// <param name="activations">h_t after each character, row-major [T, m], values from -1 to 1.</param>
    public ActivationMap(IReadOnlyList<string> characters, int hiddenSize, float[] activations)
    {
        if (activations.Length != characters.Count * hiddenSize)
        {
            throw new ArgumentException($"{characters.Count} x {hiddenSize} activations expected, not {activations.Length}", nameof(activations));
        }

        Characters = characters;
        HiddenSize = hiddenSize;
        this.activations = activations;
    }

    /// <summary>The characters read.</summary>
    public IReadOnlyList<string> Characters { get; }

    /// <summary>m.</summary>
    public int HiddenSize { get; }

    /// <summary>The activation of a unit after a character.</summary>
    /// <param name="position">Which character, from 0.</param>
    /// <param name="unit">Which unit, from 0.</param>
    public float this[int position, int unit] => activations[position * HiddenSize + unit];

    /// <summary>A stretch of the map.</summary>
    /// <param name="start">The first character.</param>
    /// <param name="length">How many.</param>
    public ActivationMap Slice(int start, int length) =>
        new([.. Characters.Skip(start).Take(length)], HiddenSize, activations[(start * HiddenSize)..((start + length) * HiddenSize)]);

    /// <summary>
    /// For each property the unit whose activation goes with it most, by Pearson's correlation; the properties whose
    /// unit follows them best stand first. A property that all or none of the characters have is left out.
    /// </summary>
    public IReadOnlyList<UnitFinding> Findings()
    {
        var text = string.Concat(Characters);
        var findings = new List<UnitFinding>();
        foreach (var property in TextProperty.All)
        {
            var has = Has(property, text);
            var count = has.Count(value => value);
            if (count == 0 || count == has.Length)
            {
                continue;
            }

            UnitFinding? best = null;
            for (var unit = 0; unit < HiddenSize; unit++)
            {
                var correlation = Correlation(unit, has, (double)count / has.Length);
                if (best is null || Math.Abs(correlation) > Math.Abs(best.Correlation))
                {
                    best = new UnitFinding(property.Name, unit, correlation);
                }
            }

            findings.Add(best!);
        }

        return [.. findings.OrderByDescending(finding => Math.Abs(finding.Correlation))];
    }

    /// <summary>
    /// Where a stretch begins in which the properties of <see cref="TextProperty.All"/> come and go most: there the most can be seen.
    /// Stretches begin after line ends, where there are any.
    /// </summary>
    /// <param name="length">The stretch's length in characters; shorter where the map is.</param>
    public int LiveliestStretch(int length)
    {
        var last = Characters.Count - length;
        if (last <= 0)
        {
            return 0;
        }

        var text = string.Concat(Characters);
        bool[][] properties = [.. TextProperty.All.Select(property => Has(property, text))];
        int[] counts = [.. properties.Select(has => has.Take(length).Count(value => value))];
        var lines = Characters.Take(last + 1).Contains("\n");
        (var best, double most) = (0, -1);
        for (var start = 0; start <= last; start++)
        {
            // The spread of each property within the stretch: 0 where it never or always holds, greatest where half of the time.
            var spread = counts.Sum(count => Math.Sqrt((double)count * (length - count)));
            if (spread > most && (!lines || ((start == 0 || Characters[start - 1] == "\n") && Characters[start] != "\n")))
            {
                (best, most) = (start, spread);
            }

            for (var i = 0; i < counts.Length && start < last; i++)
            {
                counts[i] += (properties[i][start + length] ? 1 : 0) - (properties[i][start] ? 1 : 0);
            }
        }

        return best;
    }

    /// <summary>
    /// The map as a picture, a column a character and two rows a unit: both coloured for h near 1, only the lower one and in another
    /// colour for h near -1, so that the two part for every eye; nothing for 0, so that it stands on paper of any colour.
    /// </summary>
    /// <param name="units">The units from top to bottom.</param>
    public byte[] ToPng(IReadOnlyList<int> units)
    {
        int width = Characters.Count, height = 2 * units.Count;
        var pixels = new byte[4 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var value = this[x, units[y / 2]];
                if (value < 0 && y % 2 == 0)
                {
                    continue;
                }

                var pixel = pixels.AsSpan(4 * (y * width + x), 4);
                (pixel[0], pixel[1], pixel[2]) = value >= 0 ? ((byte)0xC9, (byte)0x5A, (byte)0x12) : ((byte)0x24, (byte)0x74, (byte)0xC4);
                // 16 shades are all that an eye parts here, and they pack well.
                pixel[3] = (byte)(Math.Round(Math.Min(1, Math.Abs(value)) * 15) * 17);
            }
        }

        return PngImage.Write(width, height, pixels);
    }

    /// <summary>Whether each character has a property; a property is found for each UTF-16 code unit.</summary>
    private bool[] Has(TextProperty property, string text)
    {
        var byCodeUnit = property.Find(text);
        var has = new bool[Characters.Count];
        for (int t = 0, at = 0; t < has.Length; at += Characters[t++].Length)
        {
            has[t] = byCodeUnit[at];
        }

        return has;
    }

    private double Correlation(int unit, bool[] has, double share)
    {
        double sum = 0, squares = 0, products = 0;
        for (var t = 0; t < has.Length; t++)
        {
            double value = this[t, unit];
            sum += value;
            squares += value * value;
            if (has[t])
            {
                products += value;
            }
        }

        var mean = sum / has.Length;
        var variance = squares / has.Length - mean * mean;
        var covariance = products / has.Length - mean * share;
        // A unit that never moves follows nothing.
        return variance < 1e-12 ? 0 : covariance / Math.Sqrt(variance * share * (1 - share));
    }
}
