using CharRnn.Rnn.Explain;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Explain;

/// <summary>What is measured of networks whose behaviour is known.</summary>
public sealed class MeasureTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(6, 5)]
    public void A_network_looks_back_as_far_as_it_was_made_to(int units, int reach)
    {
        // The character that was read units - 1 ago tells the next one.
        var text = HandMade.EchoText(4000, units);
        using var reader = new NetworkReader(HandMade.Model(text, HandMade.ShiftRegister(units)));
        var memory = MemoryCurve.Measure(reader, text, new double[units], 300)!;
        Assert.Equal(reach, memory.Reach);
        Assert.All(memory.Points.Where(point => point.CharactersBefore >= reach), point => Assert.InRange(point.Excess, -1e-9, 0.01 * memory.Loss));
        // With less it knows nothing, and then each of two characters costs at least log 2 on average.
        Assert.All(memory.Points.Where(point => point.CharactersBefore < reach), point => Assert.InRange(point.Loss, 0.69, 1));
        Assert.True(memory.Loss < 0.45);
        // From the state of another place it is misled where it knew nothing, and comes right after as many.
        Assert.Equal(reach, memory.ReachFromElsewhere);
        Assert.All(memory.Elsewhere.Where(point => point.CharactersBefore < reach), point => Assert.True(point.Excess > 0.2));
    }

    /// <summary>
    /// A unit of two states, -1 and 1, of which only 1 is of use, and no character leads from one to the other: at h = 0 it falls into -1 for good, as it
    /// never did while it read on.
    /// </summary>
    [Fact]
    public void What_only_comes_right_where_it_began_is_seen_from_the_state_of_another_place()
    {
        var text = HandMade.EchoText(4000, 2);
        var weights = new NetworkWeights<double>(new NetworkShape(3, 2));
        (weights.Vanilla.U[0], weights.Vanilla.U[1], weights.Vanilla.W[3]) = (-2.2, 2.2, 2.2);
        (weights.Vanilla.V[1], weights.Vanilla.V[4]) = (-1.1, 1.1);
        // The third: h = tanh(3 h - 0.3).
        (weights.Vanilla.W[8], weights.Vanilla.b[2], weights.Vanilla.V[2], weights.Vanilla.c[0]) = (3, -0.3, -4, 4);
        using var reader = new NetworkReader(HandMade.Model(text, weights));
        var memory = MemoryCurve.Measure(reader, text, [0, 0, 1], 300)!;
        Assert.Null(memory.Reach);
        Assert.Equal(1, memory.ReachFromElsewhere);
        Assert.True(memory.Loss < 0.45 && memory.Points[^1].Loss > 1);
        Assert.True(memory.Elsewhere[0].Loss > 0.6);
    }

    [Fact]
    public void The_loss_with_everything_read_is_that_of_the_text()
    {
        var text = HandMade.EchoText(3000, 2);
        using var reader = new NetworkReader(HandMade.Model(text, HandMade.ShiftRegister(2)), 25);
        var memory = MemoryCurve.Measure(reader, text, new double[2], 10_000)!;   // as many places as there are
        var positions = LossByPosition.Measure(reader, text, 25, 25, 100_000, _ => { });
        Assert.InRange(memory.Loss - positions.Losses.Average(), -0.02, 0.02);
        Assert.True(memory.Places > 2500);
    }

    [Fact]
    public void The_gradients_norm_is_that_of_the_chain_rule()
    {
        // One unit: d(-log p) / dh at k is V (p - y) times the product of W (1 - h^2) on the way.
        var text = HandMade.RandomText(400);
        var weights = new NetworkWeights<double>(new NetworkShape(1, 2));
        (weights.Vanilla.W[0], weights.Vanilla.U[0], weights.Vanilla.U[1], weights.Vanilla.V[0], weights.Vanilla.V[1], weights.Vanilla.b[0]) = (0.9, -0.4, 0.7, -0.8, 0.5, 0.1);
        using var reader = new NetworkReader(HandMade.Model(text, weights));
        var gradient = GradientReach.Measure(reader, text, [0.0], 1)!;

        var characters = new int[160];
        text.CopyTo(0, characters);
        double h = 0, product = 1;
        for (var t = 0; t < 100; t++)
        {
            h = Next(h, characters[t]);
        }

        for (var k = 0; k <= GradientReach.Longest; k++)
        {
            h = Next(h, characters[100 + k]);
            product *= 0.9 * (1 - (h * h));
            double left = Math.Exp(-0.8 * h), right = Math.Exp(0.5 * h), p = right / (left + right);
            var slope = characters[101 + k] == 1 ? -(1 - p) * 1.3 : p * 1.3;
            Assert.InRange(Math.Abs(gradient.Norms[k] - Math.Abs(slope * product)), 0, 1e-9);
        }

        Assert.Null(gradient.VanishesAfter is > 0 and < 60 ? null : "it vanishes");
        Assert.False(gradient.Explodes);

        double Next(double state, int character) => Math.Tanh((0.9 * state) + (character == 0 ? -0.4 : 0.7) + 0.1);
    }

    [Fact]
    public void A_norm_that_grows_explodes_and_one_that_stays_does_neither()
    {
        Assert.True(new GradientReach([.. Enumerable.Range(0, 51).Select(k => Math.Pow(1.1, k))]).Explodes);
        Assert.False(new GradientReach([.. Enumerable.Range(0, 51).Select(k => 2.0)]).Explodes);
        Assert.Null(new GradientReach([.. Enumerable.Range(0, 51).Select(k => 2.0)]).VanishesAfter);
        Assert.Equal(7, new GradientReach([.. Enumerable.Range(0, 51).Select(k => Math.Pow(0.5, k))]).VanishesAfter);
    }

    [Fact]
    public void The_hardest_passage_is_where_the_text_is_of_another_kind()
    {
        string echo = Decode(HandMade.EchoText(3000, 1)), noise = Decode(HandMade.RandomText(400));
        var text = EncodedText.FromString(echo[..2000] + noise + echo[2000..]);
        using var reader = new NetworkReader(HandMade.Model(text, HandMade.ShiftRegister(1)), 25);
        var positions = LossByPosition.Measure(reader, text, 25, 25, 100_000, _ => { });
        Assert.All(positions.Hardest.Take(2), passage => Assert.InRange(passage.Position, 1900, 2400));
        Assert.All(positions.Easiest, passage => Assert.True(passage.Position is < 2000 or >= 2400));
        Assert.Equal(Decode(text).Substring((int)positions.Hardest[0].Position, 200), positions.Hardest[0].Text);
        Assert.True(positions.Hardest[0].Loss > 0.6 && positions.Easiest[0].Loss < 0.35);
        Assert.Equal(positions.Hardest.OrderByDescending(passage => passage.Loss), positions.Hardest);
        Assert.Equal(135, positions.Losses.Count);   // 3,399 characters that have one after them
        // A limit is kept, and the smooth loss turns where the text does.
        Assert.Equal(40, LossByPosition.Measure(reader, text, 25, 25, 1001, _ => { }).Losses.Count);
        Assert.True(positions.Smooth[96] > positions.Smooth[79]);
    }

    [Fact]
    public void What_zeroing_costs_is_what_the_network_remembered()
    {
        // The register of 3 needs two characters that it has not read when h is zero, and nothing more.
        var text = HandMade.EchoText(2000, 3);
        using var reader = new NetworkReader(HandMade.Model(text, HandMade.ShiftRegister(3)), 10);
        var start = EpochStart.Measure(reader, text, 10);
        Assert.Equal(40, start.Zeroed.Count);
        Assert.True(Math.Abs(start.Zeroed[0] - start.Carried[0]) > 0.05);
        Assert.All(start.Zeroed.Zip(start.Carried).Skip(1), pair => Assert.Equal(pair.First, pair.Second, 6));
        Assert.Equal(start.Zeroed[0] - start.Carried[0], start.Cost, 6);
        Assert.Equal(0.001 * start.Cost, start.SmoothCost, 12);
    }

    private static string Decode(EncodedText text)
    {
        var indices = new int[text.Length];
        text.CopyTo(0, indices);
        return text.Vocabulary.Decode(indices);
    }
}
