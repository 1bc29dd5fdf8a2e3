using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// Derivatives by dual numbers, which have no step size: every element carries its derivatives in eight directions, and every operation
/// applies its rule of calculus to them, so their only error is rounding. A vector that no direction changes carries none.
/// Source: Griewank, Walther, "Evaluating Derivatives", SIAM 2008, chapter 3 (vector mode).
/// </summary>
internal sealed class DualNetwork(ReferenceParameters<double> weights, double[] initialState, int[] x, int[] y, Func<int, int, int, double>? dropout = null)
    : DirectionalNetwork(weights, initialState, x, y, dropout)
{
    /// <inheritdoc/>
    protected override IVaried MatrixOf(double[] values, int rows, int columns) => new DualMatrix(values, rows, columns);

    /// <inheritdoc/>
    protected override IVaried VectorOf(double[] values) => new Dual(values);

    /// <inheritdoc/>
    protected override Vector Constant(double[] values) => new Dual(values);

    /// <inheritdoc/>
    protected override Vector OneHot(int length, int place) => new Dual(new double[length], null, place);

    /// <inheritdoc/>
    protected override void AddLoss(Vector logits, int target, Span<double> derivatives)
    {
        var o = (Dual)logits;
        if (o.Derivatives is not { } slopes)
        {
            return;
        }

        // log sum_k e^o_k - o_target
        var largest = o.Values.Max();
        var sum = 0.0;
        Span<double> slope = stackalloc double[Count];
        slope.Clear();
        for (var i = 0; i < o.Values.Length; i++)
        {
            var power = Math.Exp(o.Values[i] - largest);
            sum += power;
            for (var d = 0; d < Count; d++)
            {
                slope[d] += power * slopes[(i * Count) + d];
            }
        }

        for (var d = 0; d < Count; d++)
        {
            derivatives[d] += (slope[d] / sum) - slopes[(target * Count) + d];
        }
    }

    /// <summary>A vector of dual numbers.</summary>
    private sealed class Dual(double[] values, double[]? derivatives = null, int oneHot = -1) : Vector, IVaried
    {
        public double[] Values { get; } = values;

        /// <summary>Eight for each element, one after the other; null where all are zero.</summary>
        public double[]? Derivatives { get; private set; } = derivatives;

        public int Place => oneHot;

        public void Vary(Variable[] directions)
        {
            Derivatives = directions.Length == 0 ? null : new double[Values.Length * Count];
            for (var d = 0; d < directions.Length; d++)
            {
                Derivatives![(directions[d].Row * Count) + d] = 1;
            }
        }

        protected internal override Vector Tanh()
        {
            // 1 / cosh^2 x: not computed from the value, as backpropagation does.
            return Chain(Math.Tanh, (x, _) => 1 / (Math.Cosh(x) * Math.Cosh(x)));
        }

        protected internal override Vector Sigmoid() => Chain(x => 1 / (1 + Math.Exp(-x)), (x, _) => 0.25 / (Math.Cosh(x / 2) * Math.Cosh(x / 2)));

        protected internal override Vector SquareRoot() => Chain(Math.Sqrt, (_, root) => 0.5 / root);

        protected override Vector Add(Vector right) => Combine((Dual)right, (a, b) => (a + b, 1, 1));

        protected override Vector Subtract(Vector right) => Combine((Dual)right, (a, b) => (a - b, 1, -1));

        protected override Vector Multiply(Vector right) => Combine((Dual)right, (a, b) => (a * b, b, a));

        protected override Vector Divide(Vector right) => Combine((Dual)right, (a, b) => (a / b, 1 / b, -a / (b * b)));

        protected override Vector Constant(double value)
        {
            var constant = new double[Values.Length];
            Array.Fill(constant, value);
            return new Dual(constant);
        }

        private Dual Chain(Func<double, double> function, Func<double, double, double> derivative)
        {
            var result = Array.ConvertAll(Values, value => function(value));
            if (Derivatives is null)
            {
                return new(result);
            }

            var slopes = new double[Derivatives.Length];
            for (var i = 0; i < result.Length; i++)
            {
                AddScaled(slopes, i, derivative(Values[i], result[i]), Derivatives);
            }

            return new(result, slopes);
        }

        /// <summary>The operation gives the value and its derivatives in the left and in the right operand.</summary>
        private Dual Combine(Dual right, Func<double, double, (double Value, double Left, double Right)> operation)
        {
            var result = new double[Values.Length];
            var slopes = Derivatives is null && right.Derivatives is null ? null : new double[Values.Length * Count];
            for (var i = 0; i < result.Length; i++)
            {
                var (value, ofLeft, ofRight) = operation(Values[i], right.Values[i]);
                result[i] = value;
                if (Derivatives is { } left)
                {
                    AddScaled(slopes!, i, ofLeft, left);
                }

                if (right.Derivatives is { } other)
                {
                    AddScaled(slopes!, i, ofRight, other);
                }
            }

            return new(result, slopes);
        }

        private static void AddScaled(double[] into, int element, double factor, double[] from)
        {
            var sum = MemoryMarshal.Cast<double, Vector256<double>>(into.AsSpan());
            var terms = MemoryMarshal.Cast<double, Vector256<double>>(from.AsSpan());
            sum[2 * element] += terms[2 * element] * factor;
            sum[(2 * element) + 1] += terms[(2 * element) + 1] * factor;
        }
    }

    /// <summary>A matrix, some elements of which are variables.</summary>
    private sealed class DualMatrix(double[] values, int rows, int columns) : Matrix, IVaried
    {
        private Variable[] _directions = [];

        public void Vary(Variable[] directions) => _directions = directions;

        protected override Vector Times(Vector right)
        {
            var vector = (Dual)right;
            var result = vector.Place >= 0 ? Column(values, rows, columns, vector.Place) : Product(values, rows, vector.Values);
            var slopes = vector.Derivatives is { } derivatives ? Slopes(derivatives) : _directions.Length > 0 ? new double[rows * Count] : null;
            for (var d = 0; d < _directions.Length; d++)
            {
                slopes![(_directions[d].Row * Count) + d] += vector.Place >= 0 ? _directions[d].AlongOneHot(vector.Place) : _directions[d].Along(vector.Values);
            }

            return new Dual(result, slopes);
        }

        /// <summary>The matrix times eight vectors, two rows at a time.</summary>
        private double[] Slopes(double[] derivatives)
        {
            var result = new double[rows * Count];
            var input = MemoryMarshal.Cast<double, Vector256<double>>(derivatives.AsSpan());
            var output = MemoryMarshal.Cast<double, Vector256<double>>(result.AsSpan());
            for (var i = 0; i < rows; i += 2)
            {
                var first = values.AsSpan(i * columns, columns);
                var second = values.AsSpan(Math.Min(i + 1, rows - 1) * columns, columns);
                var (a0, a1, b0, b1) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
                for (var j = 0; j < columns; j++)
                {
                    var (low, high) = (input[2 * j], input[(2 * j) + 1]);
                    var (a, b) = (Vector256.Create(first[j]), Vector256.Create(second[j]));
                    a0 = Vector256.MultiplyAddEstimate(a, low, a0);
                    a1 = Vector256.MultiplyAddEstimate(a, high, a1);
                    b0 = Vector256.MultiplyAddEstimate(b, low, b0);
                    b1 = Vector256.MultiplyAddEstimate(b, high, b1);
                }

                (output[2 * i], output[(2 * i) + 1]) = (a0, a1);
                if (i + 1 < rows)
                {
                    (output[(2 * i) + 2], output[(2 * i) + 3]) = (b0, b1);
                }
            }

            return result;
        }
    }
}
