using System.Numerics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Reference;

/// <summary>W, U, V, b and c in plain row-major arrays of any number type: weights, gradients or AdaGrad's sums of the reference.</summary>
/// <typeparam name="T">float, double or <see cref="Dual"/>.</typeparam>
/// <param name="shape">m and K.</param>
public sealed class ReferenceParameters<T>(NetworkShape shape)
    where T : struct
{
    /// <summary>m and K.</summary>
    public NetworkShape Shape { get; } = shape;

    /// <summary>Hidden to hidden, [m, m].</summary>
    public T[] W { get; } = new T[shape.HiddenSize * shape.HiddenSize];

    /// <summary>Input to hidden, [m, K]; a one-hot input selects a column.</summary>
    public T[] U { get; } = new T[shape.HiddenSize * shape.VocabularySize];

    /// <summary>Hidden to logits, [K, m].</summary>
    public T[] V { get; } = new T[shape.VocabularySize * shape.HiddenSize];

#pragma warning disable IDE1006 // the model's own letters
    /// <summary>The hidden bias, [m].</summary>
    public T[] b { get; } = new T[shape.HiddenSize];

    /// <summary>The logits' bias, [K].</summary>
    public T[] c { get; } = new T[shape.VocabularySize];
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

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public T[] this[string name] => name switch
    {
        "W" => W,
        "U" => U,
        "V" => V,
        "b" => b,
        "c" => c,
        _ => throw new ArgumentException($"The parameters are W, U, V, b and c; there is no {name}.", nameof(name)),
    };

    /// <summary>Takes over a network's weights, each rounded to this number type.</summary>
    public static ReferenceParameters<T> From<TWeight>(NetworkWeights<TWeight> weights)
        where TWeight : unmanaged, IBinaryFloatingPointIeee754<TWeight>
    {
        var result = new ReferenceParameters<T>(weights.Shape);
        foreach (var (from, to) in weights.Tensors.Zip(result.Tensors))
        {
            for (var i = 0; i < from.Values.Length; i++)
            {
                to.Values[i] = RealFunctions.FromDouble<T>(double.CreateChecked(from.Values[i]));
            }
        }

        return result;
    }

    /// <summary>The same numbers in another type, derivatives dropped.</summary>
    public ReferenceParameters<TOther> Convert<TOther>()
        where TOther : struct
    {
        var result = new ReferenceParameters<TOther>(Shape);
        foreach (var (from, to) in Tensors.Zip(result.Tensors))
        {
            for (var i = 0; i < from.Values.Length; i++)
            {
                to.Values[i] = RealFunctions.FromDouble<TOther>(RealFunctions.ToDouble(from.Values[i]));
            }
        }

        return result;
    }

    /// <summary>The same numbers as a network's weights.</summary>
    public NetworkWeights<TWeight> ToWeights<TWeight>()
        where TWeight : unmanaged, IBinaryFloatingPointIeee754<TWeight>
    {
        var result = new NetworkWeights<TWeight>(Shape);
        foreach (var (from, to) in Tensors.Zip(result.Tensors))
        {
            for (var i = 0; i < from.Values.Length; i++)
            {
                to.Values[i] = TWeight.CreateChecked(RealFunctions.ToDouble(from.Values[i]));
            }
        }

        return result;
    }

    /// <summary>A copy.</summary>
    public ReferenceParameters<T> Clone()
    {
        var result = new ReferenceParameters<T>(Shape);
        foreach (var (from, to) in Tensors.Zip(result.Tensors))
        {
            from.Values.CopyTo(to.Values, 0);
        }

        return result;
    }

    /// <summary>Sets every element to zero.</summary>
    public void Clear()
    {
        foreach (var tensor in Tensors)
        {
            Array.Clear(tensor.Values);
        }
    }
}
