using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

public class LayeredNetworkTests
{
    private const int Steps = 4;

    public static TheoryData<string, int, int, int, int> Networks()
    {
        var data = new TheoryData<string, int, int, int, int>();
        foreach (var cell in BuiltInCells.All)
        {
            foreach (var (layers, streams, m, k) in ((int, int, int, int)[])[(1, 1, 5, 7), (2, 3, 17, 5), (1, 7, 33, 18), (3, 2, 8, 16)])
            {
                data.Add(cell.Name, layers, streams, m, k);
            }
        }

        return data;
    }

    /// <summary>In every register form, loss and every gradient are those of the equations as they are written.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Loss_and_gradients_are_those_of_the_equations(string cell, int layers, int streams, int m, int k)
    {
        var shape = new NetworkShape(m, k) { Cell = BuiltInCells.Find(cell)!, Layers = layers };
        foreach (var options in (NetworkOptions[])[new() { Streams = streams }, new() { Streams = streams, MeanLoss = true, Dropout = 0.4, Seed = 9 }])
        {
            var weights = Random(shape, 3);
            var (x, y) = Characters(Steps * streams, k);
            var plain = new PlainNetwork(weights, options);
            var loss = plain.Loss(x, y);
            var expected = weights.Tensors.ToDictionary(tensor => tensor.Name, tensor => Picks(tensor.Values.Length).ToDictionary(i => i, i => plain.Derivative(tensor.Values, i, x, y)));
            foreach (var form in CompiledProducts.All<double>().Select(kernels => kernels.InstructionSet))
            {
                using var network = new LayeredNetwork<double>(shape, Steps, options, form);
                network.Load(weights);
                Assert.Equal(loss, network.Forward(x, y), 1e-11);
                var gradients = network.Gradients();
                foreach (var (name, values) in expected)
                {
                    foreach (var (i, value) in values)
                    {
                        Assert.True(Math.Abs(value - gradients[name][i]) < 1e-8 + (1e-6 * Math.Abs(value)), $"{form}, {name}[{i}]: {gradients[name][i]} for {value}");
                    }
                }
            }
        }
    }

    /// <summary>In single precision the gradients are those of double precision, but for rounding.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Single_precision_agrees_with_double(string cell, int layers, int streams, int m, int k)
    {
        var shape = new NetworkShape(m, k) { Cell = BuiltInCells.Find(cell)!, Layers = layers };
        var options = new NetworkOptions { Streams = streams };
        var weights = Random(shape, 4).Convert<float>();
        var (x, y) = Characters(Steps * streams, k);
        using var exact = new LayeredNetwork<double>(shape, Steps, options);
        exact.Load(weights.Convert<double>());
        var loss = exact.Forward(x, y);
        var truth = exact.Gradients();
        foreach (var form in CompiledProducts.All<float>().Select(kernels => kernels.InstructionSet))
        {
            using var network = new LayeredNetwork<float>(shape, Steps, options, form);
            network.Load(weights);
            Assert.Equal(loss, network.Forward(x, y), 1e-4);
            foreach (var (tensor, right) in network.Gradients().Tensors.Zip(truth.Tensors))
            {
                var size = Math.Sqrt(right.Values.Sum(value => value * value));
                var distance = Math.Sqrt(tensor.Values.Zip(right.Values, (value, other) => Math.Pow(value - other, 2)).Sum());
                Assert.True(distance < 1e-5 * size, $"{form}, {tensor.Name}: {distance / size}");
            }
        }
    }

