using System.Numerics;
using CharRnn.Rnn.Cells;
using Vector = CharRnn.Rnn.Cells.Vector;

namespace CharRnn.Rnn.Reference;

/// <summary>
/// What was computed, in its order, so that it can be gone through backwards: reverse-mode differentiation, one rule an operation.
/// It knows nothing of the generator's derivation, nor of any cell. Source: Griewank, Walther, "Evaluating Derivatives", SIAM 2008, chapter 3.
/// </summary>
/// <typeparam name="T">float, double or <see cref="Noisy"/>.</typeparam>
internal sealed class Tape<T>
    where T : struct,
        IAdditionOperators<T, T, T>,
        ISubtractionOperators<T, T, T>,
        IMultiplyOperators<T, T, T>,
        IDivisionOperators<T, T, T>,
        IUnaryNegationOperators<T, T>,
        IComparisonOperators<T, T, bool>
{
    private readonly List<(TapeVector<T> Result, Action Rule)> _operations = [];
    private readonly List<TapeVector<T>> _all = [];

    /// <summary>The results of all calls of Sigmoid, in their order.</summary>
    public List<TapeVector<T>> Sigmoids { get; } = [];

    /// <summary>Notes a vector.</summary>
    public void Add(TapeVector<T> vector) => _all.Add(vector);

    /// <summary>Notes an operation: its result and what its rule does with the result's gradient.</summary>
    public TapeVector<T> Record(T[] values, Action<T[]> rule)
    {
        var result = new TapeVector<T>(this, values);
        _operations.Add((result, () => rule(result.Gradient)));
        return result;
    }

    /// <summary>Sets every vector's gradient to zero.</summary>
    public void ClearGradients()
    {
        foreach (var vector in _all)
        {
            vector.Clear();
        }
    }

    /// <summary>Carries the gradients from the results to what they were made of.</summary>
    public void Backward()
    {
        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            if (_operations[i].Result.HasGradient)
            {
                _operations[i].Rule();
            }
        }
    }
}

