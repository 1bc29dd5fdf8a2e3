using System.Runtime.InteropServices;
using CharRnn.Rnn.ProtocolBuffers;

namespace CharRnn.Rnn.Export;

/// <summary>
/// A network as an ONNX model (opset 14, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), in single precision. Inputs: <c>ids</c> [time, batch],
/// int64, and for each state of the cell <c>h</c> (and <c>c</c>) [layers, batch, m], zeros to begin with. Outputs: <c>logits</c> [time, batch, K] and
/// the states after the last step, <c>h_next</c> (and <c>c_next</c>). One step is a sequence of length 1. The metadata has the <c>vocabulary</c>, its
/// characters in the order of their ids, and the <c>cell</c>.
/// </summary>
public static class OnnxModel
{
    /// <summary>What is said of the file's maker, near its beginning.</summary>
    public const string Producer = "charrnn";

    // The numbers of TensorProto.DataType and AttributeProto.AttributeType.
    private const int Float = 1, Int64 = 7, IntAttribute = 2;

    /// <summary>The bytes of the file.</summary>
    /// <param name="network">The network; its carried state is not in the file.</param>
    /// <param name="version">The program's version.</param>
    /// <exception cref="ArithmeticException">A number is too large for single precision.</exception>
    public static byte[] Write(PortableNetwork network, string version)
    {
        var model = new MessageWriter();
        model.Whole(1, 8);   // ir_version
        model.Text(2, Producer);
        model.Text(3, version);
        model.Message(7, Graph(network));
        var opset = new MessageWriter();
        opset.Text(1, "");
        opset.Whole(2, 14);
        model.Message(8, opset);
        model.Message(14, Entry("vocabulary", network.Vocabulary.ToString()));
        model.Message(14, Entry("cell", network.Cell.Name));
        return model.Written.ToArray();
    }

    private static MessageWriter Graph(PortableNetwork network)
    {
        var (cell, layers, m, k) = (network.Cell, network.Layers, network.HiddenSize, network.Vocabulary.Size);
        var graph = new MessageWriter();
        graph.Text(2, "charrnn");

        Node("OneHot", ["ids", "vocabulary_size", "off_on"], ["x0"]);
        foreach (var state in layers > 1 ? cell.States : [])
        {
            Node("Split", [state], [.. PerLayer(state)], ("axis", 0));
        }

        for (var layer = 0; layer < layers; layer++)
        {
            string[] begins = [.. cell.States.Select(state => layers > 1 ? $"{state}{layer}" : state)];
            string[] ends = [.. cell.States.Select(state => layers > 1 ? $"{state}{layer}_next" : $"{state}_next")];
            (string, long)[] attributes = cell == PortableCell.Gru ? [("hidden_size", m), ("linear_before_reset", 1)] : [("hidden_size", m)];
            Node(cell.OnnxOperator, [$"x{layer}", $"U{layer}", $"W{layer}", $"b{layer}", "", .. begins], [$"y{layer}", .. ends], attributes);
            Node("Squeeze", [$"y{layer}", "direction"], [$"x{layer + 1}"]);
        }

        foreach (var state in layers > 1 ? cell.States : [])
        {
            Node("Concat", [.. PerLayer(state).Select(name => name + "_next")], [$"{state}_next"], ("axis", 0));
        }

        Node("MatMul", [$"x{layers}", "V"], ["products"]);
        Node("Add", ["products", "logits_bias"], ["logits"]);

        for (var layer = 0; layer < layers; layer++)
        {
            // One direction, then the gates one below the other; the biases of the input's side, then those of the state's.
            long rows = cell.OnnxGates.Count * m;
            var biases = network.Stacked(layer, "b", cell.OnnxGates);
            double[] stateBiases = [.. cell.OnnxGates.SelectMany(gate => gate == cell.StateBias ? network.Parameter(layer, "c", gate) : new double[m])];
            Numbers($"U{layer}", [1, rows, network.InputSize(layer)], network.Stacked(layer, "U", cell.OnnxGates));
            Numbers($"W{layer}", [1, rows, m], network.Stacked(layer, "W", cell.OnnxGates));
            Numbers($"b{layer}", [1, 2 * rows], [.. biases, .. stateBiases]);
        }

        Numbers("V", [m, k], Transposed(network.Parameters["V"], k, m));
        Numbers("logits_bias", [k], network.Parameters["c"]);
        Numbers("off_on", [2], [0, 1]);
        Tensor("vocabulary_size", Int64, [], MemoryMarshal.AsBytes<long>([k]));
        Tensor("direction", Int64, [1], MemoryMarshal.AsBytes<long>([1]));

        graph.Message(11, Value("ids", Int64, "time", "batch"));
        foreach (var state in cell.States)
        {
            graph.Message(11, Value(state, Float, layers, "batch", m));
        }

        graph.Message(12, Value("logits", Float, "time", "batch", k));
        foreach (var state in cell.States)
        {
            graph.Message(12, Value($"{state}_next", Float, layers, "batch", m));
        }

        return graph;

        IEnumerable<string> PerLayer(string state) => Enumerable.Range(0, layers).Select(layer => $"{state}{layer}");

        void Node(string type, string[] inputs, string[] outputs, params (string Name, long Value)[] attributes)
        {
            var node = new MessageWriter();
            foreach (var input in inputs)
            {
                node.Text(1, input);
            }

            foreach (var output in outputs)
            {
                node.Text(2, output);
            }

            node.Text(4, type);
            foreach (var (name, value) in attributes)
            {
                var attribute = new MessageWriter();
                attribute.Text(1, name);
                attribute.Whole(3, value);
                attribute.Whole(20, IntAttribute);
                node.Message(5, attribute);
            }

            graph.Message(1, node);
        }

        void Numbers(string name, long[] extents, double[] values) =>
            Tensor(name, Float, extents, MemoryMarshal.AsBytes<float>(PortableNetwork.Singles(values)));

        void Tensor(string name, int type, long[] extents, ReadOnlySpan<byte> data)
        {
            var tensor = new MessageWriter();
            foreach (var extent in extents)
            {
                tensor.Whole(1, extent);
            }

            tensor.Whole(2, type);
            tensor.Text(8, name);
            tensor.Bytes(9, data);
            graph.Message(5, tensor);
        }
    }

    /// <summary>The name, type and extents of an input or output; an extent that a run chooses has a name.</summary>
    private static MessageWriter Value(string name, int type, params object[] extents)
    {
        var shape = new MessageWriter();
        foreach (var extent in extents)
        {
            var dimension = new MessageWriter();
            if (extent is int size)
            {
                dimension.Whole(1, size);
            }
            else
            {
                dimension.Text(2, (string)extent);
            }

            shape.Message(1, dimension);
        }

        var tensor = new MessageWriter();
        tensor.Whole(1, type);
        tensor.Message(2, shape);
        var kind = new MessageWriter();
        kind.Message(1, tensor);
        var value = new MessageWriter();
        value.Text(1, name);
        value.Message(2, kind);
        return value;
    }

    private static MessageWriter Entry(string key, string value)
    {
        var entry = new MessageWriter();
        entry.Text(1, key);
        entry.Text(2, value);
        return entry;
    }

    private static double[] Transposed(double[] values, int rows, int columns)
    {
        var result = new double[values.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                result[column * rows + row] = values[row * columns + column];
            }
        }

        return result;
    }
}
