using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Reference;

public class ReferenceNetworkTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(5, 7, 4)]
    [InlineData(9, 4, 6)]
    public void Gradients_are_those_of_dual_numbers_and_h0_is_among_the_variables(int m, int k, int steps)
    {
        var random = new RandomStream(7);
        var weights = Draw(new(m, k), random);
        var (x, y) = (Indices(steps, k, random), Indices(steps, k, random));
        var hidden = Enumerable.Range(0, m).Select(_ => Math.Tanh(random.NextNormal())).ToArray();

        var network = new ReferenceNetwork<double>(weights);
        network.SetHidden(hidden);
        var loss = network.Forward(x, y);
        network.Backward();

        foreach (var (weight, gradient) in weights.Tensors.Zip(network.Gradients.Tensors))
        {
            for (var i = 0; i < weight.Values.Length; i++)
            {
                var variable = new ReferenceNetwork<Dual>(weights.Convert<Dual>());
                variable.SetHidden(Array.ConvertAll(hidden, value => new Dual(value)));
                variable.Weights[weight.Name][i] = Dual.Variable(weight.Values[i], i % Dual.Count);
                var dual = variable.Forward(x, y);
                Assert.Equal(loss, dual.Value, 1e-13);
                Assert.Equal(dual.Derivative(i % Dual.Count), gradient.Values[i], 1e-13);
                Assert.Equal(0, dual.Derivative((i + 1) % Dual.Count));
            }
        }

        for (var i = 0; i < m; i++)
        {
            var variable = new ReferenceNetwork<Dual>(weights.Convert<Dual>());
            variable.SetHidden(Array.ConvertAll(hidden, value => new Dual(value)));
            variable.h[0][i] = Dual.Variable(hidden[i], 5);
            Assert.Equal(variable.Forward(x, y).Derivative(5), network.InitialHiddenGradient[i], 1e-13);
        }
    }

    /// <summary>One unit and one character by hand: p = 1, so every gradient is 0; two characters: g = p - onehot.</summary>
    [Fact]
    public void Two_steps_of_one_unit_agree_with_the_formulas_written_out()
    {
        var weights = new ReferenceParameters<double>(new(1, 2));
        (weights.W[0], weights.b[0]) = (0.5, 0.1);
        (weights.U[0], weights.U[1]) = (0.3, -0.2);
        (weights.V[0], weights.V[1], weights.c[0], weights.c[1]) = (0.7, -0.4, 0.05, 0.15);
        var network = new ReferenceNetwork<double>(weights);
        network.SetHidden([0.25]);
        var loss = network.Forward([0, 1], [1, 0]);
        network.Backward();

        var h1 = Math.Tanh((0.5 * 0.25) + 0.3 + 0.1);
        var h2 = Math.Tanh((0.5 * h1) - 0.2 + 0.1);
        var p1 = 1 / (1 + Math.Exp((-0.4 * h1) + 0.15 - (0.7 * h1) - 0.05));
        var p2 = 1 / (1 + Math.Exp((-0.4 * h2) + 0.15 - (0.7 * h2) - 0.05));
        Assert.Equal(-Math.Log(1 - p1) - Math.Log(p2), loss, 1e-14);
        var (g1, g2) = (p1, p2 - 1);
        var z2 = ((0.7 * g2) + (-0.4 * -g2)) * (1 - (h2 * h2));
        var z1 = ((0.7 * g1) + (-0.4 * -g1) + (0.5 * z2)) * (1 - (h1 * h1));
        Assert.Equal((z1 * 0.25) + (z2 * h1), network.Gradients.W[0], 1e-14);
        Assert.Equal(z1, network.Gradients.U[0], 1e-14);
        Assert.Equal(z2, network.Gradients.U[1], 1e-14);
        Assert.Equal(z1 + z2, network.Gradients.b[0], 1e-14);
        Assert.Equal((g1 * h1) + (g2 * h2), network.Gradients.V[0], 1e-14);
        Assert.Equal(-g1 - g2, network.Gradients.c[1], 1e-14);
        Assert.Equal(0.5 * z1, network.InitialHiddenGradient[0], 1e-14);
    }

    [Fact]
    public void An_update_clips_each_element_and_divides_by_the_root_of_the_sum_so_far()
    {
        var network = new ReferenceNetwork<double>(new(new(1, 1)));
        network.Gradients.W[0] = 2;
        network.Gradients.b[0] = -0.5;
        network.Update(0.1, 1);
        network.Update(0.1, 1);
        Assert.Equal(2, network.AdagradSums.W[0]);
        Assert.Equal((-0.1 / Math.Sqrt(1 + 1e-8)) - (0.1 / Math.Sqrt(2 + 1e-8)), network.Weights.W[0], 1e-15);
        Assert.Equal(0.5, network.AdagradSums.b[0]);
        Assert.Equal((0.05 / Math.Sqrt(0.25 + 1e-8)) + (0.05 / Math.Sqrt(0.5 + 1e-8)), network.Weights.b[0], 1e-15);
        Assert.Equal(2, network.Gradients.W[0]);
        Assert.Equal(0, network.Weights.c[0]);
    }

    internal static ReferenceParameters<double> Draw(NetworkShape shape, RandomStream random)
    {
        var weights = new ReferenceParameters<double>(shape);
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = random.NextNormal();
            }
        }

        return weights;
    }

    internal static int[] Indices(int count, int below, RandomStream random)
    {
        var indices = new int[count];
        for (var i = 0; i < count; i++)
        {
            indices[i] = (int)(random.NextUnit() * below);
        }

        return indices;
    }
}
