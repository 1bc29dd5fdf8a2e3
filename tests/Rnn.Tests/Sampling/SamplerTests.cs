using CharRnn.Rnn.Model;
using CharRnn.Rnn.Sampling;

namespace CharRnn.Rnn.Tests.Sampling;

public class SamplerTests
{
    /// <summary>Logits whose softmax is 0.5, 0.25, 0.125, 0.125.</summary>
    private static readonly double[] Logits = [Math.Log(4), Math.Log(8), Math.Log(2), Math.Log(2)];

    private static double[] Distribution(SamplingSettings settings, double[]? logits = null)
    {
        logits ??= Logits;
        var sampler = new Sampler(settings, logits.Length);
        sampler.Distribute<double>(logits);
        return sampler.Probabilities.ToArray();
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k], actual[k], 1e-14);
        }
    }

    [Fact]
    public void Streams_of_a_seed_differ_and_repeat()
    {
        ulong First(ulong seed, ulong stream) => new RandomStream(seed, stream).NextBits();
        Assert.Equal(First(7, 1), First(7, 1));
        Assert.Equal(100, Enumerable.Range(0, 10).SelectMany(seed => Enumerable.Range(0, 10).Select(stream => First((ulong)seed, (ulong)stream))).Distinct().Count());
    }

    [Fact]
    public void Temperature_one_is_the_softmax() => AssertClose([0.25, 0.5, 0.125, 0.125], Distribution(new()));

    [Fact]
    public void Temperature_divides_the_logits()
    {
        // At 0.5 the probabilities are squared and normalised: 4, 16, 1, 1 over 22.
        AssertClose([4 / 22.0, 16 / 22.0, 1 / 22.0, 1 / 22.0], Distribution(new() { Temperature = 0.5 }));
    }

    [Fact]
    public void Temperature_zero_is_the_arg_max_and_ties_go_to_the_lower_index()
    {
        AssertClose([0, 1, 0, 0], Distribution(new() { Temperature = 0 }));
        AssertClose([0, 1, 0, 0], Distribution(new() { Temperature = 0 }, [0, 3, 3, 1]));
    }

    /// <summary>Nothing of the character before is left.</summary>
    [Fact]
    public void At_temperature_zero_each_character_stands_alone()
    {
        var sampler = new Sampler(new() { Temperature = 0 }, 3);
        Assert.Equal(2, sampler.Next<double>([0, 1, 2]));
        Assert.Equal(1, sampler.Next<double>([0, 2, 1]));
        AssertClose([0, 1, 0], sampler.Probabilities.ToArray());
    }

    [Fact]
    public void A_small_temperature_neither_overflows_nor_underflows_to_nothing() =>
        AssertClose([0, 1, 0], Distribution(new() { Temperature = 1e-300 }, [700, 800, -800]));

    [Fact]
    public void Top_k_keeps_the_k_likeliest_and_the_lower_index_of_a_tie()
    {
        AssertClose([1 / 3.0, 2 / 3.0, 0, 0], Distribution(new() { TopK = 2 }));
        AssertClose([2 / 7.0, 4 / 7.0, 1 / 7.0, 0], Distribution(new() { TopK = 3 }));
        AssertClose([0.25, 0.5, 0.125, 0.125], Distribution(new() { TopK = 400 }));
    }

    /// <summary>So many that a sort which keeps no order of what is equal shows itself.</summary>
    [Fact]
    public void Of_many_equal_characters_top_k_keeps_the_first() =>
        AssertClose([.. Enumerable.Repeat(1 / 30.0, 30), .. new double[70]], Distribution(new() { TopK = 30 }, new double[100]));

    /// <summary>The second of them adds nothing to the sum of the first, and can be drawn all the same.</summary>
    [Fact]
    public void A_top_p_of_one_takes_nothing_of_what_top_k_leaves()
    {
        var probabilities = Distribution(new() { TopK = 2 }, [0, -40, -41]);
        Assert.Equal((1, true, 0), (probabilities[0], probabilities[1] > 0, probabilities[2]));
    }

    [Fact]
    public void Top_p_keeps_the_fewest_that_reach_it()
    {
        AssertClose([0, 1, 0, 0], Distribution(new() { TopP = 0.4 }));
        AssertClose([1 / 3.0, 2 / 3.0, 0, 0], Distribution(new() { TopP = 0.51 }));
        AssertClose([2 / 7.0, 4 / 7.0, 1 / 7.0, 0], Distribution(new() { TopP = 0.8 }));
        // What reaches it exactly is enough.
        AssertClose([1, 0], Distribution(new() { TopP = 0.5 }, [3, 3]));
        AssertClose([0, 1 / 3.0, 1 / 3.0, 0, 1 / 3.0], Distribution(new() { TopP = 0.75 }, [-2000, 0, 0, -2000, 0, 0])[..5]);
        AssertClose([1, 0, 0], Distribution(new() { TopP = 1e-300 }, [0, 0, 0]));
    }

    /// <summary>Four equal probabilities: the sums are exact.</summary>
    [Fact]
    public void Top_p_that_is_reached_exactly_takes_no_more() => AssertClose([0.5, 0.5, 0, 0], Distribution(new() { TopP = 0.5 }, [0, 0, 0, 0]));

    [Fact]
    public void Top_p_is_taken_of_what_top_k_leaves() =>
        // Of 1/3 and 2/3 the first reaches 0.6 alone; of the whole distribution it would be 0.5 only.
        AssertClose([0, 1, 0, 0], Distribution(new() { TopK = 2, TopP = 0.6 }));

    /// <summary>More than there are is all, for top-p as well.</summary>
    [Fact]
    public void Top_p_is_taken_of_all_where_top_k_is_more_than_all() => AssertClose([1 / 3.0, 2 / 3.0, 0, 0], Distribution(new() { TopK = 400, TopP = 0.51 }));

    [Fact]
    public void Draws_have_the_frequencies_of_the_distribution()
    {
        var sampler = new Sampler(new() { Seed = 5 }, 4);
        var counts = new int[4];
        const int draws = 200_000;
        for (var i = 0; i < draws; i++)
        {
            counts[sampler.Next<double>(Logits)]++;
        }

        double[] expected = [0.25, 0.5, 0.125, 0.125];
        for (var k = 0; k < 4; k++)
        {
            // Five standard deviations of a binomial count; the seed is fixed, so the test is too.
            var deviation = Math.Sqrt(draws * expected[k] * (1 - expected[k]));
            Assert.InRange(counts[k], draws * expected[k] - 5 * deviation, draws * expected[k] + 5 * deviation);
        }
    }

    /// <summary>What ends at a place does not hold it. Above the sum, where rounding leaves a crumb, is the last character that can be drawn.</summary>
    [Fact]
    public void Every_place_of_the_unit_interval_is_a_character()
    {
        Assert.Equal([0, 0, 1, 1, 3, 3], new[] { 0, 0.24, 0.25, 0.74, 0.75, 0.99 }.Select(place => Sampler.At([0.25, 0.5, 0, 0.25], place)));
        Assert.Equal(1, Sampler.At([0.25, 0.5, 0, 0], 0.75));
    }

    [Fact]
    public void A_seed_repeats_and_precision_does_not_change_the_draws_of_exact_logits()
    {
        int[] Draw(ulong seed)
        {
            var sampler = new Sampler(new() { Seed = seed }, 3);
            return [.. Enumerable.Range(0, 200).Select(_ => sampler.Next<double>([1, 2, 3]))];
        }

        var single = new Sampler(new() { Seed = 9 }, 3);
        Assert.Equal(Draw(9), Draw(9));
        Assert.NotEqual(Draw(9), Draw(10));
        Assert.Equal(Draw(9), Enumerable.Range(0, 200).Select(_ => single.Next<float>([1, 2, 3])));
    }

    [Fact]
    public void Broken_weights_are_told_apart_from_text()
    {
        var sampler = new Sampler(new(), 3);
        Assert.Contains("(logit 1): its weights are broken", Assert.Throws<ArithmeticException>(() => sampler.Next<float>([0, float.NaN, 0])).Message);
        Assert.Throws<ArithmeticException>(() => sampler.Next<float>([0, 0, float.PositiveInfinity]));
    }

    [Fact]
    public void Logits_are_those_of_the_vocabulary()
    {
        var sampler = new Sampler(new(), 3);
        Assert.Contains("expected 3 logits, not 2", Assert.Throws<ArgumentException>(() => sampler.Next<float>([0, 1])).Message);
        Assert.Throws<ArgumentException>(() => sampler.Next<float>([0, 1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(new(), 0));
        Assert.Equal(0, new Sampler(new(), 1).Next<float>([-5]));
    }

    /// <summary>A later change of settings meets the same stream: every character takes one number of it, drawn or not.</summary>
    [Fact]
    public void Temperature_zero_takes_its_number_too()
    {
        var random = new RandomStream(7, 0);
        for (var i = 0; i < 5; i++)
        {
            // Of two equal logits the first is drawn below a half.
            Assert.Equal(random.NextUnit() < 0.5 ? 0 : 1, Draw(i));
        }

        int Draw(int before)
        {
            var sampler = new Sampler(new() { Seed = 7 }, 2);
            for (var i = 0; i < before; i++)
            {
                sampler.Next<double>([0, -2000]);
            }

            return sampler.Next<double>([0, 0]);
        }
    }

    [Theory]
    [InlineData(-1, 0, 1, "the temperature must be finite and at least 0")]
    [InlineData(double.NaN, 0, 1, "the temperature must be finite and at least 0")]
    [InlineData(double.PositiveInfinity, 0, 1, "the temperature must be finite and at least 0")]
    [InlineData(1, -1, 1, "TopK")]
    [InlineData(1, 0, 0, "top-p must be greater than 0 and at most 1")]
    [InlineData(1, 0, 1.5, "top-p must be greater than 0 and at most 1")]
    [InlineData(1, 0, double.NaN, "top-p must be greater than 0 and at most 1")]
    public void Settings_without_meaning_are_refused(double temperature, int topK, double topP, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(new() { Temperature = temperature, TopK = topK, TopP = topP }, 4)).Message);
}
