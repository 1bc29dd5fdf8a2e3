using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Gradients;

/// <summary>The exact oracle: the cell's equations, run forward over dual numbers. It knows nothing of backpropagation.</summary>
public static class DualGradients
{
    /// <summary>The derivative of the chunk's loss, its sum or its mean, in every coordinate of every parameter.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="progress">Is told of every block of coordinates that is done; see <see cref="Blocks"/>.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static ReferenceParameters<double> Compute(GradientCase of, WorkProgress? progress = null)
    {
        var gradients = new ReferenceParameters<double>(of.Shape);
        Coordinates.Run(Coordinates.All(of), () => Network(of), [.. gradients.Tensors.Select(tensor => tensor.Values)], of.LossScale, progress);
        return gradients;
    }

    /// <summary>How many blocks <see cref="Compute"/> tells of.</summary>
    internal static long Blocks(GradientCase of) => Coordinates.All(of).Count;

    /// <summary>The forward pass of a chunk over dual numbers.</summary>
    internal static DirectionalNetwork Network(GradientCase of) => new DualNetwork(of.Weights, of.InitialHidden, of.X, of.Y, of.Dropout);
}
