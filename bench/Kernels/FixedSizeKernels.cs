using CharRnn.Kernels;

namespace CharRnn.Benchmarks.Kernels;

/// <summary>The generated kernels that are measured: one method a shape.</summary>
internal static partial class FixedSizeKernels
{
    [MatVec(4, 4)] internal static partial void MatVec4x4(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(8, 8)] internal static partial void MatVec8x8(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(12, 12)] internal static partial void MatVec12x12(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(16, 16)] internal static partial void MatVec16x16(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(24, 24)] internal static partial void MatVec24x24(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(32, 32)] internal static partial void MatVec32x32(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(64, 64)] internal static partial void MatVec64x64(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(100, 100)] internal static partial void MatVec100x100(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(128, 128)] internal static partial void MatVec128x128(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(256, 256)] internal static partial void MatVec256x256(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(256, 16)] internal static partial void MatVec256x16(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVec(16, 256)] internal static partial void MatVec16x256(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);

    [MatVecTransposed(4, 4)] internal static partial void MatVecTransposed4x4(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(8, 8)] internal static partial void MatVecTransposed8x8(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(12, 12)] internal static partial void MatVecTransposed12x12(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(16, 16)] internal static partial void MatVecTransposed16x16(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(24, 24)] internal static partial void MatVecTransposed24x24(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(32, 32)] internal static partial void MatVecTransposed32x32(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(64, 64)] internal static partial void MatVecTransposed64x64(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(100, 100)] internal static partial void MatVecTransposed100x100(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(128, 128)] internal static partial void MatVecTransposed128x128(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(256, 256)] internal static partial void MatVecTransposed256x256(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(256, 16)] internal static partial void MatVecTransposed256x16(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
    [MatVecTransposed(16, 256)] internal static partial void MatVecTransposed16x256(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);

    [OuterProduct(4, 4)] internal static partial void OuterProduct4x4(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(8, 8)] internal static partial void OuterProduct8x8(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(12, 12)] internal static partial void OuterProduct12x12(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(16, 16)] internal static partial void OuterProduct16x16(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(24, 24)] internal static partial void OuterProduct24x24(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(32, 32)] internal static partial void OuterProduct32x32(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(64, 64)] internal static partial void OuterProduct64x64(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(100, 100)] internal static partial void OuterProduct100x100(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(128, 128)] internal static partial void OuterProduct128x128(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(256, 256)] internal static partial void OuterProduct256x256(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(256, 16)] internal static partial void OuterProduct256x16(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
    [OuterProduct(16, 256)] internal static partial void OuterProduct16x256(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);

    [MatMul(4, 4, 4)] internal static partial void MatMul4x4(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(8, 8, 8)] internal static partial void MatMul8x8(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(12, 12, 12)] internal static partial void MatMul12x12(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(16, 16, 16)] internal static partial void MatMul16x16(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(24, 24, 24)] internal static partial void MatMul24x24(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(32, 32, 32)] internal static partial void MatMul32x32(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(64, 64, 64)] internal static partial void MatMul64x64(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(100, 100, 100)] internal static partial void MatMul100x100(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(128, 128, 128)] internal static partial void MatMul128x128(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(256, 256, 256)] internal static partial void MatMul256x256(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(256, 16, 16)] internal static partial void MatMul256x16(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
    [MatMul(16, 256, 256)] internal static partial void MatMul16x256(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}
