using System.Numerics;

namespace CharRnn.Rnn.Model;

/// <summary>
/// The parameters of one network in plain row-major arrays: the form in which they are drawn, saved, compared and
/// handed to the trainer. Gradients and an optimiser's slots have the same form.
/// </summary>
/// <typeparam name="T">The element type, float or double.</typeparam>
public sealed class NetworkWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>All parameters zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix would not fit an array.</exception>
    public NetworkWeights(NetworkShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.HiddenSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shape.VocabularySize, 1);
        var parameters = shape.Parameters;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameters.Max(parameter => parameter.Count), Array.MaxLength, nameof(shape));
        Shape = shape;
        Tensors = [.. parameters.Select(parameter => new NamedTensor<T>(parameter.Name, parameter.Shape, new T[parameter.Count]))];
    }

    /// <summary>The cell and its sizes.</summary>
    public NetworkShape Shape { get; }

    /// <summary>The parameters under their names, in the order of <see cref="NetworkShape.Parameters"/>.</summary>
    public IReadOnlyList<NamedTensor<T>> Tensors { get; }

    /// <summary>The same arrays by their letters.</summary>
    /// <exception cref="ArgumentException">The network is not one vanilla layer.</exception>
    public VanillaTensors<T> Vanilla => new(this["W"], this["U"], this["V"], this["b"], this["c"]);

    /// <summary>Whether no element is infinite or not a number.</summary>
    public bool AllFinite => Tensors.All(tensor => Array.TrueForAll(tensor.Values, T.IsFinite));

    /// <summary>The elements of the parameter of that name, row-major.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public T[] this[string name] => Tensors.FirstOrDefault(tensor => tensor.Name == name)?.Values
        ?? throw new ArgumentException($"The parameters are {string.Join(", ", Tensors.Select(tensor => tensor.Name))}; there is no {name}.", nameof(name));

    /// <summary>Matrices drawn in their order, in double precision and rounded; vectors as the cell says.</summary>
    /// <param name="shape">The cell and its sizes.</param>
    /// <param name="seed">The same seed draws the same weights on every machine.</param>
    /// <param name="start">How widely matrices are drawn.</param>
    public static NetworkWeights<T> Random(NetworkShape shape, ulong seed, WeightStart start = WeightStart.Small)
    {
        var weights = new NetworkWeights<T>(shape);
        var random = new RandomStream(seed);
        foreach (var (parameter, tensor) in shape.Parameters.Zip(weights.Tensors))
        {
            if (!parameter.IsMatrix)
            {
                tensor.Values.AsSpan().Fill(T.CreateChecked(parameter.Start));
                continue;
            }

            var scale = start.StandardDeviation(parameter);
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = T.CreateChecked(scale * random.NextNormal());
            }
        }

        return weights;
    }

    /// <summary>Copies all numbers.</summary>
    /// <param name="destination">Of the same shape; overwritten.</param>
    public void CopyTo(NetworkWeights<T> destination)
    {
        foreach (var (from, to) in Tensors.Zip(destination.Tensors))
        {
            from.Values.CopyTo(to.Values, 0);
        }
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
