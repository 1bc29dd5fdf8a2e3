using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Gradients;

/// <summary>The exact oracle: the cell's equations, run forward over dual numbers. It knows nothing of backpropagation.</summary>
public static class DualGradients
{
    /// <summary>The derivative of the chunk's loss, its sum or its mean, in every coordinate of every parameter.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="progress">Is told of every block of coordinates that is done.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static ReferenceParameters<double> Compute(GradientCase of, WorkProgress? progress = null)
    {
        var gradients = new ReferenceParameters<double>(of.Shape);
        Run(of, Coordinates.All(of), [.. gradients.Tensors.Select(tensor => tensor.Values)], progress);
        return gradients;
    }

    /// <summary>The derivatives of blocks.</summary>
    internal static void Run(GradientCase of, IReadOnlyList<DirectionBlock> blocks, IReadOnlyList<double[]> into, WorkProgress? progress)
    {
        var first = Network(of);
        Coordinates.Run(blocks, () => new DualNetwork(of.Weights, of.InitialHidden, of.X, of.Y, of.Dropout, first), into, of.LossScale, progress);
    }

    /// <summary>The forward pass of a chunk over dual numbers.</summary>
    internal static DualNetwork Network(GradientCase of) => new DualNetwork(of.Weights, of.InitialHidden, of.X, of.Y, of.Dropout);
}
