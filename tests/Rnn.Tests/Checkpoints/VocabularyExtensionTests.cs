using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Tests.Checkpoints;

public sealed class VocabularyExtensionTests
{
    private static readonly Vocabulary Small = Vocabulary.FromText("bdfhj"), Large = Vocabulary.FromText("abcdfhjkä");

    /// <summary>Hidden units as many as characters too: then a matrix could be taken for another's.</summary>
    [Theory]
    [InlineData("vanilla", 1, 4)]
    [InlineData("vanilla", 1, 5)]
    [InlineData("lstm", 2, 5)]
    [InlineData("gru", 1, 9)]
    public void Every_character_keeps_its_numbers(string cell, int layers, int hidden)
    {
        var shape = new NetworkShape(hidden, Small.Size) { Cell = BuiltInCells.Find(cell)!, Layers = layers };
        var weights = NetworkWeights<float>.Random(shape, 3, WeightStart.Scaled);
        for (var i = 0; i < Small.Size; i++)
        {
            weights["c"][i] = i - 2;
        }

        var extension = new VocabularyExtension(Small, Large);
        var extended = extension.Weights(weights, seed: 1);
        Assert.Equal(Large.Size, extended.Shape.VocabularySize);

        // With what the new characters add taken away again, the network says the same.
        int[] x = Small.Encode("bjfdhhbdj"), y = Small.Encode("jfdhhbdjb");
        int[] other = Large.Encode("bjfdhhbdj"), otherY = Large.Encode("jfdhhbdjb");
        foreach (var index in Enumerable.Range(0, Large.Size).Where(index => Small.IndexOf(Large[index]) < 0))
        {
            Assert.Equal(-2, extended["c"][index]);
            Assert.All(extended["V"].AsSpan(index * hidden, hidden).ToArray(), value => Assert.InRange(Math.Abs(value), 1e-7, 0.06));
            extended["c"][index] = -1e9f;
        }

        using var one = Network<float>.Create(shape, 9);
        using var two = Network<float>.Create(extended.Shape, 9);
        one.Load(weights, null);
        two.Load(extended, null);
        Assert.Equal(one.Forward(x, y), two.Forward(other, otherY), 1e-4);
        var slot = extension.Slot(weights);
        Assert.Equal(weights.Tensors.Sum(tensor => tensor.Values.Sum(value => (double)value)), slot.Tensors.Sum(tensor => tensor.Values.Sum(value => (double)value)), 1e-4);
        Assert.Equal(extended.Shape, slot.Shape);
        Assert.Same(weights, new VocabularyExtension(Small, Small).Weights(weights, 1));
        Assert.Same(weights, new VocabularyExtension(Small, Small).Slot(weights));
    }
}
