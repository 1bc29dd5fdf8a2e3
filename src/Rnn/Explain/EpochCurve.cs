namespace CharRnn.Rnn.Explain;

/// <summary>The smooth loss of one epoch along the text.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Points">Where in the text, in characters, and the smooth loss there, in nats a chunk.</param>
public sealed record EpochCurve(long Epoch, IReadOnlyList<(double Position, double SmoothLoss)> Points)
{
    /// <summary>Pearson's correlation with another curve, at the places of this one; not a number where they share too little.</summary>
    /// <param name="other">The value of the other curve at a position; not a number where it has none.</param>
    public double Correlation(Func<double, double> other)
    {
        (double Own, double Other)[] pairs = [.. Points.Select(point => (point.SmoothLoss, other(point.Position))).Where(pair => double.IsFinite(pair.SmoothLoss) && double.IsFinite(pair.Item2))];
        if (pairs.Length < 20)
        {
            return double.NaN;
        }

        double own = pairs.Average(pair => pair.Own), mean = pairs.Average(pair => pair.Other), products = 0, squares = 0, others = 0;
        foreach (var pair in pairs)
        {
            products += (pair.Own - own) * (pair.Other - mean);
            squares += (pair.Own - own) * (pair.Own - own);
            others += (pair.Other - mean) * (pair.Other - mean);
        }

        return products / Math.Sqrt(squares * others);
    }

    /// <summary>The smooth loss nearest to a position; not a number far from all.</summary>
    public double At(double position)
    {
        var spacing = Points.Count > 1 ? (Points[^1].Position - Points[0].Position) / (Points.Count - 1) : 0;
        var nearest = Points.MinBy(point => Math.Abs(point.Position - position));
        return Math.Abs(nearest.Position - position) <= spacing ? nearest.SmoothLoss : double.NaN;
    }
}
