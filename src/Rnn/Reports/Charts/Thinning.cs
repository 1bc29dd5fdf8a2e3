namespace CharRnn.Rnn.Reports.Charts;

/// <summary>Fewer points that look the same: a chart has no room for a million.</summary>
public static class Thinning
{
    /// <summary>
    /// At most about <paramref name="budget"/> points, chosen by the largest triangle (S. Steinarsson, "Downsampling
    /// Time Series for Visual Representation", 2013): first and last stay, and so do the corners between them.
    /// </summary>
    /// <param name="points">In the order of X.</param>
    /// <param name="budget">How many to keep, at least 3.</param>
    public static IReadOnlyList<ChartPoint> Line(IReadOnlyList<ChartPoint> points, int budget)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 3);
        if (points.Count <= budget)
            return points;
        var kept = new List<ChartPoint>(budget) { points[0] };
        double bucket = (points.Count - 2.0) / (budget - 2);
        for (int i = 0; i < budget - 2; i++)
        {
            int start = 1 + (int)(i * bucket), end = 1 + (int)((i + 1) * bucket);
            int nextEnd = Math.Min(points.Count, 1 + (int)((i + 2) * bucket));
            double nextX = 0, nextY = 0;
            for (int j = end; j < nextEnd; j++)
            {
                nextX += points[j].X / (nextEnd - end);
                nextY += points[j].Y / (nextEnd - end);
            }
            ChartPoint last = kept[^1], best = points[start];
            double largest = -1;
            for (int j = start; j < end; j++)
            {
                double area = Math.Abs((last.X - nextX) * (points[j].Y - last.Y) - (last.X - points[j].X) * (nextY - last.Y));
                if (area > largest)
                    (largest, best) = (area, points[j]);
            }
            kept.Add(best);
        }
        kept.Add(points[^1]);
        return kept;
    }

    /// <summary>The least and the greatest value of each of at most <paramref name="budget"/> stretches.</summary>
    /// <param name="points">In the order of X.</param>
    /// <param name="budget">How many stretches, at least 1.</param>
    /// <param name="logarithmic">Stretches of equal ratio, for a logarithmic horizontal axis.</param>
    public static IReadOnlyList<ChartBand> Range(IReadOnlyList<ChartPoint> points, int budget, bool logarithmic)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        var bands = new List<ChartBand>(budget);
        if (points.Count == 0)
            return bands;
        var axis = new Axis(logarithmic ? Math.Max(1, points[0].X) : points[0].X, Math.Max(points[^1].X, logarithmic ? 1 : points[0].X), logarithmic);
        int current = -1;
        foreach (ChartPoint point in points)
        {
            int stretch = Math.Clamp((int)(axis.Position(point.X) * budget), 0, budget - 1);
            if (stretch != current)
                bands.Add(new ChartBand(point.X, point.Y, point.Y));
            else
                bands[^1] = new ChartBand(bands[^1].X, Math.Min(bands[^1].Low, point.Y), Math.Max(bands[^1].High, point.Y));
            current = stretch;
        }
        return bands;
    }
}
