using System.Numerics;
using MathNet.Numerics.Providers.FourierTransform;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace CharRnn.Rnn.Explain;

/// <summary>
/// Eigenvalues and Fourier transforms by MathNet.Numerics. Its managed providers are called directly: looking for native ones at run time is what a
/// native binary cannot do.
/// </summary>
internal static class Spectra
{
    /// <summary>The eigenvalues of a square matrix, the greatest modulus first; of a conjugate pair the one above the real axis first.</summary>
    /// <param name="matrix">Row-major [n, n]; finite.</param>
    /// <param name="n">n.</param>
    public static Complex[] Eigenvalues(ReadOnlySpan<double> matrix, int n)
    {
        var values = new Complex[n];
        // The provider's layout is by columns: it sees the transpose, whose eigenvalues are the same.
        ManagedLinearAlgebraProvider.Instance.EigenDecomp(false, n, matrix.ToArray(), new double[n * n], values, new double[n * n]);
        return [.. values.OrderByDescending(value => value.Magnitude).ThenByDescending(value => value.Imaginary)];
    }

    /// <summary>
    /// How the variance of a layer's units spreads over frequencies, summed over units: the periodogram with a Hann window, averaged over half-overlapping
    /// stretches (P. D. Welch, 1967). Frequency k of N is k / N a character, k = 0 .. N / 2; the shares add up to 1.
    /// </summary>
    /// <param name="activations">Row-major [T, units].</param>
    /// <param name="units">How many units.</param>
    /// <param name="stretch">N, a power of 2, at most T.</param>
    public static double[] Power(ReadOnlySpan<float> activations, int units, int stretch)
    {
        var power = new double[(stretch / 2) + 1];
        var samples = new Complex[stretch];
        var steps = activations.Length / units;
        for (var unit = 0; unit < units; unit++)
        {
            for (var start = 0; start + stretch <= steps; start += stretch / 2)
            {
                double mean = 0;
                for (var t = 0; t < stretch; t++)
                {
                    mean += activations[((start + t) * units) + unit] / (double)stretch;
                }

                for (var t = 0; t < stretch; t++)
                {
                    samples[t] = (activations[((start + t) * units) + unit] - mean) * (1 - Math.Cos(2 * Math.PI * t / stretch));
                }

                ManagedFourierTransformProvider.Instance.Forward(samples, FourierTransformScaling.NoScaling);
                for (var k = 0; k < power.Length; k++)
                {
                    // Every frequency but the ends stands for two, one above and one below 0.
                    power[k] += (k == 0 || k == stretch / 2 ? 1 : 2) * (samples[k].Real * samples[k].Real + samples[k].Imaginary * samples[k].Imaginary);
                }
            }
        }

        var whole = power.Sum();
        return whole > 0 ? [.. power.Select(value => value / whole)] : power;
    }
}
