using CharRnn.Rnn.Gradients;

namespace CharRnn.Rnn.Kernels;

public abstract unsafe partial class RecurrentKernels<T>
{
    /// <summary>These kernels, with every call's results held against what exact arithmetic makes of the same operands.</summary>
    /// <param name="errors">Receives each call's error as a part of its rounding bound.</param>
    /// <exception cref="NotSupportedException">These kernels are not in single precision, for double precision is what is exact here.</exception>
    public RecurrentKernels<T> Observe(KernelErrors errors) => typeof(T) == typeof(float)
        ? new Observed(this, errors)
        : throw new NotSupportedException("Only single-precision kernels can be held against double precision.");

    /// <summary>
    /// Runs the real kernel, then its formula in double precision over the float operands that the kernel saw. A sum of n
    /// products in any order is within gamma(n) of the sum of magnitudes (Higham, "Accuracy and Stability of Numerical
    /// Algorithms", 2002, section 3.1); operands are those of each call, so nothing adds up over the time steps.
    /// </summary>
    private sealed class Observed(RecurrentKernels<T> inner, KernelErrors errors) : RecurrentKernels<T>(inner.Layout, inner.InstructionSet, inner.IsFixedSize)
    {
        private const double Unit = 1.0 / (1 << 24);

        /// <summary>Relative errors of tanh and exp: 6 and 3 units in the last place, of which a unit is at most 2^-23.</summary>
        private const double TanhError = 12 * Unit, ExpError = 6 * Unit;

        private const double Tiny = 1e-37;

        private int HiddenStride => Layout.HiddenStride;

        private int VocabularyStride => Layout.VocabularyStride;

        protected override void Forward(T* W, T* U, T* b, T* h, int* x, int steps)
        {
            inner.Forward(W, U, b, h, x, steps);
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

        protected override void Logits(T* VT, T* c, T* h, T* o, int steps)
        {
            inner.Logits(VT, c, h, o, steps);
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

        protected override double SoftmaxLoss(T* o, int* y, int steps)
        {
            var logits = Copy(o, steps * VocabularyStride);
            var loss = inner.SoftmaxLoss(o, y, steps);
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

        protected override void HiddenGradient(T* V, T* g, T* dh, int steps)
        {
            inner.HiddenGradient(V, g, dh, steps);
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

        protected override void Backward(T* W, T* h, T* dh, int steps)
        {
            var before = Copy(dh, steps * HiddenStride);
            inner.Backward(W, h, dh, steps);
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

        protected override void UpdateV(T* h, T* g, T* VT, T* sums, int steps, AdagradRule<T> rule)
        {
            var (weights, before) = (Copy(VT, Hidden * VocabularyStride), Copy(sums, Hidden * VocabularyStride));
            inner.UpdateV(h, g, VT, sums, steps, rule);
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

        protected override void UpdateW(T* dz, T* h, T* W, T* sums, T* spread, int steps, AdagradRule<T> rule)
        {
            var length = checked((int)Layout.LengthOfW);
            var (weights, before) = (Copy(W, length), Copy(sums, length));
            inner.UpdateW(dz, h, W, sums, spread, steps, rule);
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

        protected override void UpdateColumn(T* dz, int t, int* next, T* column, T* sums, AdagradRule<T> rule)
        {
            var (weights, before) = (Copy(column, Hidden), Copy(sums, Hidden));
            inner.UpdateColumn(dz, t, next, column, sums, rule);
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

        protected override void UpdateRow(T* rows, int steps, int stride, T* weights, T* sums, AdagradRule<T> rule)
        {
            var (old, before) = (Copy(weights, stride), Copy(sums, stride));
            inner.UpdateRow(rows, steps, stride, weights, sums, rule);
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

        protected override void Transpose(T* VT, T* V) => inner.Transpose(VT, V);

        /// <summary>G + g g and theta - eta g / sqrt(G + 1e-8); clipping brings no two numbers further apart.</summary>
        private void Update(string name, double gradient, double gradientError, double weight, double sum, double newWeight, double newSum, AdagradRule<T> rule)
        {
            var (eta, clip) = (double.CreateChecked(rule.Eta), double.CreateChecked(rule.Clip));
            var g = Math.Clamp(gradient, -clip, clip);
            var exact = sum + (g * g);
            var bound = (2 * Math.Abs(g) * gradientError) + (gradientError * gradientError) + (3 * Unit * exact) + Tiny;
            errors.Record($"{name}, the sums", newSum - exact, bound);

            var root = Math.Sqrt(newSum + AdagradRule<T>.Epsilon);
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

        private static double Value(T* pointer, nint index) => ((float*)pointer)[index];

        private static double[] Copy(T* pointer, int length)
        {
            var copy = new double[length];
            for (var i = 0; i < length; i++)
            {
                copy[i] = Value(pointer, i);
            }

            return copy;
        }
    }
}
