using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Gradients;

/// <summary>One chunk to take gradients of: everything that its loss depends on, in double precision.</summary>
/// <param name="Weights">The parameters.</param>
/// <param name="InitialHidden">The states before the chunk, [layers, states of the cell, m]; of one vanilla layer h_0. Pinned, the same for every gradient that is compared.</param>
/// <param name="X">T indices of the characters read, each below K.</param>
/// <param name="Y">T indices of the characters to predict.</param>
public sealed record GradientCase(ReferenceParameters<double> Weights, double[] InitialHidden, int[] X, int[] Y)
{
    /// <summary>Dropout: what the output of a layer is multiplied with, by layer, time step and unit, each from 0. Null for none.</summary>
    public Func<int, int, int, double>? Dropout { get; init; }

    /// <summary>Whether the loss and its gradients are the mean over the chunk; the sum unless it is said.</summary>
    public bool IsMean { get; init; }

    /// <summary>What the derivatives of the sum are multiplied with to be those of the loss.</summary>
    internal double LossScale => IsMean ? 1.0 / SequenceLength : 1;

    /// <summary>The cell and its sizes.</summary>
    public NetworkShape Shape => Weights.Shape;

    /// <summary>T.</summary>
    public int SequenceLength => X.Length;

    /// <summary>
    /// The first two batches of a training run: h_0 zero and weights as drawn; then the next characters, h_0 carried and the
    /// weights after the first update. Characters follow a skewed distribution, so that some repeat and
    /// others do not occur, as in a text.
    /// </summary>
    /// <param name="shape">m and K.</param>
    /// <param name="sequenceLength">T.</param>
    /// <param name="seed">The same seed gives the same batches everywhere: its weights are those that a run with this seed begins with.</param>
    /// <param name="characters">At least 2 T + 1 indices of a text's first characters, to take those instead.</param>
    /// <param name="settings">The rule of the update, what the loss is and how matrices are drawn; null for those of the textbooks (AdaGrad, eta 0.1, clip 5).</param>
    public static (GradientCase First, GradientCase Second) FirstBatches(NetworkShape shape, int sequenceLength, ulong seed, int[]? characters = null, RunConfiguration? settings = null)
    {
        var text = characters is null ? SkewedText((2 * sequenceLength) + 1, shape.VocabularySize, new RandomStream(~seed)) : characters[..((2 * sequenceLength) + 1)];
        var weights = NetworkWeights<double>.Random(shape, seed, settings?.WeightStart ?? WeightStart.Small);
        var network = new ReferenceNetwork<double>(ReferenceParameters<double>.From(weights)) { IsMean = settings?.MeanLoss ?? false };
        var first = new GradientCase(network.Weights.Clone(), new double[shape.StateSize], text[..sequenceLength], text[1..(sequenceLength + 1)]) { IsMean = network.IsMean };
        network.Forward(first.X, first.Y);
        network.Backward();
        if (settings?.Optimizer == "adam")
        {
            network.UpdateAdam(settings.Eta, settings.Beta1, settings.Beta2, settings.Epsilon);
        }
        else
        {
            network.Update(settings?.Eta ?? 0.1, settings?.Clip ?? 5);
        }

        network.CarryHidden();
        return (first, first with { Weights = network.Weights, InitialHidden = [.. network.InitialState], X = text[sequenceLength..(2 * sequenceLength)], Y = text[(sequenceLength + 1)..] });
    }

    /// <summary>A case with every part random: weights from N(0, scale^2), biases too, and states in (-1, 1).</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="sequenceLength">T.</param>
    /// <param name="scale">The standard deviation of the weights.</param>
    /// <param name="seed">The same seed gives the same case everywhere.</param>
    public static GradientCase Random(NetworkShape shape, int sequenceLength, double scale, ulong seed)
    {
        var random = new RandomStream(seed);
        var weights = new ReferenceParameters<double>(shape);
        foreach (var tensor in weights.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = scale * random.NextNormal();
            }
        }

        var hidden = new double[shape.StateSize];
        for (var i = 0; i < hidden.Length; i++)
        {
            hidden[i] = Math.Tanh(random.NextNormal());
        }

        var text = SkewedText(sequenceLength + 1, shape.VocabularySize, random);
        return new(weights, hidden, text[..^1], text[1..]);
    }

    /// <summary>A reference network that has run this case forward.</summary>
    public ReferenceNetwork<double> Forward()
    {
        var network = new ReferenceNetwork<double>(Weights.Clone()) { Dropout = Dropout, IsMean = IsMean };
        network.SetHidden(InitialHidden);
        network.Forward(X, Y);
        return network;
    }

    /// <summary>A reference network that has run this case forward and backward: the truth.</summary>
    public ReferenceNetwork<double> Solve()
    {
        var network = Forward();
        network.Backward();
        return network;
    }

    /// <summary>What vanilla's tanh is taken of, [T] rows of m: a_t = W h_{t-1} + U x_t + b.</summary>
    internal double[][] Arguments(ReferenceNetwork<double> forward)
    {
        var (m, k) = (Shape.HiddenSize, Shape.VocabularySize);
        var rows = new double[SequenceLength][];
        for (var t = 0; t < rows.Length; t++)
        {
            rows[t] = new double[m];
            for (var i = 0; i < m; i++)
            {
                rows[t][i] = Weights.U[(i * k) + X[t]] + Weights.b[i];
                for (var j = 0; j < m; j++)
                {
                    rows[t][i] += Weights.W[(i * m) + j] * forward.h[t][j];
                }
            }
        }

        return rows;
    }

    private static int[] SkewedText(int length, int vocabularySize, RandomStream random)
    {
        var text = new int[length];
        for (var i = 0; i < length; i++)
        {
            var u = random.NextUnit();
            text[i] = (int)(u * u * vocabularySize);
        }

        return text;
    }
}
