using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Runs;

namespace CharRnn.Rnn.Gradients;

/// <summary>(loss(theta + h) - loss(theta - h)) / 2h for every coordinate theta, by the cell's equations run forward.</summary>
public static class CentredDifferences
{
    /// <summary>The differences of every coordinate of every parameter, of the chunk's loss, its sum or its mean.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="step">h, the distance to each side.</param>
    /// <param name="progress">Is told of every block of coordinates that is done.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static ReferenceParameters<double> Compute(GradientCase of, double step, WorkProgress? progress = null)
    {
        var result = new ReferenceParameters<double>(of.Shape);
        Run(of, step, Coordinates.All(of), [.. result.Tensors.Select(tensor => tensor.Values)], progress);
        return result;
    }

    /// <summary>The differences of blocks.</summary>
    internal static void Run(GradientCase of, double step, IReadOnlyList<DirectionBlock> blocks, IReadOnlyList<double[]> into, WorkProgress? progress) =>
        Coordinates.Run(blocks, () => Network(of, step), into, of.LossScale, progress);

    /// <summary>The differences of every n-th coordinate of the first parameter alone, for a sweep over step sizes.</summary>
    /// <returns>As the parameter; what was left out is zero.</returns>
    internal static double[] SampleOfFirst(GradientCase of, double step, int every)
    {
        var result = new double[of.Weights.Tensors[0].Values.Length];
        var blocks = Coordinates.Of(of, 0, Enumerable.Range(0, result.Length).Where(i => i % every == 0)).ToArray();
        Coordinates.Run(blocks, () => Network(of, step), [result], of.LossScale, progress: null);
        return result;
    }

    /// <summary>The forward pass of a chunk, raised and lowered.</summary>
    internal static DirectionalNetwork Network(GradientCase of, double step) =>
        new DifferenceNetwork(of.Weights, of.InitialHidden, of.X, of.Y, step, of.Dropout);
}
