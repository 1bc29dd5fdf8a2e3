using System.Numerics;

namespace CharRnn.Rnn.Model;

/// <summary>
/// The parameters of one network in plain row-major arrays: the form in which they are drawn, saved, compared and
/// handed to the trainer. a_t = W h_{t-1} + U x_t + b, h_t = tanh(a_t), o_t = V h_t + c, p_t = softmax(o_t).
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class NetworkWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The standard deviation of the initial weights.</summary>
    public const double InitialScale = 0.01;

    /// <summary>All parameters zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix would not fit an array.</exception>
    public NetworkWeights(NetworkShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.HiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.VocabularySize, 1);
        var largest = (long)shape.HiddenSize * Math.Max(shape.HiddenSize, shape.VocabularySize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(largest, Array.MaxLength, nameof(shape));
        Shape = shape;
        W = new T[shape.HiddenSize * shape.HiddenSize];
        U = new T[shape.HiddenSize * shape.VocabularySize];
        V = new T[shape.VocabularySize * shape.HiddenSize];
        b = new T[shape.HiddenSize];
        c = new T[shape.VocabularySize];
    }

    /// <summary>m and K.</summary>
    public NetworkShape Shape { get; }

    /// <summary>Hidden to hidden, [m, m].</summary>
    public T[] W { get; }

    /// <summary>Input to hidden, [m, K]; a one-hot input selects a column.</summary>
    public T[] U { get; }

    /// <summary>Hidden to logits, [K, m].</summary>
    public T[] V { get; }

    /// <summary>The hidden bias, [m].</summary>
#pragma warning disable IDE1006 // the model's own letters
    public T[] b { get; }

    /// <summary>The logits' bias, [K].</summary>
    public T[] c { get; }
#pragma warning restore IDE1006

    /// <summary>The parameters under their names, in the order W, U, V, b, c.</summary>
    public IEnumerable<NamedTensor<T>> Tensors
    {
        get
        {
            var (m, k) = (Shape.HiddenSize, Shape.VocabularySize);
            yield return new("W", [m, m], W);
            yield return new("U", [m, k], U);
            yield return new("V", [k, m], V);
            yield return new("b", [m], b);
            yield return new("c", [k], c);
        }
    }

    /// <summary>Whether no element is infinite or not a number.</summary>
    public bool AllFinite => Tensors.All(tensor => Array.TrueForAll(tensor.Values, T.IsFinite));

    /// <summary>W, U and V drawn from N(0, 0.01^2) in this order, in double precision and rounded; b and c zero.</summary>
    /// <param name="shape">m and K.</param>
    /// <param name="seed">The same seed draws the same weights on every machine.</param>
    public static NetworkWeights<T> Random(NetworkShape shape, ulong seed)
    {
        var weights = new NetworkWeights<T>(shape);
        var random = new RandomStream(seed);
        foreach (var matrix in (T[][])[weights.W, weights.U, weights.V])
        {
            for (var i = 0; i < matrix.Length; i++)
            {
                matrix[i] = T.CreateChecked(InitialScale * random.NextNormal());
            }
        }

        return weights;
    }

    /// <summary>The same numbers in another precision, each rounded to nearest.</summary>
    public NetworkWeights<TOther> Convert<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        var other = new NetworkWeights<TOther>(Shape);
        foreach (var (from, to) in Tensors.Zip(other.Tensors))
        {
            for (var i = 0; i < from.Values.Length; i++)
            {
                to.Values[i] = TOther.CreateChecked(from.Values[i]);
            }
        }

        return other;
    }
}
