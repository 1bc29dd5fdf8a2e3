namespace CharRnn.Rnn.Reports.Charts;

/// <summary>Fewer points that look the same: a chart has no room for a million.</summary>
public static class Thinning
{
    /// <summary>
    /// At most <paramref name="budget"/> points: the first, the last, and of each of equally wide stretches of the axis the lowest and
    /// the highest, so that no peak is lost (the idea of U. Jugel et al., "M4", 2014). Points that are not finite are left out.
    /// </summary>
    /// <param name="points">In the order of X.</param>
    /// <param name="budget">How many to keep, at least 4.</param>
    /// <param name="logarithmic">Stretches of equal ratio, for a logarithmic horizontal axis.</param>
    public static IReadOnlyList<ChartPoint> Line(IReadOnlyList<ChartPoint> points, int budget, bool logarithmic = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 4);
        ChartPoint[] finite = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        if (finite.Length <= budget)
        {
            return finite;
        }

        var kept = new List<ChartPoint>(budget) { finite[0] };
        foreach ((var start, var end) in Stretches(finite, 1, finite.Length - 1, (budget - 2) / 2, logarithmic))
        {
            (var low, var high) = (start, start);
            for (var i = start + 1; i < end; i++)
            {
                if (finite[i].Y < finite[low].Y)
                {
                    low = i;
                }

                if (finite[i].Y > finite[high].Y)
                {
                    high = i;
                }
            }

            kept.Add(finite[Math.Min(low, high)]);
            if (low != high)
            {
                kept.Add(finite[Math.Max(low, high)]);
            }
        }

        kept.Add(finite[^1]);
        return kept;
    }

    /// <summary>The least and the greatest value of each of at most <paramref name="budget"/> equally wide stretches of the axis.</summary>
    /// <param name="points">In the order of X. Those that are not finite are left out.</param>
    /// <param name="budget">How many stretches, at least 1.</param>
    /// <param name="logarithmic">Stretches of equal ratio, for a logarithmic horizontal axis.</param>
    public static IReadOnlyList<ChartBand> Range(IReadOnlyList<ChartPoint> points, int budget, bool logarithmic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        ChartPoint[] finite = [.. points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))];
        var bands = new List<ChartBand>(budget);
        foreach ((var start, var end) in Stretches(finite, 0, finite.Length, budget, logarithmic))
        {
            (var low, var high) = (double.MaxValue, double.MinValue);
            for (var i = start; i < end; i++)
            {
                (low, high) = (Math.Min(low, finite[i].Y), Math.Max(high, finite[i].Y));
            }

            bands.Add(new ChartBand(finite[(start + end) / 2].X, low, high));
        }

        return bands;
    }

    /// <summary>The points from one index up to another, in stretches that are equally wide on the axis; empty ones are left out.</summary>
    private static IEnumerable<(int Start, int End)> Stretches(ChartPoint[] points, int from, int to, int count, bool logarithmic)
    {
        if (from >= to)
        {
            yield break;
        }

        double least = points[0].X, most = points[^1].X;
        var axis = logarithmic ? new Axis(Math.Max(1, least), Math.Max(1, most), true) : new Axis(least, most, false);
        int start = from, stretch = Of(from);
        for (var i = from + 1; i < to; i++)
        {
            var next = Of(i);
            if (next == stretch)
            {
                continue;
            }

            yield return (start, i);
            (start, stretch) = (i, next);
        }

        yield return (start, to);

        int Of(int index) => Math.Clamp((int)(axis.Position(points[index].X) * count), 0, count - 1);
    }
}
