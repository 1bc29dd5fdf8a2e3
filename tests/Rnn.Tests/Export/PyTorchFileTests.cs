using System.Globalization;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Tests.Export;

/// <summary>The files against a program that follows the formulas on PyTorch's pages and knows nothing of our cells.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private static readonly int[] Ids = [3, 0, 1, 10, 7, 7, 2, 5, 9];

    /// <summary>
    /// torch.nn.RNN, GRU and LSTM, from https://pytorch.org/docs/stable/generated/torch.nn.RNN.html and its neighbours, over one-hot rows; then nn.Linear.
    /// </summary>
    private const string Formulas = """
        import json, sys, numpy as np
        data = open("torch.safetensors", "rb").read(); n = int.from_bytes(data[:8], "little"); header = json.loads(data[8:8 + n])
        module = header.pop("__metadata__", {}).get("module", "")
        P = {k: np.frombuffer(data[8 + n + v["data_offsets"][0]:8 + n + v["data_offsets"][1]], "<f8" if v["dtype"] == "F64" else "<f4").reshape(v["shape"]) for k, v in header.items()}
        sigma = lambda a: 1 / (1 + np.exp(-a))
        gates = P["rnn.weight_ih_l0"].shape[0] // P["rnn.weight_hh_l0"].shape[1]
        assert module in ("", "torch.nn." + {1: "RNN", 3: "GRU", 4: "LSTM"}[gates]), module
        layers = sum(k.startswith("rnn.weight_ih_l") for k in P); H = P["rnn.weight_hh_l0"].shape[1]
        h, c = np.zeros((layers, H)), np.zeros((layers, H))
        for id in IDS:
            x = np.zeros(P["rnn.weight_ih_l0"].shape[1]); x[id] = 1
            for l in range(layers):
                gi = P[f"rnn.weight_ih_l{l}"] @ x + P[f"rnn.bias_ih_l{l}"]
                gh = P[f"rnn.weight_hh_l{l}"] @ h[l] + P[f"rnn.bias_hh_l{l}"]
                if gates == 1:
                    h[l] = np.tanh(gi + gh)
                elif gates == 3:
                    ir, iz, in_ = np.split(gi, 3); hr, hz, hn = np.split(gh, 3)
                    r, z = sigma(ir + hr), sigma(iz + hz); n = np.tanh(in_ + r * hn)
                    h[l] = (1 - z) * n + z * h[l]
                else:
                    i, f, g, o = np.split(gi + gh, 4)
                    c[l] = sigma(f) * c[l] + sigma(i) * np.tanh(g)
                    h[l] = sigma(o) * np.tanh(c[l])
                x = h[l]
            print(*(P["decoder.weight"] @ x + P["decoder.bias"]))
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("charrnn-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, int> Kinds()
    {
        var data = new TheoryData<string, int>();
        foreach (var (cell, layers) in PlainCells.Kinds.Where(kind => kind.Cell.PyTorchModule is not null))
        {
            data.Add(cell.Name, layers);
        }

        return data;
    }

    [NumpyTheory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_gives_our_logits_by_PyTorchs_formulas(string cell, int layers)
    {
        var network = PlainCells.Random(PortableCell.All.Single(known => known.Name == cell), layers);
        AssertClose(PlainCells.Logits(network, Ids, carried: false), ByFormulas(PyTorchFile.Write(network)));
    }

    [NumpyTheory]
    [MemberData(nameof(Kinds))]
    public void What_PyTorch_trained_gives_its_logits_here(string cell, int layers)
    {
        // As PyTorch leaves it: both biases at work, no metadata.
        var random = new RandomStream(9);
        var written = PyTorchFile.Write(PlainCells.Random(PortableCell.All.Single(known => known.Name == cell), layers));
        SafetensorsTensor[] tensors = [.. written.Tensors.Select(tensor => tensor.Name.Contains("bias_hh")
            ? tensor with { Data = PyTorchFile.Bytes([.. Enumerable.Range(0, (int)tensor.Shape[0]).Select(_ => random.NextNormal())], TensorType.F64) } : tensor)];
        var file = new SafetensorsFile([], tensors);
        var network = PyTorchFile.Read(file, PlainCells.Random(PortableCell.Vanilla, 1).Vocabulary.ToString());
        Assert.Equal((cell, layers), (network.Cell.Name, network.Layers));
        AssertClose(ByFormulas(file), PlainCells.Logits(network, Ids));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_comes_back_as_it_was(string cell, int layers)
    {
        var network = PlainCells.Random(PortableCell.All.Single(known => known.Name == cell), layers);
        var back = PyTorchFile.Read(SafetensorsFile.Read(PyTorchFile.Write(network).ToBytes()));
        Assert.Equal(network.Vocabulary, back.Vocabulary);
        Assert.Equal(network.Parameters.Keys, back.Parameters.Keys);
        Assert.All(network.Parameters, parameter => Assert.Equal(parameter.Value, back.Parameters[parameter.Key]));
    }

    /// <summary>Indices in the order in which a dictionary met the characters, not in that of code points.</summary>
    [Fact]
    public void Characters_in_another_order_are_put_in_ours()
    {
        var network = PlainCells.Random(PortableCell.Vanilla, 1, characters: "abcd");
        var shuffled = PyTorchFile.Read(new SafetensorsFile([new("vocabulary", "cadb")], PyTorchFile.Write(network).Tensors));
        Assert.Equal("abcd", shuffled.Vocabulary.ToString());

        // The file's character 0 is c now, 1 is a, 2 is d, 3 is b: the network reads and writes the same under other names.
        int[] asWritten = [2, 0, 3, 1], order = [1, 3, 0, 2];
        var expected = PlainCells.Logits(network, [0, 1, 2, 3, 0], carried: false);
        var actual = PlainCells.Logits(shuffled, [asWritten[0], asWritten[1], asWritten[2], asWritten[3], asWritten[0]]);
        for (var t = 0; t < expected.Length; t++)
        {
            Assert.Equal(order.Select(k => expected[t][k]), actual[t]);
        }
    }

    /// <summary>Every parameter of every built-in cell has its place, under the name that files give it, and comes back from a file.</summary>
    [Fact]
    public void The_names_are_those_of_the_cells_descriptions()
    {
        Assert.Equal(BuiltInCells.All.Select(cell => cell.Name).Order(), PortableCell.All.Select(cell => cell.Name).Order());
        foreach (var (cell, layers) in PlainCells.Kinds)
        {
            var network = PlainCells.Random(cell, layers);
            var shape = new NetworkShape(network.HiddenSize, network.Vocabulary.Size) { Cell = BuiltInCells.Find(cell.Name)!, Layers = layers };
            Assert.Equal(shape.Parameters.Select(parameter => (parameter.Name, parameter.Count)).Order(), network.Parameters.Select(parameter => (parameter.Key, (long)parameter.Value.Length)).Order());
            Assert.Equal(shape.Cell.States, cell.States);
            var tensors = network.ToModelFile([]).Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Data.ToArray());
            Assert.All(network.Parameters, parameter => Assert.Equal(PyTorchFile.Bytes(parameter.Value, TensorType.F64), tensors[parameter.Key]));
        }
    }

    [Fact]
    public void A_cell_that_PyTorch_has_not_is_refused_by_name() =>
        Assert.Contains("gru-before", Assert.Throws<NotSupportedException>(() => PyTorchFile.Write(PlainCells.Random(PortableCell.GruBefore, 1))).Message);

    [Theory]
    [InlineData("rnn.weight_ih_l0", "other", "no tensor weight_ih_l0")]
    [InlineData("rnn.bias_hh_l0", "rnn.weight_ih_l0_reverse", "both directions")]
    [InlineData("rnn.bias_hh_l0", "rnn.weight_hr_l0", "projects its state")]
    [InlineData("rnn.bias_hh_l0", "two.weight_ih_l0", "several recurrent modules")]
    [InlineData("rnn.weight_hh_l0", "gone", "lacks the tensor rnn.weight_hh_l0")]
    [InlineData("decoder.weight", "gone", "no linear layer [4, 7]")]
    public void What_is_no_such_network_is_refused_with_its_reason(string name, string other, string part)
    {
        var file = PyTorchFile.Write(PlainCells.Random(PortableCell.Vanilla, 1, characters: "abcd"));
        var changed = new SafetensorsFile([new("vocabulary", "abcd")], [.. file.Tensors.Select(tensor => tensor.Name == name ? tensor with { Name = other } : tensor)]);
        Assert.Contains(part, Assert.Throws<SafetensorsException>(() => PyTorchFile.Read(changed)).Message);
    }

    [Theory]
    [InlineData(null, "no vocabulary")]
    [InlineData("abc", "reads 4 characters one-hot, but the vocabulary has 3")]
    [InlineData("abca", "a character twice")]
    public void A_vocabulary_that_does_not_fit_is_refused(string? vocabulary, string part)
    {
        var file = PyTorchFile.Write(PlainCells.Random(PortableCell.Vanilla, 1, characters: "abcd"));
        Assert.Contains(part, Assert.Throws<SafetensorsException>(() => PyTorchFile.Read(new SafetensorsFile([], file.Tensors), vocabulary)).Message);
    }

    private double[][] ByFormulas(SafetensorsFile file)
    {
        File.WriteAllBytes(Path.Combine(_folder, "torch.safetensors"), file.ToBytes());
        var output = Python.Run(_folder, Formulas.Replace("IDS", $"[{string.Join(", ", Ids)}]", StringComparison.Ordinal));
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static void AssertClose(double[][] expected, double[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var t = 0; t < expected.Length; t++)
        {
            Assert.Equal(expected[t].Length, actual[t].Length);
            for (var k = 0; k < expected[t].Length; k++)
            {
                Assert.InRange(actual[t][k], expected[t][k] - 1e-9, expected[t][k] + 1e-9);
            }
        }
    }
}
