using CharRnn.Rnn.Kernels;

namespace CharRnn.Rnn.Gradients;

/// <summary>Kernels under observation.</summary>
public static class KernelObservation
{
    /// <summary>These kernels, with every call's results held against what exact arithmetic makes of the same operands.</summary>
    /// <param name="kernels">Single-precision kernels: double precision is what is exact here.</param>
    /// <param name="errors">Receives each call's error as a part of its rounding bound.</param>
    public static RecurrentKernels<float> Observe(this RecurrentKernels<float> kernels, KernelErrors errors) => new ObservedKernels(kernels, errors);
}

/// <summary>
/// Runs the real kernel, then its formula in double precision over the float operands that the kernel saw. A sum of n
/// products in any order is within gamma(n) of the sum of magnitudes (Higham, "Accuracy and Stability of Numerical
/// Algorithms", 2002, section 3.1); operands are those of each call, so nothing adds up over the time steps.
/// </summary>
internal sealed unsafe class ObservedKernels(RecurrentKernels<float> kernels, KernelErrors errors) : RecurrentKernels<float>.Wrapper(kernels)
{
    private const double Unit = 1.0 / (1 << 24);

    /// <summary>Relative errors of tanh and exp: 6 and 3 units in the last place, of which a unit is at most 2^-23.</summary>
    private const double TanhError = 12 * Unit, ExpError = 6 * Unit;

    private const double Tiny = 1e-37;

    private int Hidden => Layout.Shape.HiddenSize;

    private int Vocabulary => Layout.Shape.VocabularySize;

    private int HiddenStride => Layout.HiddenStride;

    private int VocabularyStride => Layout.VocabularyStride;

    protected override void Forward(float* W, float* U, float* b, float* h, int* x, int steps)
    {
        base.Forward(W, U, b, h, x, steps);
        for (var t = 0; t < steps; t++)
        {
            for (var i = 0; i < Hidden; i++)
            {
                var (u, bias) = (Value(U, ((nint)x[t] * HiddenStride) + i), Value(b, i));
                var (sum, size) = (u + bias, Math.Abs(u) + Math.Abs(bias));
                for (var j = 0; j < Hidden; j++)
                {
                    Add(Value(W, Layout.IndexOfW(i, j)) * Value(h, ((nint)t * HiddenStride) + j), ref sum, ref size);
                }

                var exact = Math.Tanh(sum);
                errors.Record("Forward", Value(h, ((nint)(t + 1) * HiddenStride) + i) - exact, (Gamma(Hidden + 3) * size) + (TanhError * Math.Abs(exact)) + Tiny);
            }
        }
    }

    protected override void Logits(float* VT, float* c, float* h, float* o, int steps)
    {
        base.Logits(VT, c, h, o, steps);
        for (var t = 0; t < steps; t++)
        {
            for (var i = 0; i < Vocabulary; i++)
            {
                var (sum, size) = (Value(c, i), Math.Abs(Value(c, i)));
                for (var j = 0; j < Hidden; j++)
                {
                    Add(Value(VT, ((nint)j * VocabularyStride) + i) * Value(h, ((nint)(t + 1) * HiddenStride) + j), ref sum, ref size);
                }

                errors.Record("Logits", Value(o, ((nint)t * VocabularyStride) + i) - sum, (Gamma(Hidden + 2) * size) + Tiny);
            }
        }
    }

    protected override double SoftmaxLoss(float* o, int* y, int steps)
    {
        var logits = Copy(o, steps * VocabularyStride);
        var loss = base.SoftmaxLoss(o, y, steps);
        var (exactLoss, lossBound) = (0.0, 1e-12);
        for (var t = 0; t < steps; t++)
        {
            var row = logits.AsSpan(t * VocabularyStride, Vocabulary).ToArray();
            var largest = row.Max();
            var powers = Array.ConvertAll(row, logit => Math.Exp(logit - largest));
            var sum = powers.Sum();
            var shift = row.Zip(powers, (logit, power) => Unit * (largest - logit) * power).Sum() / sum;
            var sumError = shift + ExpError + Gamma(Vocabulary);
            exactLoss += Math.Log(sum) + largest - row[y[t]];
            lossBound += sumError + (Unit * Unit);
            for (var i = 0; i < Vocabulary; i++)
            {
                var probability = powers[i] / sum;
                var exact = probability - (i == y[t] ? 1 : 0);
                var bound = (probability * ((Unit * (largest - row[i])) + ExpError + sumError + (3 * Unit))) + (i == y[t] ? Unit * Math.Abs(exact) : 0);
                errors.Record("SoftmaxLoss", Value(o, ((nint)t * VocabularyStride) + i) - exact, (bound * 1.001) + Tiny);
            }
        }

        errors.Record("SoftmaxLoss, the loss", loss - exactLoss, lossBound);
        return loss;
    }

