namespace CharRnn.Kernels;

/// <summary>Copies a matrix to its transpose.</summary>
public static unsafe class Transposition
{
    /// <summary>target[c, r] = source[r, c].</summary>
    /// <param name="source">[rows] rows of <paramref name="columns"/>, row-major.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="sourceStride">Elements from one source row to the next.</param>
    /// <param name="target">[columns] rows of <paramref name="rows"/>; elements past those are not written.</param>
    /// <param name="targetStride">Elements from one target row to the next.</param>
    public static void Copy<T>(T* source, int rows, int columns, int sourceStride, T* target, int targetStride)
        where T : unmanaged
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                target[((nint)column * targetStride) + row] = source[((nint)row * sourceStride) + column];
            }
        }
    }
}
