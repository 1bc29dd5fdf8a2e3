using CharRnn.Rnn.Reports.Charts;

namespace CharRnn.Rnn.Tests.Reports;

public class ThinningTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_line_keeps_its_ends_and_every_peak(bool logarithmic)
    {
        var random = new Random(5);
        foreach (var length in (int[])[1, 2, 3, 10, 601, 5_000, 200_000])
        {
            ChartPoint[] points = [.. Enumerable.Range(1, length).Select(x => new ChartPoint(x * 3, random.NextDouble()))];
            (var high, var low) = (random.Next(length), random.Next(length));
            points[high] = points[high] with { Y = 50 };
            points[low] = points[low] with { Y = -50 };
            var kept = Thinning.Line(points, 100, logarithmic);
            Assert.True(kept.Count <= Math.Max(100, 1), $"{kept.Count} points of {length}");
            Assert.Equal(points[0], kept[0]);
            Assert.Equal(points[^1], kept[^1]);
            Assert.Contains(points[low], kept);
            Assert.True(high == low || kept.Contains(points[high]));
            Assert.Equal(kept.OrderBy(point => point.X), kept);
            Assert.Equal(kept.Count, kept.Distinct().Count());
        }
    }

    /// <summary>On a logarithmic axis the first hundredth of a run takes up as much room as the rest: it needs as many points.</summary>
    [Fact]
    public void On_a_logarithmic_axis_each_decade_keeps_points()
    {
        ChartPoint[] points = [.. Enumerable.Range(1, 1_000_000).Select(x => new ChartPoint(x, x % 7))];
        var kept = Thinning.Line(points, 240, logarithmic: true);
        for (double decade = 10; decade < 1_000_000; decade *= 10)
        {
            Assert.InRange(kept.Count(point => point.X >= decade && point.X < 10 * decade), 8, 60);
        }

        Assert.True(kept.Count(point => point.X < 1000) > 40);
    }

    [Fact]
    public void Bands_hold_every_point_and_what_is_not_finite_is_left_out()
    {
        ChartPoint[] points = [.. Enumerable.Range(0, 10_000).Select(x => new ChartPoint(x, x % 97 == 5 ? double.NaN : x == 77 ? double.PositiveInfinity : Math.Sin(x) * x))];
        var bands = Thinning.Range(points, 50, logarithmic: false);
        ChartPoint[] finite = [.. points.Where(point => double.IsFinite(point.Y))];
        Assert.Equal(50, bands.Count);
        Assert.Equal((finite.Min(point => point.Y), finite.Max(point => point.Y)), (bands.Min(band => band.Low), bands.Max(band => band.High)));
        // Each stretch has its own extremes, those of its first and last point among them.
        var stretches = finite.GroupBy(point => Math.Min(49, (int)((point.X - finite[0].X) / (finite[^1].X - finite[0].X) * 50))).ToArray();
        Assert.Equal(stretches.Select(stretch => (stretch.Min(point => point.Y), stretch.Max(point => point.Y))), bands.Select(band => (band.Low, band.High)));
        ChartPoint[] falling = [.. Enumerable.Range(0, 100).Select(x => new ChartPoint(x, -x))];
        Assert.Equal([(-49.0, 0.0), (-99, -50)], Thinning.Range(falling, 2, logarithmic: false).Select(band => (band.Low, band.High)));
        Assert.All(Thinning.Line(points, 50), point => Assert.True(double.IsFinite(point.Y)));
        Assert.Empty(Thinning.Range([], 5, true));
        Assert.Empty(Thinning.Line([new(1, double.NaN)], 4));
    }
}
