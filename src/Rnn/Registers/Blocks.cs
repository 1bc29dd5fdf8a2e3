using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static CharRnn.Kernels.Interleaving;

namespace CharRnn.Rnn.Registers;

/// <summary>
/// Registers as small blocks of a matrix: each lane of 128 bits is a row of C columns (4 float, 2 double), a register has
/// R rows (its number of lanes). Then one layout of a matrix serves both of its mat-vecs: for M x the C elements of x are
/// repeated in every lane, for M' y each of R elements of y is spread over its lane; and what is left to sum at the end
/// takes few shuffles.
/// </summary>
public static unsafe class Blocks
{
    /// <summary>Four elements, in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Repeat512(float* columns) => Avx512F.BroadcastVector128ToVector512(columns);

    /// <summary>Two elements, in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Repeat512(double* columns) => Repeat512((float*)columns).AsDouble();

    /// <summary>Four elements, in both lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Repeat256(float* columns) => Avx.BroadcastVector128ToVector256(columns);

    /// <summary>Two elements, in both lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Repeat256(double* columns) => Avx.BroadcastVector128ToVector256(columns);

    /// <summary>Four elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Repeat128(float* columns) => Vector128.Load(columns);

    /// <summary>Two elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Repeat128(double* columns) => Vector128.Load(columns);

    /// <summary>Four elements, each filling its lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Spread512(float* rows) =>
        Avx512F.PermuteVar4x32(Repeat512(rows), Vector512.Create(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));

    /// <summary>Four elements, each filling its lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Spread512(double* rows) =>
        Avx512F.PermuteVar8x64(Vector256.Load(rows).ToVector512Unsafe(), Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3));

    /// <summary>Two elements, each filling its lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Spread256(float* rows) =>
        Avx.PermuteVar(Avx.BroadcastScalarToVector256((double*)rows).AsSingle(), Vector256.Create(0, 0, 0, 0, 1, 1, 1, 1));

    /// <summary>Two elements, each filling its lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Spread256(double* rows) => Avx2.Permute4x64(Repeat256(rows), 0b01_01_00_00);

    /// <summary>One element, filling the register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Spread128(float* rows) => Vector128.Create(*rows);

    /// <summary>One element, filling the register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Spread128(double* rows) => Vector128.Create(*rows);

    /// <summary>The sums of sixteen rows: element 4 k + q is the sum of lane q of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> RowSums(Vector512<float> r0, Vector512<float> r1, Vector512<float> r2, Vector512<float> r3)
    {
        var s01 = Avx512F.UnpackLow(r0, r1) + Avx512F.UnpackHigh(r0, r1);
        var s23 = Avx512F.UnpackLow(r2, r3) + Avx512F.UnpackHigh(r2, r3);
        var sums = Avx512F.Shuffle(s01, s23, 0b01_00_01_00) + Avx512F.Shuffle(s01, s23, 0b11_10_11_10);
        return Avx512F.PermuteVar16x32(sums, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    }

    /// <summary>The sums of eight rows: element 2 k + q is the sum of lane q of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> RowSums(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3)
    {
        var s01 = Avx.UnpackLow(r0, r1) + Avx.UnpackHigh(r0, r1);
        var s23 = Avx.UnpackLow(r2, r3) + Avx.UnpackHigh(r2, r3);
        var sums = Avx.Shuffle(s01, s23, 0b01_00_01_00) + Avx.Shuffle(s01, s23, 0b11_10_11_10);
        return Avx2.PermuteVar8x32(sums, Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7));
    }

    /// <summary>The sums of four rows: element k is the sum of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RowSums(Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3) =>
        CharRnn.Kernels.RowSums.Of(r0, r1, r2, r3);

    /// <summary>The sums of eight rows: element 4 k + q is the sum of lane q of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> RowSums(Vector512<double> r0, Vector512<double> r1) =>
        Avx512F.PermuteVar8x64(Avx512F.UnpackLow(r0, r1) + Avx512F.UnpackHigh(r0, r1), Vector512.Create(0L, 2, 4, 6, 1, 3, 5, 7));

    /// <summary>The sums of four rows: element 2 k + q is the sum of lane q of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> RowSums(Vector256<double> r0, Vector256<double> r1) =>
        Avx2.Permute4x64(Avx.UnpackLow(r0, r1) + Avx.UnpackHigh(r0, r1), 0b11_01_10_00);

    /// <summary>The sums of two rows: element k is the sum of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> RowSums(Vector128<double> r0, Vector128<double> r1) => Low(r0, r1) + High(r0, r1);

    /// <summary>The sums over the rows of four blocks: lane k is the sum of the lanes of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ColumnSums(Vector512<float> r0, Vector512<float> r1, Vector512<float> r2, Vector512<float> r3)
    {
        var s01 = Avx512F.Shuffle4x128(r0, r1, 0b01_00_01_00) + Avx512F.Shuffle4x128(r0, r1, 0b11_10_11_10);
        var s23 = Avx512F.Shuffle4x128(r2, r3, 0b01_00_01_00) + Avx512F.Shuffle4x128(r2, r3, 0b11_10_11_10);
        return Avx512F.Shuffle4x128(s01, s23, 0b10_00_10_00) + Avx512F.Shuffle4x128(s01, s23, 0b11_01_11_01);
    }

    /// <inheritdoc cref="ColumnSums(Vector512{float}, Vector512{float}, Vector512{float}, Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ColumnSums(Vector512<double> r0, Vector512<double> r1, Vector512<double> r2, Vector512<double> r3)
    {
        var s01 = Avx512F.Shuffle4x128(r0, r1, 0b01_00_01_00) + Avx512F.Shuffle4x128(r0, r1, 0b11_10_11_10);
        var s23 = Avx512F.Shuffle4x128(r2, r3, 0b01_00_01_00) + Avx512F.Shuffle4x128(r2, r3, 0b11_10_11_10);
        return Avx512F.Shuffle4x128(s01, s23, 0b10_00_10_00) + Avx512F.Shuffle4x128(s01, s23, 0b11_01_11_01);
    }

    /// <summary>The sums over the rows of two blocks: lane k is the sum of the lanes of register k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ColumnSums(Vector256<float> r0, Vector256<float> r1) =>
        Avx.Permute2x128(r0, r1, 0x20) + Avx.Permute2x128(r0, r1, 0x31);

    /// <inheritdoc cref="ColumnSums(Vector256{float}, Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ColumnSums(Vector256<double> r0, Vector256<double> r1) =>
        Avx.Permute2x128(r0, r1, 0x20) + Avx.Permute2x128(r0, r1, 0x31);

    /// <summary>A block of one row is its own sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ColumnSums(Vector128<float> r0) => r0;

    /// <summary>A block of one row is its own sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> ColumnSums(Vector128<double> r0) => r0;
}