    /// <summary>Each optimiser's kernels do what its rule says as it is written, after clipping by element and by norm.</summary>
    [Theory]
    [InlineData("adagrad", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("adam", 0.05, double.PositiveInfinity)]
    [InlineData("adam", double.PositiveInfinity, 0.1)]
    [InlineData("sgd", double.PositiveInfinity, double.PositiveInfinity)]
    public void An_update_is_the_rule_as_it_is_written(string optimizer, double clip, double clipNorm)
    {
        var shape = new NetworkShape(9, 40) { Cell = Lstm.Description };
        var options = new NetworkOptions { Optimizer = optimizer, ClipNorm = clipNorm, Streams = 2 };
        using var network = new LayeredNetwork<double>(shape, Steps, options);
        var weights = Random(shape, 5);
        network.Load(weights);
        var rule = BuiltInRules.Create(optimizer);
        var slots = rule.Slots.Select(_ => new NetworkWeights<double>(shape)).ToArray();
        for (var update = 1; update <= 3; update++)
        {
            var (x, y) = Characters(Steps * 2, 40, update);
            network.Forward(x, y);
            var gradients = network.Gradients();
            var norm = Math.Sqrt(gradients.Tensors.Sum(tensor => tensor.Values.Sum(value => value * value)));
            network.Forward(x, y);
            network.BackwardAndUpdate(0.01, clip);
            _ = rule.Numbers(new(0.01), update);
            var after = network.ExportWeights();
            var exported = network.ExportSlots();
            for (var i = 0; i < weights.Tensors.Count; i++)
            {
                var own = slots.Select(slot => (Vector)new PlainVector(slot.Tensors[i].Values)).ToArray();
                var g = gradients.Tensors[i].Values.Select(value => Math.Clamp(value * Math.Min(1, clipNorm / norm), -clip, clip)).ToArray();
                var next = ((PlainVector)rule.Run(own, new PlainVector(weights.Tensors[i].Values), new PlainVector(g))).Values;
                AssertNear(next, after.Tensors[i].Values);
                next.CopyTo(weights.Tensors[i].Values, 0);
                for (var slot = 0; slot < own.Length; slot++)
                {
                    AssertNear(((PlainVector)own[slot]).Values, exported[slot].Tensors[i].Values);
                    ((PlainVector)own[slot]).Values.CopyTo(slots[slot].Tensors[i].Values, 0);
                }
            }
        }
    }

    /// <summary>Only a rule that changes something at gradient zero goes over the characters that did not occur.</summary>
    [Fact]
    public void Which_rules_move_without_a_gradient_is_known() =>
        Assert.Equal(["adam"], BuiltInRules.Names.Where(name => BuiltInRules.Create(name).MovesWithoutGradient));

    public static TheoryData<string, bool, double, double> Rules()
    {
        var data = new TheoryData<string, bool, double, double>();
        foreach (var optimizer in BuiltInRules.Names)
        {
            data.Add(optimizer, false, double.PositiveInfinity, 5);
            data.Add(optimizer, true, double.PositiveInfinity, 0.002);
            data.Add(optimizer, true, 0.01, double.PositiveInfinity);
        }

        return data;
    }

    /// <summary>The layered network's vanilla cell and the kernels of the textbooks' network are the same network, with every rule.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void The_vanilla_cell_trains_as_its_own_kernels_do(string optimizer, bool isMean, double clipNorm, double clip)
    {
        var shape = new NetworkShape(20, 12);
        var options = new NetworkOptions { Optimizer = optimizer, MeanLoss = isMean, ClipNorm = clipNorm };
        using var vanilla = new VanillaNetwork<double>(shape, Steps, options: options);
        using var layered = new LayeredNetwork<double>(shape, Steps, options);
        var weights = NetworkWeights<double>.Random(shape, 1);
        vanilla.Load(weights);
        layered.Load(weights);
        for (var update = 0; update < 50; update++)
        {
            var (x, y) = Characters(Steps, 12, update);
            Assert.Equal(vanilla.Forward(x, y), layered.Forward(x, y), 1e-10);
            vanilla.BackwardAndUpdate(0.01, clip);
            layered.BackwardAndUpdate(0.01, clip);
        }

        foreach (var (one, other) in vanilla.ExportSlots().Prepend(vanilla.ExportWeights()).Zip(layered.ExportSlots().Prepend(layered.ExportWeights())))
        {
            foreach (var (left, right) in one.Tensors.Zip(other.Tensors))
            {
                AssertNear(left.Values, right.Values);
            }
        }
    }

    /// <summary>States of every stream, layer and kind come back where they were set.</summary>
    [Fact]
    public void States_and_weights_come_back_as_they_were_set()
    {
        var shape = new NetworkShape(5, 6) { Cell = Lstm.Description, Layers = 2 };
        using var network = new LayeredNetwork<float>(shape, Steps, new() { Streams = 3, Optimizer = "adam" });
        var state = Enumerable.Range(1, network.StateSize).Select(i => (float)i).ToArray();
        network.SetHidden(state);
        var copy = new float[state.Length];
        network.CopyHidden(copy);
        Assert.Equal(state, copy);
        var (weights, m, v) = (Random(shape, 1).Convert<float>(), Random(shape, 2).Convert<float>(), Random(shape, 3).Convert<float>());
        network.Load(weights, m, v);
        Assert.Equal(Flat(weights), Flat(network.ExportWeights()));
        Assert.Equal(Flat(m), Flat(network.ExportSlots()[0]));
        Assert.Equal(Flat(v), Flat(network.ExportSlots()[1]));
    }

    private static float[] Flat(NetworkWeights<float> weights) => [.. weights.Tensors.SelectMany(tensor => tensor.Values)];

    private static void AssertNear(double[] expected, double[] actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-12 + (1e-9 * Math.Abs(expected[i])), $"[{i}]: {actual[i]} for {expected[i]}");
        }
    }

    /// <summary>A few places of every tensor: the first, the last, and some between.</summary>
    private static IEnumerable<int> Picks(int length) => Enumerable.Range(0, 9).Select(i => (int)((long)i * (length - 1) / 8)).Distinct();

    private static NetworkWeights<double> Random(NetworkShape shape, ulong seed)
    {
        var (weights, random) = (new NetworkWeights<double>(shape), new RandomStream(seed));
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = 0.4 * random.NextNormal();
            }
        }

        return weights;
    }

    private static (int[] X, int[] Y) Characters(int length, int k, int seed = 0)
    {
        var random = new RandomStream((ulong)seed + 77);
        int[] Draw() => [.. Enumerable.Range(0, length).Select(_ => (int)(random.NextBits() % (ulong)k))];
        return (Draw(), Draw());
    }
}
