using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// Centred differences (loss(theta + step) - loss(theta - step)) / (2 step): sixteen networks side by side, each element with its value
/// in every one of them; network 2 d has direction d raised by the step, network 2 d + 1 has it lowered. The losses are subtracted time
/// step by time step, which keeps more digits than subtracting their sums. A vector that no direction changes has one value an element.
/// </summary>
internal sealed class DifferenceNetwork(ReferenceParameters<double> weights, double[] initialState, int[] x, int[] y, double step, Func<int, int, int, double>? dropout = null)
    : DirectionalNetwork(weights, initialState, x, y, dropout)
{
    private const int Lanes = 2 * Count;
    private const int Registers = Lanes / 4;

    private interface IBinary
    {
        static abstract Vector256<double> Of(Vector256<double> left, Vector256<double> right);
    }

    private interface IUnary
    {
        static abstract Vector256<double> Of(Vector256<double> value);
    }

    /// <inheritdoc/>
    protected override IVaried MatrixOf(double[] values, int rows, int columns) => new LaneMatrix(values, rows, columns, step);

    /// <inheritdoc/>
    protected override IVaried VectorOf(double[] values) => new LaneVector(values, step: step);

    /// <inheritdoc/>
    protected override Vector Constant(double[] values) => new LaneVector(values);

    /// <inheritdoc/>
    protected override Vector OneHot(int length, int place) => new LaneVector(new double[length], null, place);

    /// <inheritdoc/>
    protected override void AddLoss(Vector logits, int target, Span<double> derivatives)
    {
        if (((LaneVector)logits).Lanes is not { } lanes)
        {
            return;
        }

        var o = MemoryMarshal.Cast<double, Vector256<double>>(lanes.AsSpan());
        Span<double> losses = stackalloc double[DifferenceNetwork.Lanes];
        for (var register = 0; register < Registers; register++)
        {
            var largest = o[register];
            for (var i = register; i < o.Length; i += Registers)
            {
                largest = Vector256.Max(largest, o[i]);
            }

            var sum = Vector256<double>.Zero;
            for (var i = register; i < o.Length; i += Registers)
            {
                sum += Vector256.Exp(o[i] - largest);
            }

            (Vector256.Log(sum) - (o[(target * Registers) + register] - largest)).CopyTo(losses[(4 * register)..]);
        }

        for (var d = 0; d < Count; d++)
        {
            derivatives[d] += (losses[2 * d] - losses[(2 * d) + 1]) / (2 * step);
        }
    }

    private readonly struct Plus : IBinary
    {
        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left + right;
    }

    private readonly struct Minus : IBinary
    {
        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left - right;
    }

    private readonly struct MultipliedBy : IBinary
    {
        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left * right;
    }

    private readonly struct DividedBy : IBinary
    {
        public static Vector256<double> Of(Vector256<double> left, Vector256<double> right) => left / right;
    }

    private readonly struct HyperbolicTangent : IUnary
    {
        // The first coefficients of the series in x^2; within a quarter they are tanh x / x to the last bit.
        private static readonly double[] Series =
        [
            1, -1.0 / 3, 2.0 / 15, -17.0 / 315, 62.0 / 2835, -1382.0 / 155925, 21844.0 / 6081075, -929569.0 / 638512875, 6404582.0 / 10854718875,
            -443861162.0 / 1856156927625,
        ];

        public static Vector256<double> Of(Vector256<double> value)
        {
            // Beyond 20 it is 1 to the last bit, and e^40 does not overflow.
            var two = Vector256.Create(2.0);
            var power = Vector256.Exp(two * Vector256.Min(Vector256.Max(value, Vector256.Create(-20.0)), Vector256.Create(20.0)));
            var far = Vector256<double>.One - (two / (power + Vector256<double>.One));
            var (square, near) = (value * value, Vector256<double>.Zero);
            for (var i = Series.Length - 1; i >= 0; i--)
            {
                near = (near * square) + Vector256.Create(Series[i]);
            }

            return Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(value), Vector256.Create(0.25)), near * value, far);
        }
    }

    private readonly struct Logistic : IUnary
    {
        public static Vector256<double> Of(Vector256<double> value) => Vector256<double>.One / (Vector256<double>.One + Vector256.Exp(-value));
    }

    private readonly struct Root : IUnary
    {
        public static Vector256<double> Of(Vector256<double> value) => Vector256.Sqrt(value);
    }

    /// <summary>A vector of sixteen networks.</summary>
    private sealed class LaneVector(double[] values, double[]? lanes = null, int oneHot = -1, double step = 0) : Vector, IVaried
    {
        /// <summary>The elements, where they are the same in all networks.</summary>
        public double[] Values { get; } = values;

        /// <summary>Sixteen for each element, one after the other; null where they are all the same.</summary>
        public double[]? Lanes { get; private set; } = lanes;

        public int Place => oneHot;

        public int Length => Lanes is null ? Values.Length : Lanes.Length / DifferenceNetwork.Lanes;

        public void Vary(Variable[] directions)
        {
            Lanes = null;
            if (directions.Length > 0)
            {
                Lanes = Expanded();
            }

            for (var d = 0; d < directions.Length; d++)
            {
                Lanes![(directions[d].Row * DifferenceNetwork.Lanes) + (2 * d)] += step;
                Lanes![(directions[d].Row * DifferenceNetwork.Lanes) + (2 * d) + 1] -= step;
            }
        }

        public double[] Expanded()
        {
            if (Lanes is not null)
            {
                return Lanes;
            }

            var result = new double[Values.Length * DifferenceNetwork.Lanes];
            for (var i = 0; i < Values.Length; i++)
            {
                result.AsSpan(i * DifferenceNetwork.Lanes, DifferenceNetwork.Lanes).Fill(Values[i]);
            }

            return result;
        }

        protected internal override Vector Tanh() => Apply<HyperbolicTangent>();

        protected internal override Vector Sigmoid() => Apply<Logistic>();

        protected internal override Vector SquareRoot() => Apply<Root>();

        protected override Vector Add(Vector right) => Combine<Plus>((LaneVector)right);

        protected override Vector Subtract(Vector right) => Combine<Minus>((LaneVector)right);

        protected override Vector Multiply(Vector right) => Combine<MultipliedBy>((LaneVector)right);

        protected override Vector Divide(Vector right) => Combine<DividedBy>((LaneVector)right);

        protected override Vector Constant(double value)
        {
            var constant = new double[Length];
            Array.Fill(constant, value);
            return new LaneVector(constant);
        }

        private LaneVector Apply<TOperation>()
            where TOperation : IUnary
        {
            var from = Lanes ?? Values;
            var result = new double[from.Length];
            var input = MemoryMarshal.Cast<double, Vector256<double>>(from.AsSpan());
            var output = MemoryMarshal.Cast<double, Vector256<double>>(result.AsSpan());
            for (var i = 0; i < input.Length; i++)
            {
                output[i] = TOperation.Of(input[i]);
            }

            for (var i = 4 * input.Length; i < from.Length; i++)
            {
                result[i] = TOperation.Of(Vector256.Create(from[i])).ToScalar();
            }

            return Lanes is null ? new(result) : new([], result);
        }

        private LaneVector Combine<TOperation>(LaneVector right)
            where TOperation : IBinary
        {
            var isConstant = Lanes is null && right.Lanes is null;
            var (left, other) = isConstant ? (Values, right.Values) : (Expanded(), right.Expanded());
            var result = new double[left.Length];
            var a = MemoryMarshal.Cast<double, Vector256<double>>(left.AsSpan());
            var b = MemoryMarshal.Cast<double, Vector256<double>>(other.AsSpan());
            var output = MemoryMarshal.Cast<double, Vector256<double>>(result.AsSpan());
            for (var i = 0; i < output.Length; i++)
            {
                output[i] = TOperation.Of(a[i], b[i]);
            }

            for (var i = 4 * output.Length; i < left.Length; i++)
            {
                result[i] = TOperation.Of(Vector256.Create(left[i]), Vector256.Create(other[i])).ToScalar();
            }

            return isConstant ? new(result) : new([], result);
        }
    }

    /// <summary>A matrix, some elements of which differ between the networks.</summary>
    private sealed class LaneMatrix(double[] values, int rows, int columns, double step) : Matrix, IVaried
    {
        private Variable[] _directions = [];

        public void Vary(Variable[] directions) => _directions = directions;

        protected override Vector Times(Vector right)
        {
            var vector = (LaneVector)right;
            if (vector.Lanes is null)
            {
                var product = vector.Place >= 0 ? Column(values, rows, columns, vector.Place) : Product(values, rows, vector.Values);
                if (_directions.Length == 0)
                {
                    return new LaneVector(product);
                }

                var expanded = new LaneVector(product).Expanded();
                for (var d = 0; d < _directions.Length; d++)
                {
                    var change = step * (vector.Place >= 0 ? _directions[d].AlongOneHot(vector.Place) : _directions[d].Along(vector.Values));
                    expanded[(_directions[d].Row * Lanes) + (2 * d)] += change;
                    expanded[(_directions[d].Row * Lanes) + (2 * d) + 1] -= change;
                }

                return new LaneVector([], expanded);
            }

            var result = Products(vector.Lanes);
            var own = new double[columns];
            for (var d = 0; d < _directions.Length; d++)
            {
                for (var side = 0; side < 2; side++)
                {
                    var lane = (2 * d) + side;
                    for (var j = 0; j < columns; j++)
                    {
                        own[j] = vector.Lanes[(j * Lanes) + lane];
                    }

                    result[(_directions[d].Row * Lanes) + lane] += (side == 0 ? step : -step) * _directions[d].Along(own);
                }
            }

            return new LaneVector([], result);
        }

        private double[] Products(double[] lanes)
        {
            var result = new double[rows * Lanes];
            var input = MemoryMarshal.Cast<double, Vector256<double>>(lanes.AsSpan());
            var output = MemoryMarshal.Cast<double, Vector256<double>>(result.AsSpan());
            for (var row = 0; row < rows; row++)
            {
                var (sum0, sum1, sum2, sum3) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
                var line = values.AsSpan(row * columns, columns);
                for (var j = 0; j < line.Length; j++)
                {
                    var weight = Vector256.Create(line[j]);
                    sum0 = Vector256.MultiplyAddEstimate(weight, input[4 * j], sum0);
                    sum1 = Vector256.MultiplyAddEstimate(weight, input[(4 * j) + 1], sum1);
                    sum2 = Vector256.MultiplyAddEstimate(weight, input[(4 * j) + 2], sum2);
                    sum3 = Vector256.MultiplyAddEstimate(weight, input[(4 * j) + 3], sum3);
                }

                output[4 * row] = sum0;
                output[(4 * row) + 1] = sum1;
                output[(4 * row) + 2] = sum2;
                output[(4 * row) + 3] = sum3;
            }

            return result;
        }
    }
}
