using System.Runtime.InteropServices;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

/// <summary>The number of threads is a matter of time alone: losses, weights, slots and states are the same bytes.</summary>
public class ThreadsTests
{
    public static TheoryData<string, int, int, int, int, int> Networks()
    {
        var data = new TheoryData<string, int, int, int, int, int>();
        foreach (var cell in BuiltInCells.All)
        {
            // Streams that are shared evenly and unevenly, too few to be shared, and one whose units are shared; and more rows than are added up at a time.
            foreach (var (layers, streams, m, k, steps) in ((int, int, int, int, int)[])[(1, 16, 20, 9, 3), (2, 7, 33, 80, 5), (2, 3, 18, 17, 13), (1, 1, 273, 21, 4), (2, 2, 256, 90, 2), (1, 7, 18, 9, 150)])
            {
                data.Add(cell.Name, layers, streams, m, k, steps);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_bytes_do_not_depend_on_the_number_of_threads(string cell, int layers, int streams, int m, int k, int steps)
    {
        var shape = new NetworkShape(m, k) { Cell = BuiltInCells.Find(cell)!, Layers = layers };
        foreach (var options in (NetworkOptions[])[new() { Optimizer = "adam", ClipNorm = 0.5, Dropout = 0.2, Seed = 4 }, new() { MeanLoss = true }])
        {
            var one = Train<float>(shape, options with { Streams = streams }, steps, _ => 1);
            for (var threads = 2; threads <= 4; threads++)
            {
                Assert.Equal(one, Train<float>(shape, options with { Streams = streams }, steps, _ => threads));
            }

            Assert.Equal(one, Train<float>(shape, options with { Streams = streams }, steps, update => 1 + (update % 4)));
            Assert.Equal(Train<double>(shape, options with { Streams = streams }, steps, _ => 1), Train<double>(shape, options with { Streams = streams }, steps, _ => 3));
        }
    }

    /// <summary>Every form of the products: fewer lanes make other panels and other tiles.</summary>
    [Theory]
    [InlineData("Vector512")]
    [InlineData("Vector256")]
    [InlineData("Vector128")]
    [InlineData("Scalar")]
    public void In_every_register_form(string form)
    {
        var shape = new NetworkShape(19, 11) { Cell = Lstm.Description };
        if (CharRnn.Rnn.Kernels.CompiledProducts.All<float>().Any(kernels => kernels.InstructionSet == form))
        {
            Assert.Equal(Train<float>(shape, new() { Streams = 9 }, 3, _ => 1, form), Train<float>(shape, new() { Streams = 9 }, 3, _ => 4, form));
        }
    }

    /// <summary>Four networks, each with as many threads as asked for, which go on where the last stopped: an update on a whole chunk, and one on a shorter.</summary>
    private static byte[] Train<T>(NetworkShape shape, NetworkOptions options, int steps, Func<int, int> threadsAt, string? form = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var bytes = new List<byte>();
        var weights = NetworkWeights<T>.Random(shape, 7, WeightStart.Scaled);
        IReadOnlyList<NetworkWeights<T>>? slots = null;
        T[]? hidden = null;
        var random = new Random(5);
        for (var update = 0; update < 4; update++)
        {
            using var network = new LayeredNetwork<T>(shape, steps, options with { Threads = threadsAt(update) }, form);
            network.Load(weights, slots);
            network.Updates = 2 * update;
            if (hidden is not null)
            {
                network.SetHidden(hidden);
            }

            for (var length = steps; length >= Math.Max(1, steps - 1); length--)
            {
                var x = Enumerable.Range(0, length * options.Streams).Select(_ => random.Next(shape.VocabularySize)).ToArray();
                bytes.AddRange(BitConverter.GetBytes(network.Forward(x, [.. x.Reverse()])));
                network.BackwardAndUpdate(0.01, double.PositiveInfinity);
            }

            (weights, slots, hidden) = (network.ExportWeights(), network.ExportSlots(), new T[network.StateSize]);
            network.CopyHidden(hidden);
            foreach (var values in weights.Tensors.Concat(slots.SelectMany(slot => slot.Tensors)).Select(tensor => tensor.Values).Append(hidden))
            {
                bytes.AddRange(MemoryMarshal.AsBytes(values.AsSpan()));
            }
        }

        return [.. bytes];
    }
}
