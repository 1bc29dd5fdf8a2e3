using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Tests.Export;

/// <summary>The cells' equations as textbooks write them, in plain loops over doubles: what every export is held against.</summary>
internal static class PlainCells
{
    /// <summary>A network of every cell and number of layers that tests go through.</summary>
    public static IEnumerable<(PortableCell Cell, int Layers)> Kinds => from cell in PortableCell.All from layers in (int[])[1, 2, 3] select (cell, layers);

    /// <summary>A network with weights of a size at which every gate moves, and a state carried in.</summary>
    public static PortableNetwork Random(PortableCell cell, int layers, int m = 7, string characters = "\n abdé→<&'\"😀", ulong seed = 3, double scale = 0.6)
    {
        var network = new PortableNetwork(cell, layers, m, Vocabulary.FromText(characters), TensorType.F64);
        var random = new RandomStream(seed);
        foreach (var values in network.Parameters.Values.Concat(network.State))
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(scale * random.NextNormal());
            }
        }

        return network;
    }

    /// <summary>One step: changes the state, gives the logits.</summary>
    public static double[] Step(PortableNetwork network, double[][] state, int character)
    {
        var m = network.HiddenSize;
        var x = new double[network.Vocabulary.Size];
        x[character] = 1;
        for (var layer = 0; layer < network.Layers; layer++)
        {
            var at = layer * network.Cell.States.Count;
            var h = state[at];
            switch (network.Cell.Name)
            {
                case "vanilla":
                    state[at] = Each(i => Math.Tanh(Gate("", i)));
                    break;
                case "lstm":
                    var c = state[at + 1];
                    var next = Each(i => Sigmoid(Gate("f", i)) * c[i] + Sigmoid(Gate("i", i)) * Math.Tanh(Gate("g", i)));
                    state[at] = Each(i => Sigmoid(Gate("o", i)) * Math.Tanh(next[i]));
                    state[at + 1] = next;
                    break;
                case "gru":
                    state[at] = Each(i => Mix(i, Math.Tanh(Row("U", "n", x, i) + P("b", "n")[i] + Sigmoid(Gate("r", i)) * (Row("W", "n", h, i) + P("c", "n")[i]))));
                    break;
                default:
                    var reset = Each(i => Sigmoid(Gate("r", i)) * h[i]);
                    state[at] = Each(i => Mix(i, Math.Tanh(Row("U", "n", x, i) + P("b", "n")[i] + Row("W", "n", reset, i))));
                    break;
            }

            x = state[at];

            double[] P(string letter, string gate) => network.Parameter(layer, letter, gate);
            double Gate(string gate, int i) => Row("W", gate, h, i) + Row("U", gate, x, i) + P("b", gate)[i];
            double Row(string letter, string gate, double[] vector, int i) => Product(P(letter, gate), vector, i);
            double Mix(int i, double n) => Sigmoid(Gate("z", i)) is var z ? (1 - z) * n + z * h[i] : 0;
        }

        return [.. Enumerable.Range(0, network.Vocabulary.Size).Select(k => Product(network.Parameters["V"], x, k) + network.Parameters["c"][k])];

        double[] Each(Func<int, double> value) => [.. Enumerable.Range(0, m).Select(value)];
    }

    /// <summary>The logits after each of a sequence of characters, from the network's carried state or from zeros.</summary>
    public static double[][] Logits(PortableNetwork network, int[] characters, bool carried = true)
    {
        double[][] state = [.. network.State.Select(values => carried ? values : new double[values.Length])];
        return [.. characters.Select(character => Step(network, state, character))];
    }

    /// <summary>What it writes when it always takes the likeliest character, after it has read a beginning.</summary>
    public static string Write(PortableNetwork network, string prime, int length)
    {
        double[][] state = [.. network.State];
        double[] logits = [];
        foreach (var character in network.Vocabulary.Encode(prime))
        {
            logits = Step(network, state, character);
        }

        var written = new int[length];
        for (var i = 0; i < length; i++)
        {
            written[i] = Array.IndexOf(logits, logits.Max());
            logits = Step(network, state, written[i]);
        }

        return network.Vocabulary.Decode(written);
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Product(double[] matrix, double[] vector, int row)
    {
        double sum = 0;
        for (var i = 0; i < vector.Length; i++)
        {
            sum += matrix[row * vector.Length + i] * vector[i];
        }

        return sum;
    }
}
