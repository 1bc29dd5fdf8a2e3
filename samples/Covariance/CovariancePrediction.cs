using CharRnn.Kernels;

namespace Covariance;

/// <summary>
/// The prediction of a Kalman filter's covariance, P = A P A' + Q, for 6 states. Rounding makes the product of three matrices slightly
/// asymmetric, which grows from step to step until a filter fails; so the two halves are averaged, after which P equals P' to the bit.
/// A step allocates nothing.
/// </summary>
internal sealed partial class CovariancePrediction
{
    /// <summary>Three of the position, three of the velocity.</summary>
    public const int States = 6;

    private readonly double[] _transition = new double[States * States];
    private readonly double[] _noise = new double[States * States];
    private readonly double[] _covariance = new double[States * States];
    private readonly double[] _square = new double[States * States];
    private readonly double[] _sum = new double[States * States];

    public CovariancePrediction(double timeStep, double processNoise)
    {
        for (var i = 0; i < States; i++)
        {
            _transition[(i * States) + i] = 1;
            _noise[(i * States) + i] = processNoise * timeStep;
            _covariance[(i * States) + i] = 1 + (0.1 * i);
        }

        for (var i = 0; i < States / 2; i++)
        {
            _transition[(i * States) + i + (States / 2)] = timeStep;
        }
    }

    /// <summary>A, 6 x 6, row-major.</summary>
    public ReadOnlySpan<double> Transition => _transition;

    /// <summary>Q, 6 x 6, row-major.</summary>
    public ReadOnlySpan<double> Noise => _noise;

    /// <summary>P, 6 x 6, row-major, symmetric to the bit.</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    /// <summary>P = A P A' + Q.</summary>
    public void Step()
    {
        Multiply(_transition, _covariance, _square);
        _noise.CopyTo(_sum, 0);
        AddTimesTransposed(_square, _transition, _sum);
        for (var i = 0; i < States; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var mean = 0.5 * (_sum[(i * States) + j] + _sum[(j * States) + i]);
                (_covariance[(i * States) + j], _covariance[(j * States) + i]) = (mean, mean);
            }
        }
    }

    /// <summary>The same in plain loops, to compare with.</summary>
    public static void StepInLoops(ReadOnlySpan<double> transition, ReadOnlySpan<double> noise, Span<double> covariance)
    {
        var before = covariance.ToArray();
        for (var i = 0; i < States; i++)
        {
            for (var j = 0; j < States; j++)
            {
                var sum = noise[(i * States) + j];
                for (var k = 0; k < States; k++)
                {
                    for (var l = 0; l < States; l++)
                    {
                        sum += transition[(i * States) + k] * before[(k * States) + l] * transition[(j * States) + l];
                    }
                }

                covariance[(i * States) + j] = sum;
            }
        }
    }

    [MatMul(States, States, States)]
    private static partial void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatMul(States, States, States, TransposeRight = true, Accumulate = true)]
    private static partial void AddTimesTransposed(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);
}
