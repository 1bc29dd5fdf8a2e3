namespace CharRnn.Generators.Kernels.Operations;

/// <summary>One span or pointer of an operation, in the order of the method's parameters.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Rows">Rows of a matrix, elements of a vector.</param>
/// <param name="Columns">Columns of a matrix as stored; 0 for a vector.</param>
/// <param name="IsResult">Written; every other operand is only read.</param>
/// <param name="RowStride">Elements from row to row; 0 where rows follow one another.</param>
internal sealed record Operand(string Name, int Rows, int Columns = 0, bool IsResult = false, int RowStride = 0)
{
    public long Length => RowStride == 0 ? (long)Rows * Math.Max(1, Columns) : ((long)(Rows - 1) * RowStride) + Columns;

    /// <summary>Such as <c>6 x 4, row-major</c>.</summary>
    public string ShapeText => Columns == 0 ? $"{Rows}" : $"{Rows} x {Columns}, row-major" + (RowStride == 0 ? string.Empty : $", a row every {RowStride}");
}
