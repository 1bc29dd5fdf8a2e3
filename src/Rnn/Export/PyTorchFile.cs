using System.Runtime.InteropServices;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Export;

/// <summary>
/// A network as the state dictionary of a PyTorch module, in safetensors: <c>rnn</c>, an nn.RNN, nn.GRU or nn.LSTM over one-hot characters, and
/// <c>decoder</c>, an nn.Linear (names and gate order: https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html and its neighbours).
/// PyTorch has two biases for each gate, which are added; the second is zero here, except for n of the GRU, where the two are different things.
/// </summary>
public static class PyTorchFile
{
    private const string InputWeight = "weight_ih_l", StateWeight = "weight_hh_l", InputBias = "bias_ih_l", StateBias = "bias_hh_l";

    /// <summary>The key of the metadata that says who wrote the file.</summary>
    public const string ProducerKey = "producer";

    /// <summary>The file of a network; its carried state is not in it.</summary>
    /// <exception cref="NotSupportedException">PyTorch has no such cell.</exception>
    public static SafetensorsFile Write(PortableNetwork network)
    {
        var (cell, m) = (network.Cell, (long)network.HiddenSize);
        if (cell.PyTorchModule is null)
        {
            throw new NotSupportedException($"PyTorch has no cell like {cell}: its nn.GRU resets after the product, as the cell gru does");
        }

        var tensors = new List<SafetensorsTensor>();
        var gates = cell.PyTorchGates;
        for (var layer = 0; layer < network.Layers; layer++)
        {
            double[] second = [.. gates.SelectMany(gate => gate == cell.StateBias ? network.Parameter(layer, "c", gate) : new double[m])];
            Add($"rnn.{InputWeight}{layer}", [gates.Count * m, network.InputSize(layer)], network.Stacked(layer, "U", gates));
            Add($"rnn.{StateWeight}{layer}", [gates.Count * m, m], network.Stacked(layer, "W", gates));
            Add($"rnn.{InputBias}{layer}", [gates.Count * m], network.Stacked(layer, "b", gates));
            Add($"rnn.{StateBias}{layer}", [gates.Count * m], second);
        }

        Add("decoder.weight", [network.Vocabulary.Size, m], network.Parameters["V"]);
        Add("decoder.bias", [network.Vocabulary.Size], network.Parameters["c"]);
        return new SafetensorsFile(
            [new(ProducerKey, "charrnn"), new("format", "pt"), new("module", $"torch.nn.{cell.PyTorchModule}"), new("vocabulary", network.Vocabulary.ToString())], tensors);

        void Add(string name, long[] shape, double[] values) => tensors.Add(new SafetensorsTensor(name, network.Type, shape, Bytes(values, network.Type)));
    }

