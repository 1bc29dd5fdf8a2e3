namespace CharRnn.Kernels;

/// <summary>
/// A matrix times a matrix, result = L R or, with <see cref="KernelAttribute.Accumulate"/>, result += L R. The method's
/// parameters are L (rows x inner), R (inner x columns), the result (rows x columns).
/// </summary>
/// <example><code>
/// [MatMul(4, 4, 4, TransposeRight = true)]
/// static partial void Propagate(ReadOnlySpan&lt;float&gt; left, ReadOnlySpan&lt;float&gt; right, Span&lt;float&gt; result);
/// </code></example>
/// <param name="rows">Rows of L and of the result, at least 1.</param>
/// <param name="inner">Columns of L and rows of R, at least 1: the length of each sum.</param>
/// <param name="columns">Columns of R and of the result, at least 1.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MatMulAttribute(int rows, int inner, int columns) : KernelAttribute
{
    /// <summary>Rows of L and of the result.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns of L and rows of R.</summary>
    public int Inner { get; } = inner;

    /// <summary>Columns of R and of the result.</summary>
    public int Columns { get; } = columns;

    /// <summary>The left side is stored transposed, inner x rows; false by default.</summary>
    public bool TransposeLeft { get; set; }

    /// <summary>The right side is stored transposed, columns x inner; false by default.</summary>
    public bool TransposeRight { get; set; }

    /// <summary>
    /// Elements from one row of the left side as stored to the next, where it is a block of a larger matrix: the columns of that; 0 by default, where rows follow one another.
    /// The span is then (stored rows - 1) times this plus the stored columns long; what lies between the rows is neither read nor written.
    /// </summary>
    public int LeftRowStride { get; set; }

    /// <summary>
    /// Elements from one row of the right side as stored to the next, where it is a block of a larger matrix: the columns of that; 0 by default, where rows follow one another.
    /// The span is then (stored rows - 1) times this plus the stored columns long; what lies between the rows is neither read nor written.
    /// </summary>
    public int RightRowStride { get; set; }

    /// <summary>
    /// Elements from one row of the result to the next, where it is a block of a larger matrix: the columns of that; 0 by default, where rows follow one another.
    /// The span is then (stored rows - 1) times this plus the stored columns long; what lies between the rows is neither read nor written.
    /// </summary>
    public int ResultRowStride { get; set; }

    /// <summary>
    /// Adds a bias, a vector of columns elements, the same for every row: one more parameter, before the result. With <see cref="Activation"/> this is a layer of a network in one
    /// call; false by default.
    /// </summary>
    public bool Bias { get; set; }

    /// <summary>A function that is applied last, after scale, bias and accumulation; none by default.</summary>
    public Activation Activation { get; set; }
}
