using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static CharRnn.Kernels.Interleaving;

namespace CharRnn.Kernels;

/// <summary>
/// As many registers as a register has lanes, each summed across its lanes: lane i of the result is the sum of register i.
/// This ends a mat-vec by row dots without a store and reload for each row. Called by generated kernels; not meant to be called by hand.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RowSums
{
    /// <summary>The sums of four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Of(Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3)
    {
        var s02 = Low(r0, r2) + High(r0, r2);
        var s13 = Low(r1, r3) + High(r1, r3);
        return Low(s02, s13) + High(s02, s13);
    }

    /// <summary>The sums of two registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> Of(Vector128<double> r0, Vector128<double> r1) => Low(r0, r1) + High(r0, r1);

    /// <summary>The sums of eight registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        Vector256<float> r4, Vector256<float> r5, Vector256<float> r6, Vector256<float> r7)
    {
        var s04 = Halves(r0, r4);
        var s15 = Halves(r1, r5);
        var s26 = Halves(r2, r6);
        var s37 = Halves(r3, r7);
        var s0246 = Avx.UnpackLow(s04, s26) + Avx.UnpackHigh(s04, s26);
        var s1357 = Avx.UnpackLow(s15, s37) + Avx.UnpackHigh(s15, s37);
        return Avx.UnpackLow(s0246, s1357) + Avx.UnpackHigh(s0246, s1357);
    }

    /// <summary>The sums of four registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<double> r0, Vector256<double> r1, Vector256<double> r2, Vector256<double> r3)
    {
        var s02 = Halves(r0, r2);
        var s13 = Halves(r1, r3);
        return Avx.UnpackLow(s02, s13) + Avx.UnpackHigh(s02, s13);
    }

    /// <summary>The sums of sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(
        Vector512<float> r0, Vector512<float> r1, Vector512<float> r2, Vector512<float> r3,
        Vector512<float> r4, Vector512<float> r5, Vector512<float> r6, Vector512<float> r7,
        Vector512<float> r8, Vector512<float> r9, Vector512<float> r10, Vector512<float> r11,
        Vector512<float> r12, Vector512<float> r13, Vector512<float> r14, Vector512<float> r15)
    {
        return Join(Half(r0, r2, r4, r6, r8, r10, r12, r14), Half(r1, r3, r5, r7, r9, r11, r13, r15));
    }

    /// <summary>The first part of sixteen sums, for every other register: two lanes for each are left to add by <see cref="Join"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Half(
        Vector512<float> r0, Vector512<float> r2, Vector512<float> r4, Vector512<float> r6,
        Vector512<float> r8, Vector512<float> r10, Vector512<float> r12, Vector512<float> r14)
    {
        // Quarter i of the first belongs to row 4 i, that of the second to row 4 i + 2.
        var q0 = Quarters(Halves(r0, r4), Halves(r8, r12));
        var q2 = Quarters(Halves(r2, r6), Halves(r10, r14));
        return Avx512F.UnpackLow(q0, q2) + Avx512F.UnpackHigh(q0, q2);
    }

    /// <summary>The sums of sixteen registers from those of the even and of the odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Join(Vector512<float> even, Vector512<float> odd) =>
        Avx512F.UnpackLow(even, odd) + Avx512F.UnpackHigh(even, odd);

    /// <summary>The sums of eight registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(
        Vector512<double> r0, Vector512<double> r1, Vector512<double> r2, Vector512<double> r3,
        Vector512<double> r4, Vector512<double> r5, Vector512<double> r6, Vector512<double> r7)
    {
        var q0 = Quarters(Halves(r0, r2), Halves(r4, r6));
        var q1 = Quarters(Halves(r1, r3), Halves(r5, r7));
        return Avx512F.UnpackLow(q0, q1) + Avx512F.UnpackHigh(q0, q1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(Vector512<float> a, Vector512<float> b) =>
        Avx512F.Shuffle4x128(a, b, 0b01_00_01_00) + Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Halves(Vector512<double> a, Vector512<double> b) =>
        Avx512F.Shuffle4x128(a, b, 0b01_00_01_00) + Avx512F.Shuffle4x128(a, b, 0b11_10_11_10);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(Vector512<float> a, Vector512<float> b) =>
        Avx512F.Shuffle4x128(a, b, 0b10_00_10_00) + Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Quarters(Vector512<double> a, Vector512<double> b) =>
        Avx512F.Shuffle4x128(a, b, 0b10_00_10_00) + Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(Vector256<float> a, Vector256<float> b) =>
        Avx.Permute2x128(a, b, 0x20) + Avx.Permute2x128(a, b, 0x31);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Halves(Vector256<double> a, Vector256<double> b) =>
        Avx.Permute2x128(a, b, 0x20) + Avx.Permute2x128(a, b, 0x31);
}
