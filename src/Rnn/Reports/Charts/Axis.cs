namespace CharRnn.Rnn.Reports.Charts;

/// <summary>One axis of a chart: its range, linear or logarithmic, and where its ticks stand.</summary>
public sealed class Axis
{
    /// <summary>An axis from the least to the greatest value shown.</summary>
    /// <param name="minimum">Greater than 0 on a logarithmic axis.</param>
    /// <param name="maximum">Not less than <paramref name="minimum"/>; an empty range is widened.</param>
    /// <param name="logarithmic">Whether equal ratios, not differences, are equally far apart.</param>
    /// <exception cref="ArgumentException">The range has no meaning on such an axis.</exception>
    public Axis(double minimum, double maximum, bool logarithmic)
    {
        if (!double.IsFinite(minimum) || !double.IsFinite(maximum) || maximum < minimum || (logarithmic && minimum <= 0))
        {
            throw new ArgumentException($"no axis runs from {minimum} to {maximum}");
        }

        if (maximum == minimum)
        {
            (minimum, maximum) = logarithmic ? (minimum / 2, maximum * 2) : (minimum - 0.5, maximum + 0.5);
        }

        Minimum = minimum;
        Maximum = maximum;
        IsLogarithmic = logarithmic;
    }

    /// <summary>The value at the lower end.</summary>
    public double Minimum { get; }

    /// <summary>The value at the upper end.</summary>
    public double Maximum { get; }

    /// <summary>Whether equal ratios are equally far apart.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Where a value stands: 0 at the lower end, 1 at the upper; outside the range it is beyond them.</summary>
    public double Position(double value) => IsLogarithmic
        ? (Math.Log(Math.Max(value, double.Epsilon)) - Math.Log(Minimum)) / (Math.Log(Maximum) - Math.Log(Minimum))
        : (value - Minimum) / (Maximum - Minimum);

    /// <summary>Round values within the range: steps of 1, 2 or 5 times a power of ten; over several decades the powers of ten.</summary>
    /// <param name="about">Roughly how many there is room for.</param>
    public IReadOnlyList<double> Ticks(int about)
    {
        if (IsLogarithmic && Maximum / Minimum >= 10)
        {
            return LogarithmicTicks(about);
        }

        var rough = (Maximum - Minimum) / Math.Max(1, about);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        var ticks = new List<double>();
        for (var k = Math.Ceiling(Minimum / step - 1e-9); k * step <= Maximum + 1e-9 * step; k++)
        {
            ticks.Add(Math.Round(k * step, 12) + 0.0);   // + 0.0: there is no -0 on an axis
        }

        return ticks;
    }

    private List<double> LogarithmicTicks(int about)
    {
        double[][] densities = [[1, 2, 5], [1, 3], [1]];
        List<double> ticks = [];
        foreach (var factors in densities)
        {
            ticks.Clear();
            for (var power = Math.Pow(10, Math.Floor(Math.Log10(Minimum))); power <= Maximum; power *= 10)
            {
                foreach (var factor in factors)
                {
                    var value = power * factor;
                    if (value >= Minimum * (1 - 1e-9) && value <= Maximum * (1 + 1e-9))
                    {
                        ticks.Add(value);
                    }
                }
            }

            if (ticks.Count <= about + 2)
            {
                break;
            }
        }

        return ticks;
    }
}
