using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Training;

/// <summary>Kernels take addresses: what would make them read or write beside their spans is refused before they are called.</summary>
public class BorderTests
{
    private static readonly NetworkShape Shape = new(5, 4);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Kernels_take_no_time_step_or_fewer(int steps)
    {
        foreach (var kernels in CompiledKernels.All<float>(Shape))
        {
            var (m, k, w) = (kernels.Layout.HiddenStride, kernels.Layout.VocabularyStride, (int)kernels.Layout.LengthOfW);
            float[] W = new float[w], V = new float[4 * m], VT = new float[5 * k], h = new float[2 * m], dh = new float[m], g = new float[k], b = new float[m], c = new float[k], scratch = new float[kernels.Layout.SpreadStride];
            var rule = new AdagradRule<float>(0.1f, 5);
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.Logits(VT, c, h, g, steps));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.HiddenGradient(V, g, dh, steps));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.Backward(W, h, dh, steps));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.UpdateV(h, g, VT, VT, V, steps, rule));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.UpdateW(dh, h, W, W, scratch, steps, rule));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.UpdateBiases(dh, b, b, g, c, c, steps, rule));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.Forward(W, V, b, h, []));
            Assert.Throws<ArgumentOutOfRangeException>(() => kernels.SoftmaxLoss(g, []));
        }
    }

    public static TheoryData<bool> Both() => new(true, false);

    private static Network<float> Create(bool isVanilla) => isVanilla
        ? new VanillaNetwork<float>(Shape, 3)
        : new LayeredNetwork<float>(Shape with { Cell = Lstm.Description }, 3, NetworkOptions.Default with { Streams = 2, Threads = 2 });

    [Theory]
    [MemberData(nameof(Both))]
    public void A_network_that_was_disposed_says_so(bool isVanilla)
    {
        var network = Create(isVanilla);
        var (weights, slots, state) = (network.ExportWeights(), network.ExportSlots(), new float[network.StateSize]);
        network.Dispose();
        network.Dispose();
        foreach (var act in (Action[])[
            () => network.Forward([0, 1], [1, 0]), () => network.BackwardAndUpdate(0.1, 5), network.CarryHidden, network.ResetHidden, () => network.CopyHidden(state), () => network.SetHidden(state),
            () => _ = network.StateAfter(1).Length, () => network.Step(0, new float[4]), () => network.Load(weights, slots), () => network.ExportWeights(weights), () => network.ExportSlots(slots)])
        {
            Assert.Throws<ObjectDisposedException>(act);
        }
    }

    /// <summary>After a chunk that was refused there is none: neither this one's raw logits nor the last one's states are backpropagated.</summary>
    [Theory]
    [MemberData(nameof(Both))]
    public void A_refused_chunk_is_none_to_backpropagate(bool isVanilla)
    {
        using var network = Create(isVanilla);
        var before = network.ExportWeights();
        foreach (var refused in (Action[])[() => network.Forward([0, 1], [0, 4]), () => network.Forward([0, 4], [0, 1]), () => network.Forward([0, -1], [0, 1])])
        {
            network.Forward([0, 1], [1, 0]);
            Assert.ThrowsAny<ArgumentException>(refused);
            Assert.Throws<InvalidOperationException>(() => network.BackwardAndUpdate(0.1, 5));
        }

        Assert.Equal(before.Tensors.SelectMany(tensor => tensor.Values), network.ExportWeights().Tensors.SelectMany(tensor => tensor.Values));
    }

    /// <summary>Gradients may lie where the backward pass found what it needs: there is no second pass over the same chunk.</summary>
    [Fact]
    public void A_chunk_whose_gradients_were_taken_is_none_to_backpropagate()
    {
        using var network = (LayeredNetwork<float>)Create(isVanilla: false);
        network.Forward([0, 1], [1, 0]);
        network.Gradients();
        Assert.Throws<InvalidOperationException>(() => network.BackwardAndUpdate(0.1, 5));
        Assert.Throws<InvalidOperationException>(network.Gradients);
        network.Forward([0, 1], [1, 0]);
        network.BackwardAndUpdate(0.1, 5);
    }
}
