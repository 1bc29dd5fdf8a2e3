using CharRnn.AotCli.CommandLine;
using CharRnn.AotCli.Display;

namespace CharRnn.AotCli.Tests.Display;

public sealed class TrainingFrameTests
{
    private static readonly TrainingFrame Frame = new(43_100, 100_000, 2, 43.2119, 42.9, 30_120.4, 40_000, "He said: \"wh\ner\te\"\e[2J \u202E the rive\u0301r 日本語 went 😀 " + new string('x', 150));

    private static LossCurve Curve()
    {
        var curve = new LossCurve();
        for (var i = 0; i < 5000; i++)
        {
            curve.Add(40 + (70 * Math.Exp(-i / 300.0)));
        }

        return curve;
    }

    [Fact]
    public void It_says_how_far_the_training_is()
    {
        var lines = Frame.Draw(100, 24, color: false, Curve());
        Assert.Equal("█████████████████░░░░░░░░░░░░░░░░░░░░░░░ 43 %  43,100 of 100,000 updates", lines[0]);
        Assert.Equal("1.9 s left · 30,120 updates a second · epoch 2", lines[1]);
        Assert.StartsWith("smooth loss 43.212 · lowest 42.900  █", lines[2]);
        Assert.EndsWith("▁", lines[2]);
        Assert.Equal("written before update 40,000:", lines[3]);
        Assert.StartsWith("He said: \"wh er e\" [2J  the rive\u0301r 日本語 went 😀 xxx", lines[4]);
    }

    /// <summary>One column too many, and every frame leaves a row behind; a line end or an escape of the sample's, and nothing is where it was.</summary>
    [Fact]
    public void Every_line_fits_every_terminal()
    {
        var curve = Curve();
        for (var width = 1; width <= 200; width++)
        {
            for (var height = 1; height <= 10; height++)
            {
                foreach (var frame in (TrainingFrame[])[Frame, Frame with { TotalSteps = 1_000_000_000_000_000, StepsPerSecond = 0.01 }, new(0, 0, 1, double.NaN, double.NaN, 0, 0, null)])
                {
                    var lines = frame.Draw(width, height, color: true, curve);
                    Assert.InRange(lines.Count, 1, Math.Max(1, height - 1));
                    Assert.All(lines, line => Assert.InRange(DisplayWidth.Of(line), 0, Math.Max(1, width - 1)));
                    Assert.All(lines, line => Assert.DoesNotContain(line.Replace("\e[2m", "").Replace("\e[34m", "").Replace("\e[0m", ""), char.IsControl));
                }
            }
        }
    }

    [Fact]
    public void Without_colour_there_is_no_escape() => Assert.DoesNotContain(Frame.Draw(80, 24, color: false, Curve()), line => line.Contains('\e'));

    [Fact]
    public void The_curve_falls_with_the_loss()
    {
        var picture = Curve().Draw(16);
        Assert.Equal(16, picture.Length);
        Assert.Equal(string.Concat(picture.OrderDescending()), picture);
        Assert.Equal(('█', '▁'), (picture[0], picture[^1]));

        // Any number of updates fits, the last among them.
        var rising = new LossCurve();
        for (var i = 0; i < 1_000_000; i++)
        {
            rising.Add(i < 999_000 ? 1 : 2);
        }

        Assert.Equal(400, rising.Draw(400).Length);
        Assert.EndsWith("▁█", rising.Draw(400));
        Assert.Equal("▁▁▁", Draw(3, 5, 5, 5));
        Assert.Equal("", new LossCurve().Draw(20));

        static string Draw(int columns, params double[] losses)
        {
            var curve = new LossCurve();
            foreach (var loss in losses)
            {
                curve.Add(loss);
            }

            return curve.Draw(columns);
        }
    }

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "10 s")]
    [InlineData(59.6, "1 min 0 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3600, "1 h 0 min")]
    [InlineData(90_000, "25 h 0 min")]
    [InlineData(864_000, "10 days")]
    [InlineData(double.PositiveInfinity, "years")]
    public void Times_are_said_in_two_units(double seconds, string expected) => Assert.Equal(expected, Duration.Describe(seconds));
}
