using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Explain;

/// <summary>Networks whose behaviour is known because their weights were set one by one.</summary>
internal static class HandMade
{
    /// <summary>A text of two characters at random: what comes next can only be known by remembering.</summary>
    public static EncodedText RandomText(int length, ulong seed = 3)
    {
        var random = new RandomStream(seed);
        return EncodedText.FromString(new string([.. Enumerable.Range(0, length).Select(_ => random.NextUnit() < 0.5 ? 'a' : 'b')]));
    }

    /// <summary>A text in which each character is the one that stood <paramref name="lag"/> before, nine times of ten.</summary>
    public static EncodedText EchoText(int length, int lag)
    {
        var random = new RandomStream(5);
        var text = new char[length];
        for (var t = 0; t < length; t++)
        {
            text[t] = t < lag || random.NextUnit() < 0.1 ? (random.NextUnit() < 0.5 ? 'a' : 'b') : text[t - lag];
        }

        return EncodedText.FromString(new string(text));
    }

    /// <summary>Unit i holds, nearly as 1 or -1, the character that was read i characters ago; the last unit is what the next character is told by.</summary>
    public static NetworkWeights<double> ShiftRegister(int units)
    {
        var weights = new NetworkWeights<double>(new NetworkShape(units, 2));
        (weights.Vanilla.U[0], weights.Vanilla.U[1]) = (-2.2, 2.2);
        for (var i = 1; i < units; i++)
        {
            weights.Vanilla.W[(i * units) + i - 1] = 2.2;
        }

        (weights.Vanilla.V[units - 1], weights.Vanilla.V[(2 * units) - 1]) = (-1.1, 1.1);
        return weights;
    }

    /// <summary>The file of a network.</summary>
    public static ModelFile Model(EncodedText text, NetworkWeights<double> weights, double[]? hidden = null) =>
        ModelFile.From(ModelFile.Create(text.Vocabulary, weights, null, hidden ?? new double[weights.Shape.HiddenSize], [new("step", "7")]));
}
