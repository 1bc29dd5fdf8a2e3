using System.Numerics;
using System.Runtime.InteropServices;
using CharRnn.Kernels;

namespace CharRnn.Small;

/// <summary>A product under a type of its own, so that a loop is compiled for it and calls it directly: a delegate would cost more than the smallest kernels do.</summary>
internal interface IProduct
{
    static abstract void Run(ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> result);
}

/// <summary>A loop of direct calls.</summary>
internal static class Loop
{
    /// <summary>As many calls of a product as the loop is told, on the same arrays.</summary>
    public static Action<int> Of<TProduct>(float[] first, float[] second, float[] result)
        where TProduct : struct, IProduct => calls =>
        {
            var (a, b, c) = (first, second, result);
            for (var i = 0; i < calls; i++)
            {
                TProduct.Run(a, b, c);
            }
        };
}

internal readonly partial struct MatVec4x4 : IProduct
{
    [MatVec(4, 4)] public static partial void Run(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
}

internal readonly partial struct MatVec6x6 : IProduct
{
    [MatVec(6, 6)] public static partial void Run(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
}

internal readonly partial struct MatVec8x8 : IProduct
{
    [MatVec(8, 8)] public static partial void Run(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
}

internal readonly partial struct MatVecTransposed4x4 : IProduct
{
    [MatVecTransposed(4, 4)] public static partial void Run(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result);
}

internal readonly partial struct OuterProduct4x4 : IProduct
{
    [OuterProduct(4, 4)] public static partial void Run(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> matrix);
}

internal readonly partial struct MatMul3x3 : IProduct
{
    [MatMul(3, 3, 3)] public static partial void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}

internal readonly partial struct MatMul4x4 : IProduct
{
    [MatMul(4, 4, 4)] public static partial void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}

internal readonly partial struct MatMul6x6 : IProduct
{
    [MatMul(6, 6, 6)] public static partial void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}

internal readonly partial struct MatMul8x8 : IProduct
{
    [MatMul(8, 8, 8)] public static partial void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}

internal readonly partial struct MatMul1000x3 : IProduct
{
    [MatMul(1000, 3, 3)] public static partial void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result);
}

/// <summary>Vector4.Transform takes the vector as a row: x' M.</summary>
internal readonly struct TransformByNumerics : IProduct
{
    public static void Run(ReadOnlySpan<float> matrix, ReadOnlySpan<float> vector, Span<float> result) =>
        MemoryMarshal.Cast<float, Vector4>(result)[0] = Vector4.Transform(MemoryMarshal.Cast<float, Vector4>(vector)[0], MemoryMarshal.Cast<float, Matrix4x4>(matrix)[0]);
}

internal readonly struct MultiplyByNumerics : IProduct
{
    public static void Run(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result) =>
        MemoryMarshal.Cast<float, Matrix4x4>(result)[0] = MemoryMarshal.Cast<float, Matrix4x4>(left)[0] * MemoryMarshal.Cast<float, Matrix4x4>(right)[0];
}
