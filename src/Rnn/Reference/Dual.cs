using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// A number with its derivatives in <see cref="Count"/> directions at once: forward-mode differentiation without a step
/// size. Every operator applies its rule of calculus to the derivatives, so their only error is rounding.
/// Source: Griewank, Walther, "Evaluating Derivatives", SIAM 2008, chapter 3 (vector mode).
/// </summary>
public readonly struct Dual :
    IAdditionOperators<Dual, Dual, Dual>,
    ISubtractionOperators<Dual, Dual, Dual>,
    IMultiplyOperators<Dual, Dual, Dual>,
    IDivisionOperators<Dual, Dual, Dual>,
    IUnaryNegationOperators<Dual, Dual>,
    IComparisonOperators<Dual, Dual, bool>,
    IEquatable<Dual>
{
    /// <summary>How many derivatives a number carries.</summary>
    public const int Count = 8;

    private readonly Vector256<double> _low;
    private readonly Vector256<double> _high;

    /// <summary>A constant: all derivatives zero.</summary>
    public Dual(double value)
        : this(value, default, default)
    {
    }

    private Dual(double value, Vector256<double> low, Vector256<double> high)
    {
        Value = value;
        _low = low;
        _high = high;
    }

    /// <summary>The number itself.</summary>
    public double Value { get; }

    /// <summary>The variable of one direction: derivative 1 there and 0 in the others.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="direction">From 0, below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such direction.</exception>
    public static Dual Variable(double value, int direction)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)direction, (uint)Count, nameof(direction));
        return direction < 4
            ? new(value, Vector256<double>.Zero.WithElement(direction, 1.0), default)
            : new(value, default, Vector256<double>.Zero.WithElement(direction - 4, 1.0));
    }

    /// <summary>The derivative in one direction.</summary>
    /// <param name="direction">From 0, below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such direction.</exception>
    public double Derivative(int direction) => direction < 4 ? _low.GetElement(direction) : _high.GetElement(direction - 4);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual operator +(Dual left, Dual right) => new(left.Value + right.Value, left._low + right._low, left._high + right._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual operator -(Dual left, Dual right) => new(left.Value - right.Value, left._low - right._low, left._high - right._high);

    /// <inheritdoc/>
    public static Dual operator -(Dual value) => new(-value.Value, -value._low, -value._high);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual operator *(Dual left, Dual right)
    {
        var (x, y) = (Vector256.Create(left.Value), Vector256.Create(right.Value));
        return new(left.Value * right.Value, (y * left._low) + (x * right._low), (y * left._high) + (x * right._high));
    }

    /// <inheritdoc/>
    public static Dual operator /(Dual left, Dual right)
    {
        var quotient = left.Value / right.Value;
        var (q, divisor) = (Vector256.Create(quotient), Vector256.Create(right.Value));
        return new(quotient, (left._low - (q * right._low)) / divisor, (left._high - (q * right._high)) / divisor);
    }

    /// <summary>e^x, whose derivative is itself.</summary>
    public static Dual Exp(Dual x)
    {
        var value = Math.Exp(x.Value);
        return x.Chain(value, value);
    }

    /// <summary>The natural logarithm, whose derivative is 1 / x.</summary>
    public static Dual Log(Dual x) => x.Chain(Math.Log(x.Value), 1 / x.Value);

    /// <summary>The hyperbolic tangent, whose derivative is 1 / cosh^2 x: not computed from the value, as backpropagation does.</summary>
    public static Dual Tanh(Dual x)
    {
        var cosh = Math.Cosh(x.Value);
        return x.Chain(Math.Tanh(x.Value), 1 / (cosh * cosh));
    }

    /// <summary>The square root, whose derivative is 1 / (2 sqrt x).</summary>
    public static Dual Sqrt(Dual x)
    {
        var value = Math.Sqrt(x.Value);
        return x.Chain(value, 0.5 / value);
    }

    /// <summary>Compares values; derivatives have no order.</summary>
    public static bool operator >(Dual left, Dual right) => left.Value > right.Value;

    /// <summary>Compares values; derivatives have no order.</summary>
    public static bool operator >=(Dual left, Dual right) => left.Value >= right.Value;

    /// <summary>Compares values; derivatives have no order.</summary>
    public static bool operator <(Dual left, Dual right) => left.Value < right.Value;

    /// <summary>Compares values; derivatives have no order.</summary>
    public static bool operator <=(Dual left, Dual right) => left.Value <= right.Value;

    /// <summary>Compares values and derivatives.</summary>
    public static bool operator ==(Dual left, Dual right) => left.Equals(right);

    /// <summary>Compares values and derivatives.</summary>
    public static bool operator !=(Dual left, Dual right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Dual other) => Value.Equals(other.Value) && _low.Equals(other._low) && _high.Equals(other._high);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dual other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, _low, _high);

    private Dual Chain(double value, double derivative)
    {
        var factor = Vector256.Create(derivative);
        return new(value, factor * _low, factor * _high);
    }
}
