namespace CharRnn.Kernels.Tests.FixedSize;

/// <summary>Kernels as a user declares them, built by the generator in the ordinary way.</summary>
internal static partial class UserKernels
{
    public const int Rows = 7;

    [MatVec(Rows, 2 * Rows)]
    public static partial void Apply(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);

    [MatVec(Rows, 2 * Rows)]
    public static partial void Apply(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);

    [MatVecTransposed(Rows, 2 * Rows, Accumulate = true)]
    public static unsafe partial void AddTransposed(float* matrix, float* vector, float* result);

    [OuterProduct(Rows, 2 * Rows, Accumulate = true)]
    public static partial void AddOuter(Span<float> x, ReadOnlySpan<float> y, Span<float> matrix, float rate);

    [MatMul(Rows, 3, Rows, TransposeLeft = true, TransposeRight = true)]
    public static partial void Turned(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    /// <summary>Blocks of 3 x 4 and 4 x 2 of a matrix of ten columns, to one of 3 x 2.</summary>
    [MatMul(3, 4, 2, LeftRowStride = 10, RightRowStride = 10, ResultRowStride = 10)]
    public static partial void MultiplyBlocks(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatVec(3, 4, RowStride = 10)]
    public static partial void ApplyBlock(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);
}
