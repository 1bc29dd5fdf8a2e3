using System.Numerics;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Export;

/// <summary>
/// A network as other formats describe one: layers of one cell over a one-hot input, then logits = V h + c. The numbers are held as doubles, which
/// singles become and come back from unchanged.
/// </summary>
public sealed class PortableNetwork
{
    private readonly Dictionary<string, double[]> _parameters = new(StringComparer.Ordinal);

    /// <summary>A network whose parameters are all zero, to be filled in.</summary>
    /// <param name="cell">The cell of every layer.</param>
    /// <param name="layers">How many, at least 1.</param>
    /// <param name="hiddenSize">m, of every layer.</param>
    /// <param name="vocabulary">The K characters.</param>
    /// <param name="type">The precision of the file that the numbers come from, F32 or F64.</param>
    public PortableNetwork(PortableCell cell, int layers, int hiddenSize, Vocabulary vocabulary, TensorType type)
    {
        (Cell, Layers, HiddenSize, Vocabulary, Type) = (cell, layers, hiddenSize, vocabulary, type);
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var gate in cell.OnnxGates)
            {
                Add(layer, "W", gate, hiddenSize * hiddenSize);
                Add(layer, "U", gate, hiddenSize * InputSize(layer));
                Add(layer, "b", gate, hiddenSize);
            }

            if (cell.StateBias is { } inner)
            {
                Add(layer, "c", inner, hiddenSize);
            }
        }

        _parameters["V"] = new double[vocabulary.Size * hiddenSize];
        _parameters["c"] = new double[vocabulary.Size];
        State = [.. Enumerable.Range(0, layers * cell.States.Count).Select(_ => new double[hiddenSize])];

        void Add(int layer, string letter, string gate, int count) => _parameters[Name(layer, letter, gate)] = new double[count];
    }

    /// <summary>The cell of every layer.</summary>
    public PortableCell Cell { get; }

    /// <summary>How many layers there are.</summary>
    public int Layers { get; }

    /// <summary>m.</summary>
    public int HiddenSize { get; }

    /// <summary>The K characters.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The precision of the file, F32 or F64.</summary>
    public TensorType Type { get; }

    /// <summary>The state that training carried, zeros where the file has none: for each layer the cell's states in their order, m numbers each.</summary>
    public double[][] State { get; }

    /// <summary>The parameters under their names in our files; matrices row-major.</summary>
    public IReadOnlyDictionary<string, double[]> Parameters => _parameters;

    /// <summary>How many inputs a layer has: K for the first, m for the others.</summary>
    public int InputSize(int layer) => layer == 0 ? Vocabulary.Size : HiddenSize;

    /// <summary>A parameter of a gate, row-major.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="letter">W, U or b; c where the cell has a bias on the state's side.</param>
    /// <param name="gate">The gate's letter.</param>
    public double[] Parameter(int layer, string letter, string gate) => _parameters[Name(layer, letter, gate)];

    /// <summary>Gates stacked, one row block after the other.</summary>
    /// <inheritdoc cref="Parameter"/>
    internal double[] Stacked(int layer, string letter, IReadOnlyList<string> gates) => [.. gates.SelectMany(gate => Parameter(layer, letter, gate))];

    /// <summary>Numbers rounded to single precision.</summary>
    /// <exception cref="ArithmeticException">One is too large for it.</exception>
    internal static float[] Singles(double[] values) => Array.ConvertAll(values, value => float.IsFinite((float)value)
        ? (float)value : throw new ArithmeticException($"the weights have the number {value}, which is too large for single precision"));

    /// <summary>One layer of the vanilla cell has its letters alone, everything else the layer's number before them.</summary>
    private string Name(int layer, string letter, string gate) => Layers == 1 && Cell == PortableCell.Vanilla ? letter : $"layer{layer}.{letter}{gate}";

    /// <summary>The network of a model file.</summary>
    /// <exception cref="NotSupportedException">Its cell is one that other programs do not have.</exception>
    public static PortableNetwork From(ModelFile model)
    {
        var shape = model.Shape;
        var cell = PortableCell.All.FirstOrDefault(known => known.Name == shape.Cell.Name)
            ?? throw new NotSupportedException($"no other program has the cell {shape.Cell.Name}; those of {string.Join(", ", PortableCell.All)} can go out");
        var network = new PortableNetwork(cell, shape.Layers, shape.HiddenSize, model.Vocabulary, model.Type);
        foreach (var tensor in model.Weights<double>().Tensors)
        {
            tensor.Values.CopyTo(network._parameters[tensor.Name], 0);
        }

        if (model.Hidden<double>() is { } carried)
        {
            for (var i = 0; i < network.State.Length; i++)
            {
                carried.AsSpan(i * shape.HiddenSize, shape.HiddenSize).CopyTo(network.State[i]);
            }
        }

        return network;
    }

    /// <summary>The network as a file of ours, without its carried state.</summary>
    /// <param name="metadata">What the metadata says besides the vocabulary.</param>
    public SafetensorsFile ToModelFile(IEnumerable<KeyValuePair<string, string>> metadata) => Type == TensorType.F64 ? ToModelFile<double>(metadata) : ToModelFile<float>(metadata);

    private SafetensorsFile ToModelFile<T>(IEnumerable<KeyValuePair<string, string>> metadata)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var weights = new NetworkWeights<T>(new NetworkShape(HiddenSize, Vocabulary.Size) { Cell = BuiltInCells.Find(Cell.Name)!, Layers = Layers });
        foreach (var tensor in weights.Tensors)
        {
            Array.ConvertAll(_parameters[tensor.Name], value => T.CreateChecked(value)).CopyTo(tensor.Values, 0);
        }

        return ModelFile.Create(Vocabulary, weights, null, [], metadata);
    }
}
