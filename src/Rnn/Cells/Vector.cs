namespace CharRnn.Rnn.Cells;

/// <summary>
/// A vector as a cell's equations see it: states, the input, biases, and all that is computed of them. Every operation goes element
/// by element. See <see cref="Matrix"/> for what runs behind it.
/// </summary>
public abstract class Vector
{
    /// <summary>The sum, element by element.</summary>
    public static Vector operator +(Vector left, Vector right) => left.Add(right);

    /// <summary>The difference, element by element.</summary>
    public static Vector operator -(Vector left, Vector right) => left.Subtract(right);

    /// <summary>The product, element by element.</summary>
    public static Vector operator *(Vector left, Vector right) => left.Multiply(right);

    /// <summary>The quotient, element by element.</summary>
    public static Vector operator /(Vector left, Vector right) => left.Divide(right);

    /// <summary>The negative of every element.</summary>
    public static Vector operator -(Vector value) => value.Constant(0).Subtract(value);

    /// <summary>A constant plus every element.</summary>
    public static Vector operator +(double left, Vector right) => right.Constant(left).Add(right);

    /// <summary>Every element plus a constant.</summary>
    public static Vector operator +(Vector left, double right) => left.Add(left.Constant(right));

    /// <summary>A constant less every element.</summary>
    public static Vector operator -(double left, Vector right) => right.Constant(left).Subtract(right);

    /// <summary>Every element less a constant.</summary>
    public static Vector operator -(Vector left, double right) => left.Subtract(left.Constant(right));

    /// <summary>A constant times every element.</summary>
    public static Vector operator *(double left, Vector right) => right.Constant(left).Multiply(right);

    /// <summary>Every element times a constant.</summary>
    public static Vector operator *(Vector left, double right) => left.Multiply(left.Constant(right));

    /// <summary>Every element divided by a constant.</summary>
    public static Vector operator /(Vector left, double right) => left.Divide(left.Constant(right));

    /// <summary>The hyperbolic tangent of every element.</summary>
    protected internal abstract Vector Tanh();

    /// <summary>1 / (1 + e^-a) of every element a.</summary>
    protected internal abstract Vector Sigmoid();

    /// <summary>The square root of every element.</summary>
    protected internal abstract Vector SquareRoot();

    /// <summary>This plus <paramref name="right"/>.</summary>
    protected abstract Vector Add(Vector right);

    /// <summary>This less <paramref name="right"/>.</summary>
    protected abstract Vector Subtract(Vector right);

    /// <summary>This times <paramref name="right"/>.</summary>
    protected abstract Vector Multiply(Vector right);

    /// <summary>This divided by <paramref name="right"/>.</summary>
    protected abstract Vector Divide(Vector right);

    /// <summary>As many elements as this has, each the same constant.</summary>
    protected abstract Vector Constant(double value);
}
