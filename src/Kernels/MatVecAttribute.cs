namespace CharRnn.Kernels;

/// <summary>
/// A matrix times a vector, result = A x or, with <see cref="KernelAttribute.Accumulate"/>, result += A x. The method's
/// parameters are A (rows x columns), x (columns elements), the result (rows elements).
/// </summary>
/// <example><code>
/// [MatVec(6, 4)]
/// static partial void Observe(ReadOnlySpan&lt;float&gt; matrix, ReadOnlySpan&lt;float&gt; vector, Span&lt;float&gt; result);
/// </code></example>
/// <param name="rows">Rows of A, at least 1.</param>
/// <param name="columns">Columns of A, at least 1.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MatVecAttribute(int rows, int columns) : KernelAttribute
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

    /// <summary>
    /// Adds a bias, a vector of rows elements: one more parameter, before the result. With <see cref="Activation"/> this is a layer of a network in one
    /// call; false by default.
    /// </summary>
    public bool Bias { get; set; }

    /// <summary>A function that is applied last, after scale, bias and accumulation; none by default.</summary>
    public Activation Activation { get; set; }
}
