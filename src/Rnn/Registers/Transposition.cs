using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static CharRnn.Kernels.Interleaving;

namespace CharRnn.Rnn.Registers;

/// <summary>Copies a matrix to its transpose, in square blocks that are turned in registers.</summary>
public static unsafe class Transposition
{
    /// <summary>target[c, r] = source[r, c].</summary>
    /// <typeparam name="T">The element type; float and double in blocks of registers, others one by one.</typeparam>
    /// <param name="source">[rows] rows of <paramref name="columns"/>, row-major.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="sourceStride">Elements from one source row to the next.</param>
    /// <param name="target">[columns] rows of <paramref name="rows"/>; elements past those are not written.</param>
    /// <param name="targetStride">Elements from one target row to the next.</param>
    public static void Copy<T>(T* source, int rows, int columns, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
    {
        // Bands of as many rows as a register has lanes, then of half as many, so that target rows are stored whole.
        var row = 0;
        if (typeof(T) == typeof(float))
        {
            for (; Avx512F.IsSupported && row + 16 <= rows; row += 16)
            {
                Band16((float*)source + (row * sourceStride), columns, sourceStride, (float*)target + row, targetStride);
            }

            for (; Avx.IsSupported && row + 8 <= rows; row += 8)
            {
                Band8((float*)source + (row * sourceStride), columns, sourceStride, (float*)target + row, targetStride);
            }

            for (; Vector128.IsHardwareAccelerated && row + 4 <= rows; row += 4)
            {
                Band4((float*)source + (row * sourceStride), columns, sourceStride, (float*)target + row, targetStride);
            }
        }
        else if (typeof(T) == typeof(double))
        {
            for (; Avx512F.IsSupported && row + 8 <= rows; row += 8)
            {
                Band8((double*)source + (row * sourceStride), columns, sourceStride, (double*)target + row, targetStride);
            }

            for (; Avx.IsSupported && row + 4 <= rows; row += 4)
            {
                Band4((double*)source + (row * sourceStride), columns, sourceStride, (double*)target + row, targetStride);
            }

            for (; Vector128.IsHardwareAccelerated && row + 2 <= rows; row += 2)
            {
                Band2((double*)source + (row * sourceStride), columns, sourceStride, (double*)target + row, targetStride);
            }
        }

        One(source + (row * sourceStride), rows - row, 0, columns, sourceStride, target + row, targetStride);
    }

    private static void One<T>(T* from, int rows, int firstColumn, int lastColumn, nint s, T* to, nint t)
        where T : unmanaged
    {
        for (var column = firstColumn; column < lastColumn; column++)
        {
            for (var row = 0; row < rows; row++)
            {
                to[(column * t) + row] = from[(row * s) + column];
            }
        }
    }

    // Four columns at a time: rows i, i + 4, i + 8 and i + 12 share a register, a lane of 128 bits each; then four
    // registers are transposed lane by lane.
    private static void Band16(float* from, int columns, nint s, float* to, nint t)
    {
        var column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            var r0 = Rows4(from + column, 4 * s);
            var r1 = Rows4(from + column + s, 4 * s);
            var r2 = Rows4(from + column + (2 * s), 4 * s);
            var r3 = Rows4(from + column + (3 * s), 4 * s);
            var low02 = Avx512F.UnpackLow(r0, r2);
            var low13 = Avx512F.UnpackLow(r1, r3);
            var high02 = Avx512F.UnpackHigh(r0, r2);
            var high13 = Avx512F.UnpackHigh(r1, r3);
            var target = to + (column * t);
            Vector512.Store(Avx512F.UnpackLow(low02, low13), target);
            Vector512.Store(Avx512F.UnpackHigh(low02, low13), target + t);
            Vector512.Store(Avx512F.UnpackLow(high02, high13), target + (2 * t));
            Vector512.Store(Avx512F.UnpackHigh(high02, high13), target + (3 * t));
        }

        One(from, 16, column, columns, s, to, t);
    }

    private static void Band8(float* from, int columns, nint s, float* to, nint t)
    {
        var column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            var r0 = Rows2(from + column, 4 * s);
            var r1 = Rows2(from + column + s, 4 * s);
            var r2 = Rows2(from + column + (2 * s), 4 * s);
            var r3 = Rows2(from + column + (3 * s), 4 * s);
            var low02 = Avx.UnpackLow(r0, r2);
            var low13 = Avx.UnpackLow(r1, r3);
            var high02 = Avx.UnpackHigh(r0, r2);
            var high13 = Avx.UnpackHigh(r1, r3);
            var target = to + (column * t);
            Vector256.Store(Avx.UnpackLow(low02, low13), target);
            Vector256.Store(Avx.UnpackHigh(low02, low13), target + t);
            Vector256.Store(Avx.UnpackLow(high02, high13), target + (2 * t));
            Vector256.Store(Avx.UnpackHigh(high02, high13), target + (3 * t));
        }

        One(from, 8, column, columns, s, to, t);
    }

    private static void Band4(float* from, int columns, nint s, float* to, nint t)
    {
        var column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            var (r0, r1) = (Vector128.Load(from + column), Vector128.Load(from + column + s));
            var (r2, r3) = (Vector128.Load(from + column + (2 * s)), Vector128.Load(from + column + (3 * s)));
            var (low02, low13, high02, high13) = (Low(r0, r2), Low(r1, r3), High(r0, r2), High(r1, r3));
            var target = to + (column * t);
            Vector128.Store(Low(low02, low13), target);
            Vector128.Store(High(low02, low13), target + t);
            Vector128.Store(Low(high02, high13), target + (2 * t));
            Vector128.Store(High(high02, high13), target + (3 * t));
        }

        One(from, 4, column, columns, s, to, t);
    }

    private static void Band8(double* from, int columns, nint s, double* to, nint t)
    {
        var column = 0;
        for (; column + 2 <= columns; column += 2)
        {
            var r0 = Rows4(from + column, 2 * s);
            var r1 = Rows4(from + column + s, 2 * s);
            Vector512.Store(Avx512F.UnpackLow(r0, r1), to + (column * t));
            Vector512.Store(Avx512F.UnpackHigh(r0, r1), to + (column * t) + t);
        }

        One(from, 8, column, columns, s, to, t);
    }

    private static void Band4(double* from, int columns, nint s, double* to, nint t)
    {
        var column = 0;
        for (; column + 2 <= columns; column += 2)
        {
            var r0 = Rows2(from + column, 2 * s);
            var r1 = Rows2(from + column + s, 2 * s);
            Vector256.Store(Avx.UnpackLow(r0, r1), to + (column * t));
            Vector256.Store(Avx.UnpackHigh(r0, r1), to + (column * t) + t);
        }

        One(from, 4, column, columns, s, to, t);
    }

    private static void Band2(double* from, int columns, nint s, double* to, nint t)
    {
        var column = 0;
        for (; column + 2 <= columns; column += 2)
        {
            var (r0, r1) = (Vector128.Load(from + column), Vector128.Load(from + column + s));
            Vector128.Store(Low(r0, r1), to + (column * t));
            Vector128.Store(High(r0, r1), to + (column * t) + t);
        }

        One(from, 2, column, columns, s, to, t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Rows2<T>(T* from, nint s)
        where T : unmanaged => Vector256.Create(Vector128.Load(from), Vector128.Load(from + s));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Rows4<T>(T* from, nint s)
        where T : unmanaged => Vector512.Create(Rows2(from, s), Rows2(from + (2 * s), s));
}
