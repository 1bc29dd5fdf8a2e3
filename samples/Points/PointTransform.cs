using CharRnn.Kernels;

namespace Points;

/// <summary>A batch of points through a 3 x 3 matrix.</summary>
internal static partial class PointTransform
{
    public const int Count = 1000;

    /// <summary>Each row of the result is the row of the points times the matrix, plus the translation.</summary>
    /// <param name="left">[Count] points, x y z.</param>
    /// <param name="right">The matrix, transposed: its columns one after another.</param>
    /// <param name="bias">The translation.</param>
    /// <param name="result">[Count] points.</param>
    [MatMul(Count, 3, 3, Bias = true)]
    public static partial void Apply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, ReadOnlySpan<float> bias, Span<float> result);
}
