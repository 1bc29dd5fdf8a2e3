namespace CharRnn.Rnn.Export;

/// <summary>
/// A cell that other programs have as well: its gates under our letters, and the order in which each format stacks them. A gate's parameters are
/// W [m, m] on the state, U [m, inputs] on the input and b [m], under the gate's letter: Wi, Ui, bi.
/// </summary>
public sealed class PortableCell
{
    private PortableCell(string name) => Name = name;

    /// <summary>h' = tanh(W h + U x + b), the only gate without a letter.</summary>
    public static PortableCell Vanilla { get; } = new("vanilla")
    {
        PyTorchModule = "RNN", PyTorchGates = [""], OnnxOperator = "RNN", OnnxGates = [""],
    };

    /// <summary>i, f and o = sigmoid(W h + U x + b), g = tanh(W h + U x + b), c' = f c + i g, h' = o tanh(c').</summary>
    public static PortableCell Lstm { get; } = new("lstm")
    {
        States = ["h", "c"], PyTorchModule = "LSTM", PyTorchGates = ["i", "f", "g", "o"], OnnxOperator = "LSTM", OnnxGates = ["i", "o", "f", "g"],
    };

    /// <summary>r and z = sigmoid(W h + U x + b), n = tanh(Un x + bn + r (Wn h + cn)), h' = (1 - z) n + z h: reset after the product.</summary>
    public static PortableCell Gru { get; } = new("gru")
    {
        StateBias = "n", PyTorchModule = "GRU", PyTorchGates = ["r", "z", "n"], OnnxOperator = "GRU", OnnxGates = ["z", "r", "n"],
    };

    /// <summary>As <see cref="Gru"/>, but n = tanh(Wn (r h) + Un x + bn): reset before the product, which PyTorch has not.</summary>
    public static PortableCell GruBefore { get; } = new("gru-before")
    {
        OnnxOperator = "GRU", OnnxGates = ["z", "r", "n"],
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PortableCell> All { get; } = [Vanilla, Lstm, Gru, GruBefore];

    /// <summary>What <c>charrnn train --cell</c> calls it.</summary>
    public string Name { get; }

    /// <summary>The letters of its states, m numbers each; the first is what V and the next layer read.</summary>
    public IReadOnlyList<string> States { get; private init; } = ["h"];

    /// <summary>The gate that has a bias c of its own on the state's side, inside the product with r; null where there is none.</summary>
    public string? StateBias { get; private init; }

    /// <summary>Its class in torch.nn (https://pytorch.org/docs/stable/nn.html#recurrent-layers); null where PyTorch has none.</summary>
    public string? PyTorchModule { get; private init; }

    /// <summary>The gates in the order in which PyTorch stacks their rows.</summary>
    public IReadOnlyList<string> PyTorchGates { get; private init; } = [];

    /// <summary>Its operator (https://onnx.ai/onnx/operators).</summary>
    public required string OnnxOperator { get; init; }

    /// <summary>The gates in the order in which ONNX stacks their rows; ONNX calls g of the LSTM c and n of the GRU h.</summary>
    public required IReadOnlyList<string> OnnxGates { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
