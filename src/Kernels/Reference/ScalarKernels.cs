using System.Numerics;

namespace CharRnn.Kernels.Reference;

/// <summary>
/// What every generated kernel is tested against: each operation once, in plain loops, over any number type. Nothing here
/// is fast, and nothing here is clever. Matrices are row-major and without padding.
/// </summary>
/// <remarks>
/// Sums run over the index from low to high in the number type itself. Over an exact type, or over floats that hold integers
/// so small that every partial sum is exact, any other order of summation gives the same bits.
/// </remarks>
public static class ScalarKernels
{
    /// <summary>result = A x, or result += A x: the sum over j of A[i, j] x[j].</summary>
    /// <param name="rows">Rows of A, and elements of the result.</param>
    /// <param name="columns">Columns of A, and elements of x.</param>
    /// <param name="matrix">A, rows x columns.</param>
    /// <param name="vector">x, columns elements.</param>
    /// <param name="result">rows elements.</param>
    /// <param name="accumulate">Adds to the result instead of overwriting it.</param>
    /// <param name="scale">Multiplies the product; one when absent.</param>
    /// <exception cref="ArgumentException">A span is not as long as its shape.</exception>
    public static void MatVec<T>(
        int rows, int columns, ReadOnlySpan<T> matrix, ReadOnlySpan<T> vector, Span<T> result, bool accumulate = false, T? scale = null)
        where T : struct, INumberBase<T> =>
        MatMul(rows, columns, 1, matrix, vector, result, accumulate: accumulate, scale: scale);

    /// <summary>result = A' x, or result += A' x: the sum over i of A[i, j] x[i].</summary>
    /// <param name="rows">Rows of A, and elements of x.</param>
    /// <param name="columns">Columns of A, and elements of the result.</param>
    /// <param name="matrix">A, rows x columns.</param>
    /// <param name="vector">x, rows elements.</param>
    /// <param name="result">columns elements.</param>
    /// <param name="accumulate">Adds to the result instead of overwriting it.</param>
    /// <param name="scale">Multiplies the product; one when absent.</param>
    /// <exception cref="ArgumentException">A span is not as long as its shape.</exception>
    public static void MatVecTransposed<T>(
        int rows, int columns, ReadOnlySpan<T> matrix, ReadOnlySpan<T> vector, Span<T> result, bool accumulate = false, T? scale = null)
        where T : struct, INumberBase<T> =>
        MatMul(columns, rows, 1, matrix, vector, result, transposeLeft: true, accumulate: accumulate, scale: scale);

    /// <summary>A = x y', or A += x y': A[i, j] is x[i] y[j].</summary>
    /// <param name="rows">Elements of x, and rows of A.</param>
    /// <param name="columns">Elements of y, and columns of A.</param>
    /// <param name="x">rows elements.</param>
    /// <param name="y">columns elements.</param>
    /// <param name="matrix">A, rows x columns.</param>
    /// <param name="accumulate">Adds to the matrix instead of overwriting it.</param>
    /// <param name="scale">Multiplies the product; one when absent.</param>
    /// <exception cref="ArgumentException">A span is not as long as its shape.</exception>
    public static void OuterProduct<T>(
        int rows, int columns, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> matrix, bool accumulate = false, T? scale = null)
        where T : struct, INumberBase<T> =>
        MatMul(rows, 1, columns, x, y, matrix, accumulate: accumulate, scale: scale);

    /// <summary>result = L R, or result += L R: the sum over k of L[i, k] R[k, j].</summary>
    /// <param name="rows">Rows of L and of the result.</param>
    /// <param name="inner">Columns of L and rows of R: the length of each sum.</param>
    /// <param name="columns">Columns of R and of the result.</param>
    /// <param name="left">L, rows x inner; stored as its transpose, inner x rows, with <paramref name="transposeLeft"/>.</param>
    /// <param name="right">R, inner x columns; stored as its transpose, columns x inner, with <paramref name="transposeRight"/>.</param>
    /// <param name="result">rows x columns.</param>
    /// <param name="transposeLeft">The left side is stored transposed.</param>
    /// <param name="transposeRight">The right side is stored transposed.</param>
    /// <param name="accumulate">Adds to the result instead of overwriting it.</param>
    /// <param name="scale">Multiplies the product; one when absent.</param>
    /// <exception cref="ArgumentException">A span is not as long as its shape.</exception>
    public static void MatMul<T>(
        int rows, int inner, int columns, ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> result,
        bool transposeLeft = false, bool transposeRight = false, bool accumulate = false, T? scale = null)
        where T : struct, INumberBase<T>
    {
        RequireLength(left.Length, rows, inner, nameof(left));
        RequireLength(right.Length, inner, columns, nameof(right));
        RequireLength(result.Length, rows, columns, nameof(result));
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var sum = T.Zero;
                for (var k = 0; k < inner; k++)
                {
                    var l = transposeLeft ? left[(k * rows) + i] : left[(i * inner) + k];
                    var r = transposeRight ? right[(j * inner) + k] : right[(k * columns) + j];
                    sum += l * r;
                }

                var product = scale is { } factor ? factor * sum : sum;
                result[(i * columns) + j] = accumulate ? result[(i * columns) + j] + product : product;
            }
        }
    }

    private static void RequireLength(int length, int rows, int columns, string name)
    {
        if (length != (long)rows * columns)
        {
            throw new ArgumentException($"{rows} x {columns} elements are needed; there are {length}.", name);
        }
    }
}
