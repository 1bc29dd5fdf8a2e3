using System.Numerics;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// A double with a random error, put in by every operation, of the size that rounding to float makes there: what is computed with
/// such numbers several times over shows how far a float computation of any order can lead.
/// Source: Parker, "Monte Carlo Arithmetic", UCLA CSD-970002 (1997).
/// </summary>
/// <param name="value">The number.</param>
public readonly struct Noisy(double value) :
    IAdditionOperators<Noisy, Noisy, Noisy>,
    ISubtractionOperators<Noisy, Noisy, Noisy>,
    IMultiplyOperators<Noisy, Noisy, Noisy>,
    IDivisionOperators<Noisy, Noisy, Noisy>,
    IUnaryNegationOperators<Noisy, Noisy>,
    IComparisonOperators<Noisy, Noisy, bool>,
    IEquatable<Noisy>
{
    /// <summary>The largest relative error of rounding to float, 2^-24.</summary>
    internal const double Unit = 1.0 / (1 << 24);

    // What a kernel's tanh or exp may be wrong by, in units: single-precision functions are not rounded correctly.
    private const double OfFunctions = 8;

    [ThreadStatic]
    private static ulong t_state;

    /// <summary>The number.</summary>
    public double Value { get; } = value;

    /// <summary>Begins this thread's errors anew: the same seed makes the same ones.</summary>
    public static void Seed(ulong seed) => t_state = seed;

    /// <summary>The sum, with an error of the terms' size.</summary>
    public static Noisy operator +(Noisy left, Noisy right) => With(left.Value + right.Value, Math.Abs(left.Value) + Math.Abs(right.Value));

    /// <summary>The difference, with an error of the terms' size.</summary>
    public static Noisy operator -(Noisy left, Noisy right) => With(left.Value - right.Value, Math.Abs(left.Value) + Math.Abs(right.Value));

    /// <summary>The negative, which is exact.</summary>
    public static Noisy operator -(Noisy value) => new(-value.Value);

    /// <summary>The product.</summary>
    public static Noisy operator *(Noisy left, Noisy right) => With(left.Value * right.Value, Math.Abs(left.Value * right.Value));

    /// <summary>The quotient.</summary>
    public static Noisy operator /(Noisy left, Noisy right) => With(left.Value / right.Value, Math.Abs(left.Value / right.Value));

    /// <summary>e^x; an error of x itself is one of x parts of the result.</summary>
    public static Noisy Exp(Noisy x)
    {
        var result = Math.Exp(x.Value);
        return With(result, (OfFunctions + Math.Abs(x.Value)) * result);
    }

    /// <summary>The natural logarithm.</summary>
    public static Noisy Log(Noisy x)
    {
        var result = Math.Log(x.Value);
        return With(result, Math.Abs(result));
    }

    /// <summary>The hyperbolic tangent.</summary>
    public static Noisy Tanh(Noisy x)
    {
        var result = Math.Tanh(x.Value);
        return With(result, OfFunctions * Math.Abs(result));
    }

    /// <summary>The square root.</summary>
    public static Noisy Sqrt(Noisy x)
    {
        var result = Math.Sqrt(x.Value);
        return With(result, result);
    }

    /// <inheritdoc/>
    public static bool operator >(Noisy left, Noisy right) => left.Value > right.Value;

    /// <inheritdoc/>
    public static bool operator >=(Noisy left, Noisy right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public static bool operator <(Noisy left, Noisy right) => left.Value < right.Value;

    /// <inheritdoc/>
    public static bool operator <=(Noisy left, Noisy right) => left.Value <= right.Value;

    /// <inheritdoc/>
    public static bool operator ==(Noisy left, Noisy right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(Noisy left, Noisy right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Noisy other) => Value.Equals(other.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Noisy other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    private static Noisy With(double value, double size)
    {
        // SplitMix64, as RandomStream, but without an object for every thread.
        var z = t_state = unchecked(t_state + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        z ^= z >> 31;
        return new(value + ((((z >> 11) * (1.0 / (1UL << 52))) - 1) * Unit * size));
    }
}
