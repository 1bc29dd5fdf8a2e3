namespace CharRnn.Kernels;

/// <summary>
/// The outer product of two vectors, A = x y' or, with <see cref="KernelAttribute.Accumulate"/>, A += x y'. The method's
/// parameters are x (rows elements), y (columns elements), A (rows x columns).
/// </summary>
/// <example><code>
/// [OuterProduct(6, 4, Accumulate = true)]
/// static partial void AddGradient(ReadOnlySpan&lt;float&gt; x, ReadOnlySpan&lt;float&gt; y, Span&lt;float&gt; matrix);
/// </code></example>
/// <param name="rows">Elements of x and rows of A, at least 1.</param>
/// <param name="columns">Elements of y and columns of A, at least 1.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OuterProductAttribute(int rows, int columns) : KernelAttribute
{
    /// <summary>Rows of A.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns of A.</summary>
    public int Columns { get; } = columns;

    /// <summary>
    /// Elements from one row of the matrix to the next, where it is a block of a larger one: the columns of that. At least columns, which is the
    /// default (0). The span is then (rows - 1) times this plus columns long; what lies between the rows is neither read nor written.
    /// </summary>
    public int RowStride { get; set; }
}
