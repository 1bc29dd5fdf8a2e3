using CharRnn.Kernels;

namespace KalmanFilter;

/// <summary>
/// A Kalman filter of fixed size (R. E. Kalman, 1960): state (position, velocity) in the plane, 4 numbers; measurement of the
/// position, 2 numbers. A step allocates nothing.
/// </summary>
internal sealed partial class ConstantVelocityFilter
{
    private const int N = 4;
    private const int M = 2;

    private readonly double[] _transition;
    private readonly double[] _observation = [1, 0, 0, 0, 0, 1, 0, 0];
    private readonly double[] _processNoise = new double[N * N];
    private readonly double[] _measurementNoise;
    private readonly double[] _state = new double[N];
    private readonly double[] _covariance = new double[N * N];

    private readonly double[] _predicted = new double[N];
    private readonly double[] _square = new double[N * N];
    private readonly double[] _gainTransposed = new double[M * N];
    private readonly double[] _observed = new double[M * N];
    private readonly double[] _innovation = new double[M];
    private readonly double[] _innovationCovariance = new double[M * M];
    private readonly double[] _inverse = new double[M * M];

    public ConstantVelocityFilter(double timeStep, double processNoise, double measurementNoise)
    {
        _transition = [1, 0, timeStep, 0, 0, 1, 0, timeStep, 0, 0, 1, 0, 0, 0, 0, 1];
        _measurementNoise = [measurementNoise, 0, 0, measurementNoise];
        for (var i = 0; i < N; i++)
        {
            _processNoise[(i * N) + i] = processNoise * timeStep;
            _covariance[(i * N) + i] = 10;
        }
    }

    /// <summary>Position and velocity, 4 numbers.</summary>
    public ReadOnlySpan<double> State => _state;

    /// <summary>Predicts, then corrects with a measured position, 2 numbers.</summary>
    public void Step(ReadOnlySpan<double> measurement)
    {
        // Predict: x = F x, P = F P F' + Q.
        Transition(_transition, _state, _predicted);
        Multiply(_transition, _covariance, _square);
        _processNoise.CopyTo(_covariance, 0);
        AddTimesTransposed(_square, _transition, _covariance);

        // Correct: y = z - H x, S = H P H' + R, K' = S^-1 H P, x += K y, P -= K H P.
        measurement.CopyTo(_innovation);
        SubtractObserved(_observation, _predicted, _innovation);
        Observe(_observation, _covariance, _observed);
        _measurementNoise.CopyTo(_innovationCovariance, 0);
        AddObservedTransposed(_observed, _observation, _innovationCovariance);
        Invert(_innovationCovariance, _inverse);
        Gain(_inverse, _observed, _gainTransposed);
        _predicted.CopyTo(_state, 0);
        AddGainTimes(_gainTransposed, _innovation, _state);
        SubtractGainTimes(_gainTransposed, _observed, _covariance);
    }

    [MatVec(N, N)]
    private static partial void Transition(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);

    [MatMul(N, N, N)]
    private static partial void Multiply(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatMul(N, N, N, TransposeRight = true, Accumulate = true)]
    private static partial void AddTimesTransposed(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatVec(M, N, Accumulate = true, Scale = -1)]
    private static partial void SubtractObserved(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);

    [MatMul(M, N, N)]
    private static partial void Observe(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatMul(M, N, M, TransposeRight = true, Accumulate = true)]
    private static partial void AddObservedTransposed(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatMul(M, M, N)]
    private static partial void Gain(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    [MatVecTransposed(M, N, Accumulate = true)]
    private static partial void AddGainTimes(ReadOnlySpan<double> matrix, ReadOnlySpan<double> vector, Span<double> result);

    [MatMul(N, M, N, TransposeLeft = true, Accumulate = true, Scale = -1)]
    private static partial void SubtractGainTimes(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result);

    private static void Invert(ReadOnlySpan<double> matrix, Span<double> inverse)
    {
        var determinant = (matrix[0] * matrix[3]) - (matrix[1] * matrix[2]);
        inverse[0] = matrix[3] / determinant;
        inverse[1] = -matrix[1] / determinant;
        inverse[2] = -matrix[2] / determinant;
        inverse[3] = matrix[0] / determinant;
    }
}
