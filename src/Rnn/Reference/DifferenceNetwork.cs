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
    private const int Networks = 2 * Count;
    private const int Registers = Networks / Lanes.Together;

    private double Step => step;

    private interface IBinary
    {
        static abstract Vector512<double> Of(Vector512<double> left, Vector512<double> right);
    }

    private interface IUnary
    {
        static abstract Vector512<double> Of(Vector512<double> value);
    }

    /// <inheritdoc/>
    protected override IVaried MatrixOf(double[] values, int rows, int columns) => new LaneMatrix(this, values, rows, columns);

    /// <inheritdoc/>
    protected override IVaried VectorOf(double[] values) => new LaneVector(this, values);

    /// <inheritdoc/>
    protected override Vector Constant(double[] values) => new LaneVector(this, values);

    /// <inheritdoc/>
    protected override Vector OneHot(int length, int place) => new LaneVector(this, new double[length], null, place);

    /// <inheritdoc/>
    protected override Vector Kept(Vector state) => state is LaneVector { Elements: { } elements } ? new LaneVector(this, [], Memory.Kept(elements)) : state;

    /// <inheritdoc/>
    protected override void AddLoss(Vector logits, int target, Span<double> derivatives)
    {
        if (((LaneVector)logits).Elements is not { } elements)
        {
            return;
        }

        var o = Lanes.Registers(elements);
        Span<double> losses = stackalloc double[Networks];
        for (var register = 0; register < Registers; register++)
        {
            var largest = o[register];
            for (var i = register; i < o.Length; i += Registers)
            {
                largest = Vector512.Max(largest, o[i]);
            }

            var sum = Vector512<double>.Zero;
            for (var i = register; i < o.Length; i += Registers)
            {
                sum += Vector512.Exp(o[i] - largest);
            }

            (Vector512.Log(sum) - (o[(target * Registers) + register] - largest)).CopyTo(losses[(Lanes.Together * register)..]);
        }

        for (var d = 0; d < Count; d++)
        {
            derivatives[d] += (losses[2 * d] - losses[(2 * d) + 1]) / (2 * step);
        }
    }

    private readonly struct Plus : IBinary
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left + right;
    }

    private readonly struct Minus : IBinary
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left - right;
    }

    private readonly struct MultipliedBy : IBinary
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left * right;
    }

    private readonly struct DividedBy : IBinary
    {
        public static Vector512<double> Of(Vector512<double> left, Vector512<double> right) => left / right;
    }

    private readonly struct HyperbolicTangent : IUnary
    {
        // The first coefficients of the series in x^2; within a quarter they are tanh x / x to the last bit.
        private static readonly double[] Series =
        [
            1, -1.0 / 3, 2.0 / 15, -17.0 / 315, 62.0 / 2835, -1382.0 / 155925, 21844.0 / 6081075, -929569.0 / 638512875, 6404582.0 / 10854718875,
            -443861162.0 / 1856156927625,
        ];

        public static Vector512<double> Of(Vector512<double> value)
        {
            // Beyond 20 it is 1 to the last bit, and e^40 does not overflow.
            var two = Vector512.Create(2.0);
            var power = Vector512.Exp(two * Vector512.Min(Vector512.Max(value, Vector512.Create(-20.0)), Vector512.Create(20.0)));
            var far = Vector512<double>.One - (two / (power + Vector512<double>.One));
            var (square, near) = (value * value, Vector512<double>.Zero);
            for (var i = Series.Length - 1; i >= 0; i--)
            {
                near = (near * square) + Vector512.Create(Series[i]);
            }

            return Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(value), Vector512.Create(0.25)), near * value, far);
        }
    }

    private readonly struct Logistic : IUnary
    {
        public static Vector512<double> Of(Vector512<double> value) => Vector512<double>.One / (Vector512<double>.One + Vector512.Exp(-value));
    }

    private readonly struct Root : IUnary
    {
        public static Vector512<double> Of(Vector512<double> value) => Vector512.Sqrt(value);
    }

    /// <summary>A vector of sixteen networks.</summary>
    private sealed class LaneVector(DifferenceNetwork network, double[] values, double[]? elements = null, int oneHot = -1) : Vector, IVaried
    {
        /// <summary>The elements, where they are the same in all networks.</summary>
        public double[] Values { get; } = values;

        /// <summary>Sixteen for each element, one after the other; null where they are all the same.</summary>
        public double[]? Elements { get; private set; } = elements;

        public int Place => oneHot;

        public int Length => Elements is null ? Values.Length : Elements.Length / Networks;

        public void Vary(Variable[] directions)
        {
            Elements = null;
            if (directions.Length > 0)
            {
                Elements = new double[Values.Length * Networks];
                Spread(Values, Elements);
            }

            for (var d = 0; d < directions.Length; d++)
            {
                Elements![(directions[d].Row * Networks) + (2 * d)] += network.Step;
                Elements![(directions[d].Row * Networks) + (2 * d) + 1] -= network.Step;
            }
        }

        /// <summary>The same in all networks.</summary>
        public static void Spread(double[] values, double[] elements)
        {
            for (var i = 0; i < values.Length; i++)
            {
                elements.AsSpan(i * Networks, Networks).Fill(values[i]);
            }
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
            return new LaneVector(network, constant);
        }

        private LaneVector Apply<TOperation>()
            where TOperation : IUnary
        {
            if (Elements is null)
            {
                return new(network, Array.ConvertAll(Values, value => TOperation.Of(Vector512.Create(value)).ToScalar()));
            }

            var result = network.Memory.Take(Elements.Length);
            var input = Lanes.Registers(Elements);
            var output = Lanes.Registers(result);
            for (var i = 0; i < input.Length; i++)
            {
                output[i] = TOperation.Of(input[i]);
            }

            return new(network, [], result);
        }

        private LaneVector Combine<TOperation>(LaneVector right)
            where TOperation : IBinary
        {
            if (Elements is null && right.Elements is null)
            {
                return new(network, [.. Values.Zip(right.Values, (a, b) => TOperation.Of(Vector512.Create(a), Vector512.Create(b)).ToScalar())]);
            }

            var result = network.Memory.Take(Length * Networks);
            var output = Lanes.Registers(result);
            if (Elements is null)
            {
                var other = Lanes.Registers(right.Elements!);
                for (var i = 0; i < output.Length; i++)
                {
                    output[i] = TOperation.Of(Vector512.Create(Values[i / Registers]), other[i]);
                }
            }
            else if (right.Elements is null)
            {
                var left = Lanes.Registers(Elements);
                for (var i = 0; i < output.Length; i++)
                {
                    output[i] = TOperation.Of(left[i], Vector512.Create(right.Values[i / Registers]));
                }
            }
            else
            {
                var left = Lanes.Registers(Elements);
                var other = Lanes.Registers(right.Elements);
                for (var i = 0; i < output.Length; i++)
                {
                    output[i] = TOperation.Of(left[i], other[i]);
                }
            }

            return new(network, [], result);
        }
    }

    /// <summary>A matrix, some elements of which differ between the networks.</summary>
    private sealed class LaneMatrix(DifferenceNetwork network, double[] values, int rows, int columns) : Matrix, IVaried
    {
        private Variable[] _directions = [];

        public void Vary(Variable[] directions) => _directions = directions;

        protected override Vector Times(Vector right)
        {
            var vector = (LaneVector)right;
            return vector.Elements is { } elements ? new LaneVector(network, [], Products(elements)) : TimesConstant(vector);
        }

        private LaneVector TimesConstant(LaneVector vector)
        {
            var product = vector.Place >= 0 ? Column(values, rows, columns, vector.Place) : Product(values, rows, vector.Values);
            double[]? elements = null;
            for (var d = 0; d < _directions.Length; d++)
            {
                var change = network.Step * (vector.Place >= 0 ? _directions[d].AlongOneHot(vector.Place) : _directions[d].Along(vector.Values));
                if (change == 0)
                {
                    continue;
                }

                if (elements is null)
                {
                    elements = network.Memory.Take(rows * Networks);
                    LaneVector.Spread(product, elements);
                }

                elements[(_directions[d].Row * Networks) + (2 * d)] += change;
                elements[(_directions[d].Row * Networks) + (2 * d) + 1] -= change;
            }

            return elements is null ? new(network, product) : new(network, [], elements);
        }

        private double[] Products(double[] elements)
        {
            var result = network.Memory.Take(rows * Networks);
            Lanes.Multiply(values, columns, elements, result, Networks);
            for (var d = 0; d < _directions.Length; d++)
            {
                for (var side = 0; side < 2; side++)
                {
                    var lane = (2 * d) + side;
                    result[(_directions[d].Row * Networks) + lane] += (side == 0 ? network.Step : -network.Step) * _directions[d].Along(elements, lane, Networks);
                }
            }

            return result;
        }
    }
}