/// <summary>A vector on a tape.</summary>
/// <typeparam name="T">float, double or <see cref="Noisy"/>.</typeparam>
internal sealed class TapeVector<T> : Vector
    where T : struct,
        IAdditionOperators<T, T, T>,
        ISubtractionOperators<T, T, T>,
        IMultiplyOperators<T, T, T>,
        IDivisionOperators<T, T, T>,
        IUnaryNegationOperators<T, T>,
        IComparisonOperators<T, T, bool>
{
    private readonly Tape<T> _tape;
    private T[]? _gradient;

    /// <summary>A vector that is not computed: a state, a bias, an input.</summary>
    /// <param name="tape">Where what is made of it is noted.</param>
    /// <param name="values">The elements, not copied.</param>
    /// <param name="oneHot">Which element is 1 while the others are 0; -1 for any other vector.</param>
    public TapeVector(Tape<T> tape, T[] values, int oneHot = -1)
    {
        (_tape, Values, OneHot) = (tape, values, oneHot);
        tape.Add(this);
    }

    /// <summary>The elements.</summary>
    public T[] Values { get; }

    /// <summary>Which element is 1 while the others are 0; -1 for any other vector.</summary>
    public int OneHot { get; }

    /// <summary>Whether anything that was computed of it has a gradient.</summary>
    public bool HasGradient => _gradient is not null;

    /// <summary>The loss's gradient in the elements; may be added to.</summary>
    public T[] Gradient => _gradient ??= new T[Values.Length];

    /// <summary>Forgets the gradient.</summary>
    public void Clear() => _gradient = null;

    /// <summary>Matrix times this, where the matrix's gradient goes into an array of its own.</summary>
    public TapeVector<T> TimesMatrix(T[] matrix, T[] gradient, int rows)
    {
        var columns = Values.Length;
        var result = new T[rows];
        for (var i = 0; i < rows; i++)
        {
            result[i] = OneHot >= 0 ? matrix[(i * columns) + OneHot] : Dot(matrix.AsSpan(i * columns, columns), Values);
        }

        return _tape.Record(result, g =>
        {
            for (var i = 0; i < rows; i++)
            {
                if (OneHot >= 0)
                {
                    gradient[(i * columns) + OneHot] += g[i];
                    continue;
                }

                var row = matrix.AsSpan(i * columns, columns);
                var slope = gradient.AsSpan(i * columns, columns);
                var own = Gradient;
                for (var j = 0; j < columns; j++)
                {
                    slope[j] += g[i] * Values[j];
                    own[j] += row[j] * g[i];
                }
            }
        });
    }

    /// <inheritdoc/>
    protected internal override Vector Tanh()
    {
        var result = Array.ConvertAll(Values, RealFunctions.Tanh);
        return _tape.Record(result, g =>
        {
            for (var i = 0; i < g.Length; i++)
            {
                Gradient[i] += g[i] * (RealFunctions.FromDouble<T>(1) - (result[i] * result[i]));
            }
        });
    }

    /// <inheritdoc/>
    protected internal override Vector Sigmoid()
    {
        var one = RealFunctions.FromDouble<T>(1);
        var result = Array.ConvertAll(Values, value => one / (one + RealFunctions.Exp(-value)));
        var recorded = _tape.Record(result, g =>
        {
            for (var i = 0; i < g.Length; i++)
            {
                Gradient[i] += g[i] * (result[i] * (one - result[i]));
            }
        });
        _tape.Sigmoids.Add(recorded);
        return recorded;
    }

    /// <inheritdoc/>
    protected internal override Vector SquareRoot()
    {
        var result = Array.ConvertAll(Values, RealFunctions.Sqrt);
        return _tape.Record(result, g =>
        {
            for (var i = 0; i < g.Length; i++)
            {
                Gradient[i] += g[i] / (result[i] + result[i]);
            }
        });
    }

    /// <inheritdoc/>
    protected override Vector Add(Vector right)
    {
        var other = (TapeVector<T>)right;
        return _tape.Record(Combine(other, (a, b) => a + b), g =>
        {
            AddTo(Gradient, g);
            AddTo(other.Gradient, g);
        });
    }

    /// <inheritdoc/>
    protected override Vector Subtract(Vector right)
    {
        var other = (TapeVector<T>)right;
        return _tape.Record(Combine(other, (a, b) => a - b), g =>
        {
            AddTo(Gradient, g);
            for (var i = 0; i < g.Length; i++)
            {
                other.Gradient[i] -= g[i];
            }
        });
    }

    /// <inheritdoc/>
    protected override Vector Multiply(Vector right)
    {
        var other = (TapeVector<T>)right;
        return _tape.Record(Combine(other, (a, b) => a * b), g =>
        {
            for (var i = 0; i < g.Length; i++)
            {
                Gradient[i] += g[i] * other.Values[i];
                other.Gradient[i] += g[i] * Values[i];
            }
        });
    }

    /// <inheritdoc/>
    protected override Vector Divide(Vector right)
    {
        var other = (TapeVector<T>)right;
        var result = Combine(other, (a, b) => a / b);
        return _tape.Record(result, g =>
        {
            for (var i = 0; i < g.Length; i++)
            {
                var part = g[i] / other.Values[i];
                Gradient[i] += part;
                other.Gradient[i] -= part * result[i];
            }
        });
    }

    /// <inheritdoc/>
    protected override Vector Constant(double value)
    {
        var values = new T[Values.Length];
        Array.Fill(values, RealFunctions.FromDouble<T>(value));
        return new TapeVector<T>(_tape, values);
    }

    private static T Dot(ReadOnlySpan<T> row, T[] vector)
    {
        var sum = default(T);
        for (var i = 0; i < row.Length; i++)
        {
            sum += row[i] * vector[i];
        }

        return sum;
    }

    private static void AddTo(T[] sum, T[] terms)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += terms[i];
        }
    }

    private T[] Combine(TapeVector<T> other, Func<T, T, T> operation)
    {
        var result = new T[Values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = operation(Values[i], other.Values[i]);
        }

        return result;
    }
}

/// <summary>A matrix whose products are on a tape.</summary>
/// <typeparam name="T">float, double or <see cref="Noisy"/>.</typeparam>
/// <param name="values">Row-major, not copied.</param>
/// <param name="gradient">What the backward pass adds the matrix's gradient to.</param>
/// <param name="rows">How many rows.</param>
internal sealed class TapeMatrix<T>(T[] values, T[] gradient, int rows) : Matrix
    where T : struct,
        IAdditionOperators<T, T, T>,
        ISubtractionOperators<T, T, T>,
        IMultiplyOperators<T, T, T>,
        IDivisionOperators<T, T, T>,
        IUnaryNegationOperators<T, T>,
        IComparisonOperators<T, T, bool>
{
    /// <inheritdoc/>
    protected override Vector Times(Vector right) => ((TapeVector<T>)right).TimesMatrix(values, gradient, rows);
}
