using CharRnn.Rnn.Units;

namespace CharRnn.Rnn.Tests.Units;

/// <summary>Each kind of unit, made up, and what lies right beside it.</summary>
public sealed class UnitReadingTests
{
    private const int Steps = 2000;

    [Theory]
    [InlineData(0.0098, UnitBehaviour.Dead)]
    [InlineData(0.0102, UnitBehaviour.Constant)]
    public void A_unit_is_dead_below_a_deviation_of_a_hundredth(double deviation, UnitBehaviour expected) =>
        Assert.Equal(expected, Read(t => 0.5 + (deviation * Noise(t))).Behaviour);

    [Fact]
    public void What_is_not_a_number_is_dead() => Assert.Equal(UnitBehaviour.Dead, Read(t => double.NaN).Behaviour);

    [Theory]
    [InlineData(0.89, UnitBehaviour.Alive)]
    [InlineData(0.92, UnitBehaviour.Ticking)]
    public void A_unit_ticks_where_its_sign_changes_in_nine_of_ten_steps(double share, UnitBehaviour expected)
    {
        // Between the changes it stays, at places that are not even, so that nothing repeats itself.
        var sign = 1.0;
        double[] values = [.. Enumerable.Range(0, Steps).Select(t => (sign = Uniform(t) < share ? -sign : sign) * (0.2 + (0.7 * Uniform(t + 7777))))];
        var reading = Read(t => values[t]);
        Assert.Equal(expected == UnitBehaviour.Ticking, reading.Behaviour == UnitBehaviour.Ticking);
        Assert.Equal(expected == UnitBehaviour.Ticking ? 2 : reading.Period, reading.Period);
        Assert.InRange(reading.SignChangeShare, share - 0.02, share + 0.02);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(40)]
    public void A_unit_that_repeats_itself_has_its_period(int period)
    {
        var reading = Read(t => (0.6 * Math.Cos(2 * Math.PI * t / period)) + (0.1 * Noise(t)));
        Assert.Equal((UnitBehaviour.Oscillating, period), (reading.Behaviour, reading.Period));
    }

    [Fact]
    public void Ticking_around_a_value_that_is_not_zero_is_an_oscillation_of_period_2()
    {
        var reading = Read(t => 0.6 + (t % 2 == 0 ? 0.2 : -0.2) + (0.02 * Noise(t)));
        Assert.Equal((UnitBehaviour.Oscillating, 2), (reading.Behaviour, reading.Period));
    }

    [Fact]
    public void A_unit_that_only_moves_slowly_or_at_random_does_not_oscillate()
    {
        Assert.Equal(UnitBehaviour.Alive, Read(t => Math.Sin(t / 150.0)).Behaviour);
        Assert.Equal(UnitBehaviour.Alive, Read(t => 0.5 * Noise(t)).Behaviour);
        double level = 0;
        double[] drift = [.. Enumerable.Range(0, Steps).Select(t => level = (0.9 * level) + (0.2 * Noise(t)))];
        Assert.Equal(UnitBehaviour.Alive, Read(t => drift[t]).Behaviour);
    }

    [Theory]
    [InlineData(0.88, UnitBehaviour.Alive)]
    [InlineData(0.93, UnitBehaviour.Saturated)]
    public void A_unit_is_saturated_beyond_0_99_in_nine_of_ten_steps(double share, UnitBehaviour expected) =>
        Assert.Equal(expected, Read(t => Uniform(t) < share ? (Uniform(t / 40) < 0.5 ? 0.995 : -0.995) : 0.2).Behaviour);

    [Theory]
    [InlineData(0.995, UnitBehaviour.Saturated)]
    [InlineData(0.985, UnitBehaviour.Constant)]
    public void Saturated_is_what_is_beyond_0_99(double magnitude, UnitBehaviour expected) =>
        Assert.Equal(expected, Read(t => t % 50 == 0 ? 0.2 : magnitude).Behaviour);

    [Fact]
    public void A_unit_whose_sign_never_changes_is_constant() =>
        Assert.Equal(UnitBehaviour.Constant, Read(t => -0.3 - (0.3 * Uniform(t))).Behaviour);

    [Fact]
    public void A_census_counts_each_kind_and_is_unhealthy_from_over_half_on()
    {
        // Three units: one ticks, one is dead, one follows noise.
        var activations = new float[3 * Steps];
        for (var t = 0; t < Steps; t++)
        {
            (activations[3 * t], activations[(3 * t) + 1], activations[(3 * t) + 2]) = (t % 2 == 0 ? 0.9f : -0.9f, 0.4f, (float)(0.4 * Noise(t)));
        }

        var census = UnitCensus.Of(activations, 3);
        Assert.Equal([UnitBehaviour.Ticking, UnitBehaviour.Dead, UnitBehaviour.Alive], census.Units.Select(unit => unit.Behaviour));
        Assert.Equal((1, 1, 1, 0), (census.Count(UnitBehaviour.Ticking), census.Count(UnitBehaviour.Dead), census.Count(UnitBehaviour.Alive), census.Count(UnitBehaviour.Saturated)));
        Assert.Equal((1, 2, true), (census.Periodic, census.Lost, census.IsUnhealthy));
        var tick = census.Units[0];
        Assert.True(new UnitCensus([tick, tick, census.Units[2]]).IsUnhealthy);
        Assert.False(new UnitCensus([tick, tick, census.Units[2], census.Units[2]]).IsUnhealthy);
    }

    [Theory]
    [InlineData(0.1, 100, 0.05)]
    [InlineData(0.1, 256, 0.02)]
    [InlineData(0.1, 20, 0.05)]
    [InlineData(0.05, 100, 0.03)]
    [InlineData(1, 64, 0.1)]
    [InlineData(0.002, 10, 0.001)]
    public void The_learning_rate_to_try_is_round_and_at_most_about_half(double eta, int hiddenSize, double expected) => Assert.Equal(expected, LearningRateAdvice.Try(eta, hiddenSize));

    private static UnitReading Read(Func<int, double> activation) => UnitReading.Of([.. Enumerable.Range(0, Steps).Select(t => (float)activation(t))]);

    /// <summary>From -1.7 to 1.7, deviation 1.</summary>
    private static double Noise(int t) => (2 * Uniform(t) - 1) * Math.Sqrt(3);

    private static double Uniform(int t)
    {
        var z = unchecked((ulong)(t + 1) * 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
