using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace CharRnn.Kernels;

/// <summary>The argument checks of generated kernels. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class KernelArguments
{
    /// <summary>Whether two blocks of memory share a byte. One comparison: the first begins less than its length before the second, or less than the second's after it.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="firstLength">Its length in elements, from 1.</param>
    /// <param name="second">The second block.</param>
    /// <param name="secondLength">Its length in elements, from 1.</param>
    public static bool Overlap<T>(T* first, nint firstLength, T* second, nint secondLength)
        where T : unmanaged =>
        (nuint)(((byte*)first - (byte*)second) + (firstLength * sizeof(T)) - 1) < (nuint)(((firstLength + secondLength) * sizeof(T)) - 1);

    /// <summary>Whether two blocks of rows share an element. Blocks of one larger matrix, side by side, do not, though the memory of each reaches into the other's.</summary>
    /// <param name="first">The first block.</param>
    /// <param name="firstRows">Its rows; 1 where it is all of one piece.</param>
    /// <param name="firstColumns">Elements a row.</param>
    /// <param name="firstStride">Elements from row to row.</param>
    /// <param name="second">The second block.</param>
    /// <param name="secondRows">Its rows.</param>
    /// <param name="secondColumns">Elements a row.</param>
    /// <param name="secondStride">Elements from row to row.</param>
    public static bool Overlap<T>(
        T* first, nint firstRows, nint firstColumns, nint firstStride, T* second, nint secondRows, nint secondColumns, nint secondStride)
        where T : unmanaged
    {
        if (!Overlap(first, ((firstRows - 1) * firstStride) + firstColumns, second, ((secondRows - 1) * secondStride) + secondColumns))
        {
            return false;
        }

        // Rows that lie equally far apart meet in all rows or in none; what is of one piece is a single row of any distance.
        var stride = firstRows == 1 ? secondStride : firstStride;
        if (firstRows > 1 && secondRows > 1 && firstStride != secondStride)
        {
            return true;
        }

        var bytes = (nint)((byte*)second - (byte*)first);
        if (bytes % sizeof(T) != 0)
        {
            return true;
        }

        var column = ((bytes / sizeof(T) % stride) + stride) % stride;
        return column < firstColumns || column + secondColumns > stride;
    }

    /// <summary>Says that a span has not the length of its shape.</summary>
    /// <param name="length">The length it has.</param>
    /// <param name="shape">The shape it must have, in words.</param>
    /// <param name="parameterName">The parameter.</param>
    /// <exception cref="ArgumentException">Always.</exception>
    [DoesNotReturn]
    public static void ThrowWrongLength(int length, string shape, string parameterName) =>
        throw new ArgumentException($"The span must have exactly the elements of its shape ({shape}); it has {length}.", parameterName);

    /// <summary>Says that a pointer is null.</summary>
    /// <param name="parameterName">The parameter.</param>
    /// <exception cref="ArgumentNullException">Always.</exception>
    [DoesNotReturn]
    public static void ThrowNull(string parameterName) => throw new ArgumentNullException(parameterName);

    /// <summary>Says that the result overlaps an operand.</summary>
    /// <param name="parameterName">The result.</param>
    /// <param name="operandName">The operand.</param>
    /// <exception cref="ArgumentException">Always.</exception>
    [DoesNotReturn]
    public static void ThrowOverlap(string parameterName, string operandName) =>
        throw new ArgumentException($"The result overlaps '{operandName}', which is still read while it is written.", parameterName);
}
