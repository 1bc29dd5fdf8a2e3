using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Gradients;

/// <summary>The exact oracle: the reference's forward pass alone, run over dual numbers. It knows nothing of backpropagation.</summary>
public static class DualGradients
{
    /// <summary>The derivative of the loss in every coordinate of W, U, V, b and c.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="progress">Is told of every block of coordinates that is done; see <see cref="Blocks"/>.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static ReferenceParameters<double> Compute(GradientCase of, WorkProgress? progress = null)
    {
        var gradients = new ReferenceParameters<double>(of.Shape);
        var blocks = BlocksOf(of, gradients);
        Parallel.For(
            0,
            blocks.Count,
            () => Variable(of),
            (block, _, network) =>
            {
                Fill(network, blocks[block].Into, blocks[block].Indices, of);
                progress?.Advance();
                return network;
            },
            _ => { });
        return gradients;
    }

    /// <summary>How many blocks <see cref="Compute"/> tells of.</summary>
    internal static long Blocks(GradientCase of) => BlocksOf(of, of.Weights).Count;

    private static List<(NamedTensor<double> Into, int[] Indices)> BlocksOf(GradientCase of, ReferenceParameters<double> gradients)
    {
        var blocks = new List<(NamedTensor<double> Into, int[] Indices)>();
        foreach (var tensor in gradients.Tensors)
        {
            // The loss does not read the columns of U whose characters do not occur: their derivatives are zero as they stand.
            var coordinates = Enumerable.Range(0, tensor.Values.Length);
            if (tensor.Name == "U")
            {
                var occurs = of.X.ToHashSet();
                coordinates = coordinates.Where(i => occurs.Contains(i % of.Shape.VocabularySize));
            }

            blocks.AddRange(coordinates.Chunk(Dual.Count).Select(indices => (tensor, indices)));
        }

        return blocks;
    }

    private static ReferenceNetwork<Dual> Variable(GradientCase of)
    {
        var network = new ReferenceNetwork<Dual>(of.Weights.Convert<Dual>());
        network.SetHidden(Array.ConvertAll(of.InitialHidden, value => new Dual(value)));
        network.ForwardHidden(of.X);
        return network;
    }

    private static void Fill(ReferenceNetwork<Dual> network, NamedTensor<double> into, int[] indices, GradientCase of)
    {
        var weights = network.Weights[into.Name];
        for (var i = 0; i < indices.Length; i++)
        {
            weights[indices[i]] = Dual.Variable(weights[indices[i]].Value, i);
        }

        // V and c come after the states, which stay constants.
        var beforeStates = into.Name is "W" or "U" or "b";
        if (beforeStates)
        {
            network.ForwardHidden(of.X);
        }

        var loss = network.ForwardLogits(of.Y);
        for (var i = 0; i < indices.Length; i++)
        {
            into.Values[indices[i]] = loss.Derivative(i);
            weights[indices[i]] = new Dual(weights[indices[i]].Value);
        }

        if (beforeStates)
        {
            foreach (var row in network.h)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = new Dual(row[i].Value);
                }
            }
        }
    }
}
