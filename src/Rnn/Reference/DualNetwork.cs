using System.Runtime.Intrinsics;
using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// Derivatives by dual numbers, which have no step size: every element carries its derivatives in eight directions, and every operation
/// applies its rule of calculus to them, so their only error is rounding. A vector that no direction changes carries none. The values
/// themselves, and each operation's derivatives in its operands, are the same whatever the directions are: they are computed once, and a network that is made like another of the same chunk reads its.
/// Source: Griewank, Walther, "Evaluating Derivatives", SIAM 2008, chapter 3 (vector mode).
/// </summary>
internal sealed class DualNetwork(ReferenceParameters<double> weights, double[] initialState, int[] x, int[] y, Func<int, int, int, double>? dropout = null, DualNetwork? like = null)
    : DirectionalNetwork(weights, initialState, x, y, dropout)
{
    private readonly int _parts = weights.Shape.Layers + 1;

    // For each time step and layer the operations in their order. Once the first network is made nothing is added, and any thread may read.
    private readonly List<List<Known>> _known = like?._known ?? [];
    private List<Known> _current = [];
    private int _next;

    /// <inheritdoc/>
    protected override IVaried MatrixOf(double[] values, int rows, int columns) => new DualMatrix(this, values, rows, columns);

    /// <inheritdoc/>
    protected override IVaried VectorOf(double[] values) => new Dual(this, values);

    /// <inheritdoc/>
    protected override Vector Constant(double[] values) => new Dual(this, values);

    /// <inheritdoc/>
    protected override Vector OneHot(int length, int place) => new Dual(this, new double[length], null, place);

    /// <inheritdoc/>
    protected override void Enter(int step, int layer)
    {
        var place = (step * _parts) + layer;
        if (place == _known.Count)
        {
            _known.Add([]);
        }

        (_current, _next) = (_known[place], 0);
    }

    /// <inheritdoc/>
    protected override Vector Kept(Vector state) =>
        state is Dual { Derivatives: { } derivatives } dual ? new Dual(this, dual.Values, Memory.Kept(derivatives)) : state;

    /// <inheritdoc/>
    protected override void AddLoss(Vector logits, int target, Span<double> derivatives)
    {
        // log sum_k e^o_k - o_target
        var o = (Dual)logits;
        var known = Once(() =>
        {
            var largest = o.Values.Max();
            var powers = Array.ConvertAll(o.Values, value => Math.Exp(value - largest));
            return new(powers, [powers.Sum()]);
        });
        if (o.Derivatives is not { } slopes)
        {
            return;
        }

        var of = Lanes.Registers(slopes);
        var slope = Vector512<double>.Zero;
        for (var i = 0; i < of.Length; i++)
        {
            slope += of[i] * known.Values[i];
        }

        slope = (slope / Vector512.Create(known.OfLeft![0])) - of[target];
        (Vector512.Create<double>(derivatives) + slope).CopyTo(derivatives);
    }

    /// <summary>The next operation of the pass: computed when it is met for the first time.</summary>
    private Known Once(Func<Known> compute)
    {
        if (_next == _current.Count)
        {
            _current.Add(compute());
        }

        return _current[_next++];
    }

    /// <summary>An operation on plain numbers.</summary>
    /// <param name="Values">Its result.</param>
    /// <param name="OfLeft">The derivative of each element in the left operand's; null where it is 1.</param>
    /// <param name="OfRight">The same for the right operand.</param>
    private sealed record Known(double[] Values, double[]? OfLeft = null, double[]? OfRight = null);

    /// <summary>A vector of dual numbers.</summary>
    private sealed class Dual(DualNetwork network, double[] values, double[]? derivatives = null, int oneHot = -1) : Vector, IVaried
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

        protected override Vector Add(Vector right) => Combine((Dual)right, (a, b) => new(Each(a, b, (p, q) => p + q)));

        protected override Vector Subtract(Vector right) => Combine((Dual)right, (a, b) => new(Each(a, b, (p, q) => p - q), OfRight: Each(a, b, (_, _) => -1)));

        protected override Vector Multiply(Vector right) => Combine((Dual)right, (a, b) => new(Each(a, b, (p, q) => p * q), b, a));

        protected override Vector Divide(Vector right) =>
            Combine((Dual)right, (a, b) => new(Each(a, b, (p, q) => p / q), Each(a, b, (_, q) => 1 / q), Each(a, b, (p, q) => -p / (q * q))));

        protected override Vector Constant(double value) => new Dual(network, network.Once(() => new(Array.ConvertAll(Values, _ => value))).Values);

        private static double[] Each(double[] left, double[] right, Func<double, double, double> operation)
        {
            var result = new double[left.Length];
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = operation(left[i], right[i]);
            }

            return result;
        }

        private Dual Chain(Func<double, double> function, Func<double, double, double> derivative)
        {
            var known = network.Once(() =>
            {
                var result = Array.ConvertAll(Values, value => function(value));
                return new(result, Each(Values, result, derivative));
            });
            return new(network, known.Values, Scaled(Derivatives, known.OfLeft));
        }

        /// <summary>The operation gives the values and their derivatives in the left and in the right operand.</summary>
        private Dual Combine(Dual right, Func<double[], double[], Known> operation)
        {
            var known = network.Once(() => operation(Values, right.Values));
            var slopes = Derivatives is null ? Scaled(right.Derivatives, known.OfRight)
                : right.Derivatives is null ? Scaled(Derivatives, known.OfLeft)
                : Sum(Derivatives, known.OfLeft, right.Derivatives, known.OfRight);
            return new(network, known.Values, slopes);
        }

        /// <summary>Each element's derivatives times its factor; the derivatives themselves where all factors are 1.</summary>
        private double[]? Scaled(double[]? derivatives, double[]? factors)
        {
            if (derivatives is null || factors is null)
            {
                return derivatives;
            }

            var result = network.Memory.Take(derivatives.Length);
            var from = Lanes.Registers(derivatives);
            var to = Lanes.Registers(result);
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = from[i] * factors[i];
            }

            return result;
        }

        private double[] Sum(double[] left, double[]? ofLeft, double[] right, double[]? ofRight)
        {
            var result = network.Memory.Take(left.Length);
            var first = Lanes.Registers(left);
            var second = Lanes.Registers(right);
            var to = Lanes.Registers(result);
            for (var i = 0; i < to.Length; i++)
            {
                var (a, b) = (ofLeft is null ? first[i] : first[i] * ofLeft[i], ofRight is null ? second[i] : second[i] * ofRight[i]);
                to[i] = a + b;
            }

            return result;
        }
    }

    /// <summary>A matrix, some elements of which are variables.</summary>
    private sealed class DualMatrix(DualNetwork network, double[] values, int rows, int columns) : Matrix, IVaried
    {
        private Variable[] _directions = [];

        public void Vary(Variable[] directions) => _directions = directions;

        protected override Vector Times(Vector right)
        {
            var vector = (Dual)right;
            var known = network.Once(() => new(vector.Place >= 0 ? Column(values, rows, columns, vector.Place) : Product(values, rows, vector.Values)));
            double[]? slopes = null;
            if (vector.Derivatives is { } derivatives)
            {
                slopes = network.Memory.Take(rows * Count);
                Lanes.Multiply(values, columns, derivatives, slopes, Count);
            }

            for (var d = 0; d < _directions.Length; d++)
            {
                var slope = vector.Place >= 0 ? _directions[d].AlongOneHot(vector.Place) : _directions[d].Along(vector.Values);
                if (slope != 0)
                {
                    slopes ??= network.Memory.TakeZeros(rows * Count);
                    slopes[(_directions[d].Row * Count) + d] += slope;
                }
            }

            return new Dual(network, known.Values, slopes);
        }
    }
}