    protected override void HiddenGradient(float* V, float* g, float* dh, int steps)
    {
        base.HiddenGradient(V, g, dh, steps);
        for (var t = 0; t < steps; t++)
        {
            for (var i = 0; i < Hidden; i++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var k = 0; k < Vocabulary; k++)
                {
                    Add(Value(V, ((nint)k * HiddenStride) + i) * Value(g, ((nint)t * VocabularyStride) + k), ref sum, ref size);
                }

                errors.Record("HiddenGradient", Value(dh, ((nint)t * HiddenStride) + i) - sum, (Gamma(Vocabulary + 1) * size) + Tiny);
            }
        }
    }

    protected override void Backward(float* W, float* h, float* dh, int steps)
    {
        var before = Copy(dh, steps * HiddenStride);
        base.Backward(W, h, dh, steps);
        for (var t = 0; t < steps; t++)
        {
            for (var j = 0; j < Hidden; j++)
            {
                var (sum, size) = (before[(t * HiddenStride) + j], Math.Abs(before[(t * HiddenStride) + j]));
                for (var i = 0; i < Hidden && t + 1 < steps; i++)
                {
                    Add(Value(W, Layout.IndexOfW(i, j)) * Value(dh, ((nint)(t + 1) * HiddenStride) + i), ref sum, ref size);
                }

                var square = Math.Pow(Value(h, ((nint)(t + 1) * HiddenStride) + j), 2);
                var sumError = Gamma(Hidden + 3) * size;
                var bound = ((1 - square) * sumError) + ((Math.Abs(sum) + sumError) * 2 * Unit * (square + Math.Abs(1 - square)));
                errors.Record("Backward", Value(dh, ((nint)t * HiddenStride) + j) - (sum * (1 - square)), (bound * 1.001) + Tiny);
            }
        }
    }

    protected override void UpdateV(float* h, float* g, float* VT, float* sums, int steps, AdagradRule<float> rule)
    {
        var (weights, before) = (Copy(VT, Hidden * VocabularyStride), Copy(sums, Hidden * VocabularyStride));
        base.UpdateV(h, g, VT, sums, steps, rule);
        for (var j = 0; j < Hidden; j++)
        {
            for (var k = 0; k < Vocabulary; k++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var t = 0; t < steps; t++)
                {
                    Add(Value(h, ((nint)(t + 1) * HiddenStride) + j) * Value(g, ((nint)t * VocabularyStride) + k), ref sum, ref size);
                }

                var at = (j * VocabularyStride) + k;
                Update("UpdateV", sum, Gamma(steps + 1) * size, weights[at], before[at], Value(VT, at), Value(sums, at), rule);
            }
        }
    }

    protected override void UpdateW(float* dz, float* h, float* W, float* sums, float* spread, int steps, AdagradRule<float> rule)
    {
        var length = checked((int)Layout.LengthOfW);
        var (weights, before) = (Copy(W, length), Copy(sums, length));
        base.UpdateW(dz, h, W, sums, spread, steps, rule);
        for (var i = 0; i < Hidden; i++)
        {
            for (var j = 0; j < Hidden; j++)
            {
                var (sum, size) = (0.0, 0.0);
                for (var t = 0; t < steps; t++)
                {
                    Add(Value(dz, ((nint)t * HiddenStride) + i) * Value(h, ((nint)t * HiddenStride) + j), ref sum, ref size);
                }

                var at = (int)Layout.IndexOfW(i, j);
                Update("UpdateW", sum, Gamma(steps + 1) * size, weights[at], before[at], Value(W, at), Value(sums, at), rule);
            }
        }
    }

    protected override void UpdateColumn(float* dz, int t, int* next, float* column, float* sums, AdagradRule<float> rule)
    {
        var (weights, before) = (Copy(column, Hidden), Copy(sums, Hidden));
        base.UpdateColumn(dz, t, next, column, sums, rule);
        for (var i = 0; i < Hidden; i++)
        {
            var (sum, size, count) = (0.0, 0.0, 0);
            for (var step = t; step >= 0; step = next[step])
            {
                Add(Value(dz, ((nint)step * HiddenStride) + i), ref sum, ref size);
                count++;
            }

            Update("UpdateU", sum, Gamma(count) * size, weights[i], before[i], Value(column, i), Value(sums, i), rule);
        }
    }

    protected override void UpdateRow(float* rows, int steps, int stride, float* weights, float* sums, AdagradRule<float> rule)
    {
        var (old, before) = (Copy(weights, stride), Copy(sums, stride));
        base.UpdateRow(rows, steps, stride, weights, sums, rule);
        for (var i = 0; i < stride; i++)
        {
            // The padding of c is minus infinity and stays it.
            if (!double.IsFinite(old[i]))
            {
                continue;
            }

            var (sum, size) = (0.0, 0.0);
            for (var t = 0; t < steps; t++)
            {
                Add(Value(rows, ((nint)t * stride) + i), ref sum, ref size);
            }

            Update("UpdateBiases", sum, Gamma(steps) * size, old[i], before[i], Value(weights, i), Value(sums, i), rule);
        }
    }

    /// <summary>G + g g and theta - eta g / sqrt(G + 1e-8); clipping brings no two numbers further apart.</summary>
    private void Update(string name, double gradient, double gradientError, double weight, double sum, double newWeight, double newSum, AdagradRule<float> rule)
    {
        var (eta, clip) = (double.CreateChecked(rule.Eta), double.CreateChecked(rule.Clip));
        var g = Math.Clamp(gradient, -clip, clip);
        var exact = sum + (g * g);
        var bound = (2 * Math.Abs(g) * gradientError) + (gradientError * gradientError) + (3 * Unit * exact) + Tiny;
        errors.Record($"{name}, the sums", newSum - exact, bound);

        var root = Math.Sqrt(newSum + AdagradRule<float>.Epsilon);
        var change = eta * g / root;
        bound = (eta * gradientError / root) + (6 * Unit * Math.Abs(change)) + (2 * Unit * Math.Abs(newWeight)) + Tiny;
        errors.Record(name, newWeight - (weight - change), bound * 1.001);
    }

    private static void Add(double term, ref double sum, ref double size)
    {
        sum += term;
        size += Math.Abs(term);
    }

    private static double Gamma(int n) => n * Unit / (1 - (n * Unit));

    private static double Value(float* pointer, nint index) => pointer[index];

    private static double[] Copy(float* pointer, int length)
    {
        var copy = new double[length];
        for (var i = 0; i < length; i++)
        {
            copy[i] = Value(pointer, i);
        }

        return copy;
    }
}
