using System.Numerics;
using CharRnn.Rnn.Explain;

namespace CharRnn.Rnn.Tests.Explain;

public sealed class SpectraTests
{
    [Fact]
    public void Eigenvalues_of_matrices_whose_eigenvalues_are_known()
    {
        // A rotation by 60 degrees and a stretch by 2, coupled one way to a shrinking direction and a flipping one.
        double c = 2 * Math.Cos(Math.PI / 3), s = 2 * Math.Sin(Math.PI / 3);
        var values = Spectra.Eigenvalues([c, -s, 7, 1, s, c, 3, 2, 0, 0, 0.5, 4, 0, 0, 0, -1.5], 4);
        Expect([new(c, s), new(c, -s), -1.5, 0.5], values);
        // The companion matrix of (x - 1)(x - 2)(x - 3) is far from symmetric.
        Expect([3, 2, 1], Spectra.Eigenvalues([6, -11, 6, 1, 0, 0, 0, 1, 0], 3));

        static void Expect(Complex[] expected, Complex[] values)
        {
            Assert.Equal(expected.Length, values.Length);
            Assert.All(expected.Zip(values), pair => Assert.True((pair.First - pair.Second).Magnitude < 1e-10, $"{pair.First} expected, {pair.Second} found"));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void The_power_of_a_rhythm_stands_at_its_period(int period)
    {
        const int units = 2, steps = 2000, stretch = 512;
        var activations = new float[units * steps];
        for (var t = 0; t < steps; t++)
        {
            activations[t * units] = 0.3f + (float)(0.5 * Math.Cos(2 * Math.PI * t / period));
            activations[(t * units) + 1] = 0.9f;   // what does not move has no power, however large it is
        }

        var power = Spectra.Power(activations, units, stretch);
        Assert.Equal((stretch / 2) + 1, power.Length);
        Assert.Equal(1, power.Sum(), 9);
        var strongest = Array.IndexOf(power, power.Max());
        Assert.Equal(stretch / period, strongest);
        Assert.True(power[strongest] > 0.6);
    }
}
