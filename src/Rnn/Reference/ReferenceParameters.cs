using System.Numerics;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Reference;

/// <summary>A network's parameters in plain row-major arrays of any number type: weights, gradients or an optimiser's slots of the reference.</summary>
/// <typeparam name="T">float, double or <see cref="Noisy"/>.</typeparam>
public sealed class ReferenceParameters<T>
    where T : struct
{
    /// <summary>All zero.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    public ReferenceParameters(NetworkShape shape)
    {
        Shape = shape;
        Tensors = [.. shape.Parameters.Select(parameter => new NamedTensor<T>(parameter.Name, parameter.Shape, new T[parameter.Count]))];
        (V, c) = (this["V"], this["c"]);
        (W, U, b) = shape.IsVanilla ? (this["W"], this["U"], this["b"]) : ([], [], []);
    }

    /// <summary>The cell and its sizes.</summary>
    public NetworkShape Shape { get; }

    /// <summary>The parameters under their names, in the order of <see cref="NetworkShape.Parameters"/>.</summary>
    public IReadOnlyList<NamedTensor<T>> Tensors { get; }

    /// <summary>Of one vanilla layer: hidden to hidden, [m, m]. Empty in other networks.</summary>
    public T[] W { get; }

    /// <summary>Of one vanilla layer: input to hidden, [m, K]; a one-hot input selects a column. Empty in other networks.</summary>
    public T[] U { get; }

    /// <summary>Hidden to logits, [K, m].</summary>
    public T[] V { get; }

#pragma warning disable IDE1006 // the model's own letters
    /// <summary>Of one vanilla layer: the hidden bias, [m]. Empty in other networks.</summary>
    public T[] b { get; }

    /// <summary>The logits' bias, [K].</summary>
    public T[] c { get; }
#pragma warning restore IDE1006

    /// <summary>The parameter of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public T[] this[string name] => Tensors.FirstOrDefault(tensor => tensor.Name == name)?.Values
        ?? throw new ArgumentException($"The parameters are {string.Join(", ", Tensors.Select(tensor => tensor.Name))}; there is no {name}.", nameof(name));

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

    /// <summary>The same numbers in another type.</summary>
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
