using CharRnn.Rnn.Benchmarks;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Benchmarks;

/// <summary>What <c>charrnn bench --cell</c> times and counts; how long it takes is the machine's.</summary>
public sealed class LayeredBenchmarkTests
{
    public static TheoryData<string, int, int, int, int> Networks()
    {
        var data = new TheoryData<string, int, int, int, int>();
        foreach (var cell in BuiltInCells.All)
        {
            foreach (var (layers, streams, threads, m) in ((int, int, int, int)[])[(1, 1, 1, 9), (2, 3, 1, 17), (3, 8, 2, 20), (2, 1, 2, 256)])
            {
                data.Add(cell.Name, layers, streams, threads, m);
            }
        }

        return data;
    }

    /// <summary>Forward and backward are three products of every matrix; the first layer's one-hot input costs nothing.</summary>
    [Theory]
    [InlineData("vanilla", 6, 12)]
    [InlineData("gru", 18, 36)]
    [InlineData("gru-before", 18, 36)]
    [InlineData("lstm", 24, 48)]
    public void A_character_costs_what_the_cells_matrices_say(string cell, int first, int further)
    {
        const int M = 128, K = 80, Characters = 50 * 16;
        foreach (var layers in (int[])[1, 2, 3])
        {
            var shape = new NetworkShape(M, K) { Cell = BuiltInCells.Find(cell)!, Layers = layers };
            Assert.Equal(Characters * (((first + (further * (layers - 1))) * M * M) + (6.0 * M * K)), LayeredPart.Operations(shape, Characters));
            Assert.Equal(LayeredPart.Operations(shape, Characters), LayeredPart.All(shape, 50, 16, 30, sizeof(float)).Sum(part => part.Operations));
        }
    }

    [Fact]
    public void A_recurrence_goes_through_its_matrices_at_every_time_step_and_Adam_through_all_weights()
    {
        var shape = new NetworkShape(100, 80) { Cell = Lstm.Description, Layers = 2 };
        var parts = LayeredPart.All(shape, 25, 16, 30, sizeof(float));
        Assert.All(parts.Where(part => part.Name.EndsWith("ward", StringComparison.Ordinal)), part => Assert.Equal((25, 4.0 * 4 * 100 * 100), (part.Sweeps, part.Swept)));
        Assert.Equal(4, parts.Count(part => part.Sweeps > 0));
        var adam = Assert.Single(parts, part => part.Roots > 0);
        Assert.Equal((shape.ParameterCount, 4.0 * sizeof(float) * shape.ParameterCount), (adam.Roots, adam.Bytes));
    }

    /// <summary>Part by part it is the update of a training, to the byte: nothing is left out and nothing is done twice.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void All_parts_are_one_update(string cell, int layers, int streams, int threads, int m)
    {
        const int Steps = 5, K = 21;
        var shape = new NetworkShape(m, K) { Cell = BuiltInCells.Find(cell)!, Layers = layers };
        var options = new NetworkOptions { Optimizer = "adam", Streams = streams, Threads = threads };
        var text = RoundTiming.Text((Steps * streams) + 1, K);
        var (x, y) = (text[..^1], text[1..]);
        using var whole = new LayeredNetwork<float>(shape, Steps, options);
        using var inParts = new LayeredNetwork<float>(shape, Steps, options);
        whole.Load(NetworkWeights<float>.Random(shape, 3, WeightStart.Scaled));
        inParts.Load(whole.ExportWeights());
        var parts = inParts.Parts(x, y, 0.01);
        Assert.Equal(LayeredPart.All(shape, Steps, streams, x.Distinct().Count(), sizeof(float)).Count, parts.Count);
        for (var update = 0; update < 3; update++)
        {
            whole.Forward(x, y);
            whole.BackwardAndUpdate(0.01, double.PositiveInfinity);
            foreach (var part in parts)
            {
                part();
            }

            Assert.Equal(whole.Updates, inParts.Updates);
            Assert.Equal(Flat(whole.ExportWeights()), Flat(inParts.ExportWeights()));
            Assert.Equal(whole.ExportSlots().SelectMany(Flat), inParts.ExportSlots().SelectMany(Flat));
            Assert.Equal(States(whole), States(inParts));
        }
    }

    [Fact]
    public void What_is_no_chunk_is_refused()
    {
        using var network = new LayeredNetwork<float>(new NetworkShape(4, 5), 3, new() { Streams = 2 });
        Assert.Throws<ArgumentException>(() => network.Parts([1, 2, 3], [1, 2, 3], 0.1));
        Assert.Throws<ArgumentException>(() => network.Parts([1, 5], [1, 2], 0.1));
        Assert.Throws<ArgumentException>(() => network.Parts([1, 2], [1, -2], 0.1));
    }

    private static float[] Flat(NetworkWeights<float> weights) => [.. weights.Tensors.SelectMany(tensor => tensor.Values)];

    private static float[] States(LayeredNetwork<float> network)
    {
        var states = new float[network.StateSize];
        network.CopyHidden(states);
        return states;
    }
}