    /// <summary>
    /// The network of a state dictionary: the recurrent module and the linear layer may have any names. A character's index is its place in the
    /// vocabulary given, in any order; the network returned has its characters in order of code point.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="characters">The characters in the order of their indices; null to take the metadata's <c>vocabulary</c>.</param>
    /// <exception cref="SafetensorsException">It is no such dictionary; the rule says why.</exception>
    /// <exception cref="InvalidTextException">The characters are not as many as the network has, or one stands twice.</exception>
    public static PortableNetwork Read(SafetensorsFile file, string? characters = null)
    {
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        string[] firsts = [.. tensors.Keys.Where(name => name.EndsWith(InputWeight + "0", StringComparison.Ordinal))];
        if (firsts is not [var first])
        {
            throw new SafetensorsException(SafetensorsRule.TensorMissing, firsts.Length == 0
                ? "it has no tensor weight_ih_l0: no nn.RNN, nn.GRU or nn.LSTM is in it" : $"it has several recurrent modules ({string.Join(", ", firsts)}): one can be read");
        }

        var module = first[..^(InputWeight.Length + 1)];
        Refuse("_reverse", "runs in both directions");
        Refuse("weight_hr_l", "projects its state (proj_size)");
        Matrix(first, out var inputs, out var rows);
        Matrix(module + StateWeight + "0", out var m, out var stateRows);
        var cell = PortableCell.All.SingleOrDefault(known => known.PyTorchModule is not null && known.PyTorchGates.Count * m == rows);
        if (cell is null || stateRows != rows)
        {
            throw Unfit($"{first} has {rows} rows and {module}{StateWeight}0 is [{stateRows}, {m}]: not 1, 3 or 4 gates of one size");
        }

        var layers = 1;
        while (tensors.ContainsKey($"{module}{InputWeight}{layers}"))
        {
            layers++;
        }

        string[] decoders = [.. tensors.Values.Where(tensor => tensor.Name.EndsWith("weight", StringComparison.Ordinal) && !tensor.Name.StartsWith(module + "weight_", StringComparison.Ordinal) && tensor.Shape is [var outputs, var width] && width == m && outputs == inputs).Select(tensor => tensor.Name)];
        if (decoders is not [var decoder])
        {
            throw new SafetensorsException(SafetensorsRule.TensorMissing, decoders.Length == 0
                ? $"it has no linear layer [{inputs}, {m}] from the state to the {inputs} characters that the recurrent module reads one-hot" : $"{string.Join(" and ", decoders)} could both be the layer behind the state: leave one of them in the file");
        }

        var order = Order(characters ?? (file.Metadata.TryGetValue("vocabulary", out var named) ? named : null), inputs, out var vocabulary);
        var type = tensors[first].Type;
        var network = new PortableNetwork(cell, layers, m, vocabulary, type);
        var gates = cell.PyTorchGates;
        for (var layer = 0; layer < layers; layer++)
        {
            var width = network.InputSize(layer);
            var input = Numbers($"{module}{InputWeight}{layer}", rows, width);
            Unstack("U", layer == 0 ? WithColumns(input, order) : input);
            Unstack("W", Numbers($"{module}{StateWeight}{layer}", rows, m));
            Unstack("b", Bias(InputBias));
            var second = Bias(StateBias);
            for (var gate = 0; gate < gates.Count; gate++)
            {
                var values = second.AsSpan(gate * m, m);
                if (gates[gate] == cell.StateBias)
                {
                    values.CopyTo(network.Parameter(layer, "c", gates[gate]));
                    continue;
                }

                var sum = network.Parameter(layer, "b", gates[gate]);
                for (var i = 0; i < m; i++)
                {
                    sum[i] += values[i];
                }
            }

            double[] Bias(string name) => tensors.ContainsKey($"{module}{name}{layer}") ? Numbers($"{module}{name}{layer}", rows) : new double[rows];

            void Unstack(string letter, double[] stacked)
            {
                var count = stacked.Length / gates.Count;
                for (var gate = 0; gate < gates.Count; gate++)
                {
                    stacked.AsSpan(gate * count, count).CopyTo(network.Parameter(layer, letter, gates[gate]));
                }
            }
        }

        var bias = decoder[..^"weight".Length] + "bias";
        double[] weights = Numbers(decoder, inputs, m), offsets = tensors.ContainsKey(bias) ? Numbers(bias, inputs) : new double[inputs];
        for (var k = 0; k < inputs; k++)
        {
            weights.AsSpan(order[k] * m, m).CopyTo(network.Parameters["V"].AsSpan(k * m));
            network.Parameters["c"][k] = offsets[order[k]];
        }

        return network;

        void Refuse(string part, string what)
        {
            if (tensors.Keys.FirstOrDefault(name => name.StartsWith(module, StringComparison.Ordinal) && name.Contains(part, StringComparison.Ordinal)) is { } name)
            {
                throw Unfit($"the recurrent module {what}, as {name} shows: charrnn has no such network");
            }
        }

        void Matrix(string name, out int columns, out int rows)
        {
            if (!tensors.TryGetValue(name, out var tensor))
            {
                throw new SafetensorsException(SafetensorsRule.TensorMissing, $"it lacks the tensor {name}");
            }

            if (tensor.Shape is not [>= 1 and <= int.MaxValue and var height, >= 1 and <= int.MaxValue and var width])
            {
                throw Unfit($"{name} is [{string.Join(", ", tensor.Shape)}], no matrix");
            }

            (columns, rows) = ((int)width, (int)height);
        }

        double[] Numbers(string name, params long[] shape)
        {
            if (!tensors.TryGetValue(name, out var tensor))
            {
                throw new SafetensorsException(SafetensorsRule.TensorMissing, $"it lacks the tensor {name}");
            }

            if (!tensor.Shape.AsSpan().SequenceEqual(shape))
            {
                throw Unfit($"{name} is [{string.Join(", ", tensor.Shape)}], not [{string.Join(", ", shape)}]");
            }

            var values = tensor.Reals() ?? throw Unfit($"{name} is {tensor.Type}: F32 and F64 can be read");
            return Array.TrueForAll(values, double.IsFinite) ? values : throw new SafetensorsException(SafetensorsRule.NotFinite, $"{name} has a number that is not finite");
        }
    }

    /// <summary>The bytes of numbers in a file's precision.</summary>
    internal static byte[] Bytes(double[] values, TensorType type) => type == TensorType.F64
        ? MemoryMarshal.AsBytes<double>(values).ToArray() : MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value)).ToArray();

    private static SafetensorsException Unfit(string message) => new(SafetensorsRule.TensorUnfit, message);

    /// <summary>For each character in order of code point its index in the file.</summary>
    private static int[] Order(string? characters, int count, out Vocabulary vocabulary)
    {
        if (characters is null)
        {
            throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, "its metadata has no vocabulary");
        }

        System.Text.Rune[] listed = [.. characters.EnumerateRunes()];
        vocabulary = Vocabulary.FromText(characters);
        if (vocabulary.Size != listed.Length)
        {
            throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, "its vocabulary has a character twice");
        }

        if (listed.Length != count)
        {
            throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, $"its recurrent module reads {count} characters one-hot, but the vocabulary has {listed.Length}");
        }

        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[vocabulary.IndexOf(listed[i])] = i;
        }

        return order;
    }

    private static double[] WithColumns(double[] matrix, int[] order)
    {
        var result = new double[matrix.Length];
        for (var start = 0; start < matrix.Length; start += order.Length)
        {
            for (var k = 0; k < order.Length; k++)
            {
                result[start + k] = matrix[start + order[k]];
            }
        }

        return result;
    }
}
