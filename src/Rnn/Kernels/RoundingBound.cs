using System.Numerics;

namespace CharRnn.Rnn.Kernels;

/// <summary>How far rounding may lead a sum that is formed in any order: Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal static class RoundingBound<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The scalar loops run in double precision: exact beside float, as inexact as the kernels in double.</summary>
    public static readonly double Slack = typeof(T) == typeof(float) ? 1 : 2;

    /// <summary>The largest relative error of one rounding.</summary>
    public static readonly double Unit = typeof(T) == typeof(float) ? Math.Pow(2, -24) : Math.Pow(2, -53);

    /// <summary>gamma(n) = n u / (1 - n u), times the slack: what the error of a sum of n products is to the sum of their magnitudes, at the most.</summary>
    public static double Gamma(int n) => Slack * n * Unit / (1 - (n * Unit));
}
