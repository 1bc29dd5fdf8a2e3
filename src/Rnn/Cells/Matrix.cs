namespace CharRnn.Rnn.Cells;

/// <summary>
/// A weight matrix as a cell's equations see it. The equations can be run as they are written, over any number type: a reference
/// derives from this class and <see cref="Vector"/>. Training does not run them: it runs what the generator made of them.
/// </summary>
public abstract class Matrix
{
    /// <summary>Matrix times vector.</summary>
    /// <param name="left">[rows, columns].</param>
    /// <param name="right">As many elements as the matrix has columns.</param>
    /// <returns>As many elements as the matrix has rows.</returns>
    public static Vector operator *(Matrix left, Vector right) => left.Times(right);

    /// <summary>Matrix times vector.</summary>
    protected abstract Vector Times(Vector right);
}
