using CharRnn.Kernels;

namespace CharRnn.Small;

/// <summary>The smallest kernels, where a call costs as much as what it does.</summary>
internal static partial class SmallKernels
{
    [MatVec(4, 4)] internal static partial void MatVec4x4(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(6, 6)] internal static partial void MatVec6x6(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(8, 8)] internal static partial void MatVec8x8(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(4, 4)] internal static partial void MatVecTransposed4x4(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [OuterProduct(4, 4)] internal static partial void OuterProduct4x4(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [MatMul(3, 3, 3)] internal static partial void MatMul3x3(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(4, 4, 4)] internal static partial void MatMul4x4(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(6, 6, 6)] internal static partial void MatMul6x6(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(8, 8, 8)] internal static partial void MatMul8x8(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(1000, 3, 3)] internal static partial void MatMul1000x3(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}
