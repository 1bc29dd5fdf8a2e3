using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static CharRnn.Kernels.Interleaving;

namespace CharRnn.Kernels;

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
        var block = Avx.IsSupported ? 32 / sizeof(T) : Vector128.IsHardwareAccelerated ? 16 / sizeof(T) : 1;
        var (wholeRows, wholeColumns) = typeof(T) == typeof(float) || typeof(T) == typeof(double)
            ? (rows / block * block, columns / block * block)
            : (0, 0);

        for (var row = 0; row < wholeRows; row += block)
        {
            for (var column = 0; column < wholeColumns; column += block)
            {
                var from = source + (row * sourceStride) + column;
                var to = target + (column * targetStride) + row;
                if (typeof(T) == typeof(float))
                {
                    Block((float*)from, sourceStride, (float*)to, targetStride);
                }
                else
                {
                    Block((double*)from, sourceStride, (double*)to, targetStride);
                }
            }

            One(source, row, row + block, wholeColumns, columns, sourceStride, target, targetStride);
        }

        // Rows that are left over, in blocks of four where they make one.
        if (typeof(T) == typeof(float) && Vector128.IsHardwareAccelerated && block == 8 && rows - wholeRows >= 4)
        {
            for (var column = 0; column < wholeColumns; column += 4)
            {
                Block4((float*)source + (wholeRows * sourceStride) + column, sourceStride, (float*)target + (column * targetStride) + wholeRows, targetStride);
            }

            One(source, wholeRows, wholeRows + 4, wholeColumns, columns, sourceStride, target, targetStride);
            wholeRows += 4;
        }

        One(source, wholeRows, rows, 0, columns, sourceStride, target, targetStride);
    }

    private static void One<T>(T* source, int firstRow, int lastRow, int firstColumn, int lastColumn, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged
    {
        for (var column = firstColumn; column < lastColumn; column++)
        {
            for (var row = firstRow; row < lastRow; row++)
            {
                target[(column * targetStride) + row] = source[(row * sourceStride) + column];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint s, float* to, nint t)
    {
        if (!Avx.IsSupported)
        {
            Block4(from, s, to, t);
            return;
        }

        // Rows i and i + 4 share a register; then pairs and quadruples of elements are interleaved within its halves.
        var r0 = Vector256.Create(Vector128.Load(from), Vector128.Load(from + (4 * s)));
        var r1 = Vector256.Create(Vector128.Load(from + s), Vector128.Load(from + (5 * s)));
        var r2 = Vector256.Create(Vector128.Load(from + (2 * s)), Vector128.Load(from + (6 * s)));
        var r3 = Vector256.Create(Vector128.Load(from + (3 * s)), Vector128.Load(from + (7 * s)));
        var r4 = Vector256.Create(Vector128.Load(from + 4), Vector128.Load(from + (4 * s) + 4));
        var r5 = Vector256.Create(Vector128.Load(from + s + 4), Vector128.Load(from + (5 * s) + 4));
        var r6 = Vector256.Create(Vector128.Load(from + (2 * s) + 4), Vector128.Load(from + (6 * s) + 4));
        var r7 = Vector256.Create(Vector128.Load(from + (3 * s) + 4), Vector128.Load(from + (7 * s) + 4));
        Quarter(r0, r1, r2, r3, to, t);
        Quarter(r4, r5, r6, r7, to + (4 * t), t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, float* to, nint t)
    {
        var low02 = Avx.UnpackLow(r0, r2);
        var low13 = Avx.UnpackLow(r1, r3);
        var high02 = Avx.UnpackHigh(r0, r2);
        var high13 = Avx.UnpackHigh(r1, r3);
        Vector256.Store(Avx.UnpackLow(low02, low13), to);
        Vector256.Store(Avx.UnpackHigh(low02, low13), to + t);
        Vector256.Store(Avx.UnpackLow(high02, high13), to + (2 * t));
        Vector256.Store(Avx.UnpackHigh(high02, high13), to + (3 * t));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(float* from, nint s, float* to, nint t)
    {
        var low02 = Low(Vector128.Load(from), Vector128.Load(from + (2 * s)));
        var low13 = Low(Vector128.Load(from + s), Vector128.Load(from + (3 * s)));
        var high02 = High(Vector128.Load(from), Vector128.Load(from + (2 * s)));
        var high13 = High(Vector128.Load(from + s), Vector128.Load(from + (3 * s)));
        Vector128.Store(Low(low02, low13), to);
        Vector128.Store(High(low02, low13), to + t);
        Vector128.Store(Low(high02, high13), to + (2 * t));
        Vector128.Store(High(high02, high13), to + (3 * t));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(double* from, nint s, double* to, nint t)
    {
        if (!Avx.IsSupported)
        {
            var (a, b) = (Vector128.Load(from), Vector128.Load(from + s));
            Vector128.Store(Low(a, b), to);
            Vector128.Store(High(a, b), to + t);
            return;
        }

        var r0 = Vector256.Create(Vector128.Load(from), Vector128.Load(from + (2 * s)));
        var r1 = Vector256.Create(Vector128.Load(from + s), Vector128.Load(from + (3 * s)));
        var r2 = Vector256.Create(Vector128.Load(from + 2), Vector128.Load(from + (2 * s) + 2));
        var r3 = Vector256.Create(Vector128.Load(from + s + 2), Vector128.Load(from + (3 * s) + 2));
        Vector256.Store(Avx.UnpackLow(r0, r1), to);
        Vector256.Store(Avx.UnpackHigh(r0, r1), to + t);
        Vector256.Store(Avx.UnpackLow(r2, r3), to + (2 * t));
        Vector256.Store(Avx.UnpackHigh(r2, r3), to + (3 * t));
    }
}
