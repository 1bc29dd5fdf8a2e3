using System.Runtime.CompilerServices;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// What the reference needs of a number beyond its operators, for float, double and <see cref="Noisy"/>. The comparison
/// of types is settled when the code is compiled, so that each method is one call.
/// </summary>
public static class RealFunctions
{
    /// <summary>A constant; exact in noisy numbers too.</summary>
    /// <exception cref="NotSupportedException">T is none of the three types; so for every method here.</exception>
    public static T FromDouble<T>(double value)
        where T : struct =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(value)
        : typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value)
        : typeof(T) == typeof(Noisy) ? Unsafe.BitCast<Noisy, T>(new Noisy(value))
        : throw Unsupported<T>();

    /// <summary>The value.</summary>
    public static double ToDouble<T>(T x)
        where T : struct =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(x)
        : typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(x)
        : typeof(T) == typeof(Noisy) ? Unsafe.BitCast<T, Noisy>(x).Value
        : throw Unsupported<T>();

    /// <summary>e^x.</summary>
    public static T Exp<T>(T x)
        where T : struct =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(Math.Exp(Unsafe.BitCast<T, double>(x)))
        : typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(MathF.Exp(Unsafe.BitCast<T, float>(x)))
        : typeof(T) == typeof(Noisy) ? Unsafe.BitCast<Noisy, T>(Noisy.Exp(Unsafe.BitCast<T, Noisy>(x)))
        : throw Unsupported<T>();

    /// <summary>The natural logarithm.</summary>
    public static T Log<T>(T x)
        where T : struct =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(Math.Log(Unsafe.BitCast<T, double>(x)))
        : typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(MathF.Log(Unsafe.BitCast<T, float>(x)))
        : typeof(T) == typeof(Noisy) ? Unsafe.BitCast<Noisy, T>(Noisy.Log(Unsafe.BitCast<T, Noisy>(x)))
        : throw Unsupported<T>();

    /// <summary>The hyperbolic tangent.</summary>
    public static T Tanh<T>(T x)
        where T : struct =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(Math.Tanh(Unsafe.BitCast<T, double>(x)))
        : typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(MathF.Tanh(Unsafe.BitCast<T, float>(x)))
        : typeof(T) == typeof(Noisy) ? Unsafe.BitCast<Noisy, T>(Noisy.Tanh(Unsafe.BitCast<T, Noisy>(x)))
        : throw Unsupported<T>();

    /// <summary>The square root.</summary>
    public static T Sqrt<T>(T x)
        where T : struct =>
        typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(Math.Sqrt(Unsafe.BitCast<T, double>(x)))
        : typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(MathF.Sqrt(Unsafe.BitCast<T, float>(x)))
        : typeof(T) == typeof(Noisy) ? Unsafe.BitCast<Noisy, T>(Noisy.Sqrt(Unsafe.BitCast<T, Noisy>(x)))
        : throw Unsupported<T>();

    private static NotSupportedException Unsupported<T>() =>
        new($"The reference computes in float, double and noisy numbers, not in {typeof(T).Name}.");
}
