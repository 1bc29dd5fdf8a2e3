using CharRnn.Rnn.Cells;

namespace CharRnn.Rnn.Model;

/// <summary>The cell and the sizes that fix a network's parameters: one-hot input, layers of the cell, and a dense layer to the logits.</summary>
/// <param name="HiddenSize">m, the number of units of each layer.</param>
/// <param name="VocabularySize">K, the number of distinct characters.</param>
public readonly record struct NetworkShape(int HiddenSize, int VocabularySize)
{
    /// <summary>The most layers.</summary>
    public const int MostLayers = 8;

    private readonly CellDescription? _cell;
    private readonly int _moreLayers;

    /// <summary>The recurrent cell; vanilla unless it is said.</summary>
    public CellDescription Cell
    {
        get => _cell ?? Vanilla.Description;
        init => _cell = value == Vanilla.Description ? null : value;
    }

    /// <summary>How many layers of the cell lie one above the other; one unless it is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not from 1 to <see cref="MostLayers"/>.</exception>
    public int Layers
    {
        get => _moreLayers + 1;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostLayers);
            _moreLayers = value - 1;
        }
    }

    /// <summary>Whether this is the network of the textbooks: one layer of the vanilla cell.</summary>
    public bool IsVanilla => _cell is null && _moreLayers == 0;

    /// <summary>How many numbers the state of one stream has: m for each state of each layer.</summary>
    public int StateSize => Layers * Cell.States.Count * HiddenSize;

    /// <summary>The parameters in the order in which they are drawn and saved: matrices, then vectors.</summary>
    public IReadOnlyList<NetworkParameter> Parameters => NetworkParameter.Of(this);

    /// <summary>How many numbers all parameters have together.</summary>
    public long ParameterCount => Parameters.Sum(parameter => parameter.Count);

    /// <summary>The shape as the build property writes it, such as <c>100x80</c> or <c>lstm:256x80</c>; several layers in front of the sizes: <c>lstm:2x256x80</c>.</summary>
    public override string ToString() =>
        $"{(_cell is null ? string.Empty : _cell.Name + ":")}{(_moreLayers == 0 ? string.Empty : $"{Layers}x")}{HiddenSize}x{VocabularySize}";
}
