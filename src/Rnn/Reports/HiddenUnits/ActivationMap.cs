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
            throw new ArgumentException($"{characters.Count} x {hiddenSize} activations expected, not {activations.Length}", nameof(activations));
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
        string text = string.Concat(Characters);
        var findings = new List<UnitFinding>();
        foreach (TextProperty property in TextProperty.All)
        {
            bool[] byCodeUnit = property.Find(text);
            var has = new bool[Characters.Count];
            for (int t = 0, at = 0; t < has.Length; at += Characters[t++].Length)
                has[t] = byCodeUnit[at];
            int count = has.Count(value => value);
            if (count == 0 || count == has.Length)
                continue;
            UnitFinding? best = null;
            for (int unit = 0; unit < HiddenSize; unit++)
            {
                double correlation = Correlation(unit, has, (double)count / has.Length);
                if (best is null || Math.Abs(correlation) > Math.Abs(best.Correlation))
                    best = new UnitFinding(property.Name, unit, correlation);
            }
            findings.Add(best!);
        }
        return [.. findings.OrderByDescending(finding => Math.Abs(finding.Correlation))];
    }

    /// <summary>
    /// The map as a picture, a column a character and a row a unit: one colour for h near 1, another for h near -1,
    /// nothing for 0, so that it stands on paper of any colour.
    /// </summary>
    /// <param name="units">The units from top to bottom.</param>
    /// <param name="cell">The side of a cell in pixels.</param>
    public byte[] ToPng(IReadOnlyList<int> units, int cell = 1)
    {
        int width = Characters.Count * cell, height = units.Count * cell;
        var pixels = new byte[4 * width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float value = this[x / cell, units[y / cell]];
                Span<byte> pixel = pixels.AsSpan(4 * (y * width + x), 4);
                (pixel[0], pixel[1], pixel[2]) = value >= 0 ? ((byte)0xC9, (byte)0x5A, (byte)0x12) : ((byte)0x24, (byte)0x74, (byte)0xC4);
                // 16 shades are all that an eye parts here, and they pack well.
                pixel[3] = (byte)(Math.Round(Math.Min(1, Math.Abs(value)) * 15) * 17);
            }
        }
        return PngImage.Write(width, height, pixels);
    }

    private double Correlation(int unit, bool[] has, double share)
    {
        double sum = 0, squares = 0, products = 0;
        for (int t = 0; t < has.Length; t++)
        {
            double value = this[t, unit];
            sum += value;
            squares += value * value;
            if (has[t])
                products += value;
        }
        double mean = sum / has.Length;
        double variance = squares / has.Length - mean * mean;
        double covariance = products / has.Length - mean * share;
        // A unit that never moves follows nothing.
        return variance < 1e-12 ? 0 : covariance / Math.Sqrt(variance * share * (1 - share));
    }
}
