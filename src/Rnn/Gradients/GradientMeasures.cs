namespace CharRnn.Rnn.Gradients;

/// <summary>How far two gradients of one parameter are apart, in every measure that is in use.</summary>
/// <param name="SumOfRelativeErrors">sum |g - n| / max(1, |g| + |n|).</param>
/// <param name="LargestRelativeError">max |g - n| / max(1e-8, |g| + |n|); large for tiny elements even where both are right.</param>
/// <param name="NormRatio">|g - n| / (|g| + |n|) in Euclidean norms; 0 where both are zero.</param>
/// <param name="LargestDifference">max |g - n|.</param>
/// <param name="AbsoluteOffenders">Elements with |g - n| above 1e-8.</param>
/// <param name="RelativeOffenders">Elements with |g - n| above 1e-5 |n|.</param>
/// <param name="AllCloseOffenders">Elements with |g - n| above 1e-8 + 1e-5 |n|, as numpy.allclose counts them.</param>
/// <param name="Count">How many elements there are.</param>
public readonly record struct GradientMeasures(
    double SumOfRelativeErrors,
    double LargestRelativeError,
    double NormRatio,
    double LargestDifference,
    int AbsoluteOffenders,
    int RelativeOffenders,
    int AllCloseOffenders,
    int Count)
{
    private const double AbsoluteTolerance = 1e-8;
    private const double RelativeTolerance = 1e-5;

    /// <summary>Compares two gradients element by element.</summary>
    /// <param name="gradient">g.</param>
    /// <param name="other">n, what it is judged by.</param>
    /// <exception cref="ArgumentException">They differ in length.</exception>
    public static GradientMeasures Compare(ReadOnlySpan<double> gradient, ReadOnlySpan<double> other)
    {
        if (gradient.Length != other.Length)
        {
            throw new ArgumentException($"A gradient of {gradient.Length} elements cannot be compared with one of {other.Length}.");
        }

        var (sum, largest, difference) = (0.0, 0.0, 0.0);
        var (absolute, relative, allClose) = (0, 0, 0);
        for (var i = 0; i < gradient.Length; i++)
        {
            var (g, n) = (gradient[i], other[i]);
            var error = Math.Abs(g - n);
            if (!double.IsFinite(error))
            {
                error = double.PositiveInfinity;
            }

            var size = Math.Abs(g) + Math.Abs(n);
            sum += Relative(error, Math.Max(1, size));
            largest = Math.Max(largest, Relative(error, Math.Max(1e-8, size)));
            difference = Math.Max(difference, error);
            absolute += error > AbsoluteTolerance ? 1 : 0;
            relative += error > RelativeTolerance * Math.Abs(n) ? 1 : 0;
            allClose += error > AbsoluteTolerance + (RelativeTolerance * Math.Abs(n)) ? 1 : 0;
        }

        return new(sum, largest, NormRatioOf(gradient, other), difference, absolute, relative, allClose, gradient.Length);
    }

    /// <summary>|g - n| / (|g| + |n|), 0 where both are zero, infinite where one is not finite.</summary>
    public static double NormRatioOf(ReadOnlySpan<double> gradient, ReadOnlySpan<double> other)
    {
        // Scaled by the largest element, so that squares neither overflow nor vanish.
        var scale = 0.0;
        for (var i = 0; i < gradient.Length; i++)
        {
            scale = Math.Max(scale, Math.Max(Math.Abs(gradient[i]), Math.Abs(other[i])));
            if (!double.IsFinite(gradient[i] - other[i]))
            {
                return double.PositiveInfinity;
            }
        }

        if (scale == 0)
        {
            return 0;
        }

        var (difference, left, right) = (0.0, 0.0, 0.0);
        for (var i = 0; i < gradient.Length; i++)
        {
            var (g, n) = (gradient[i] / scale, other[i] / scale);
            difference += (g - n) * (g - n);
            left += g * g;
            right += n * n;
        }

        return Math.Sqrt(difference) / (Math.Sqrt(left) + Math.Sqrt(right));
    }

    private static double Relative(double error, double size) => double.IsFinite(error) ? error / size : double.PositiveInfinity;
}
