using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Export;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using CharRnn.Rnn.Training;
using Microsoft.ML.OnnxRuntime;

namespace CharRnn.Rnn.Tests.Export;

/// <summary>What ONNX Runtime makes of the files.</summary>
public class OnnxModelTests
{
    private static readonly int[] Ids = [3, 0, 1, 10, 7, 7, 2, 5, 9];

    public static TheoryData<string, int> Kinds()
    {
        var data = new TheoryData<string, int>();
        foreach (var (cell, layers) in PlainCells.Kinds)
        {
            data.Add(cell.Name, layers);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sequence_and_single_steps_give_the_cells_own_logits(string cell, int layers)
    {
        var network = PlainCells.Random(PortableCell.All.Single(known => known.Name == cell), layers);
        var expected = PlainCells.Logits(network, Ids);
        using var session = new InferenceSession(OnnxModel.Write(network, "1.2.3"));
        Assert.Equal(network.Vocabulary.ToString(), session.ModelMetadata.CustomMetadataMap["vocabulary"]);
        Assert.Equal(cell, session.ModelMetadata.CustomMetadataMap["cell"]);
        Assert.Equal("charrnn", session.ModelMetadata.ProducerName);

        // Two sequences side by side: the second is read in reverse and begins from zeros.
        var (m, k) = (network.HiddenSize, network.Vocabulary.Size);
        int[] backwards = [.. Ids.Reverse()];
        var other = PlainCells.Logits(network, backwards, carried: false);
        var names = network.Cell.States;
        float[][] states = [.. names.Select((_, s) => Enumerable.Range(0, layers).SelectMany(layer => network.State[layer * names.Count + s].Concat(new double[m])).Select(value => (float)value).ToArray())];
        long[] together = [.. Enumerable.Range(0, Ids.Length).SelectMany(t => (long[])[Ids[t], backwards[t]])];
        var (logits, after) = Run(session, names, together, 2, layers, m, states);
        for (var t = 0; t < Ids.Length; t++)
        {
            AssertClose(expected[t], logits.AsSpan(2 * t * k, k));
            AssertClose(other[t], logits.AsSpan((2 * t + 1) * k, k));
        }

        // The same, one step at a time, the state handed on.
        for (var t = 0; t < Ids.Length; t++)
        {
            (logits, states) = Run(session, names, together[(2 * t)..(2 * t + 2)], 2, layers, m, states);
            AssertClose(expected[t], logits.AsSpan(0, k));
            AssertClose(other[t], logits.AsSpan(k, k));
        }

        for (var s = 0; s < names.Count; s++)
        {
            AssertClose([.. after[s].Select(value => (double)value)], states[s]);
        }
    }

    /// <summary>The networks that are trained here, not only the equations; a run's state too is handed over in its order.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_model_of_ours_has_the_logits_of_our_kernels(string cell, int layers)
    {
        var weights = NetworkWeights<float>.Random(new NetworkShape(33, 11) { Cell = BuiltInCells.Find(cell)!, Layers = layers }, 5, WeightStart.Scaled);
        float[] hidden = [.. Enumerable.Range(0, weights.Shape.StateSize).Select(i => (i % 33 - 16) / (20f + i))];
        var file = ModelFile.From(ModelFile.Create(Vocabulary.FromText("abcdefghijk"), weights, null, hidden, []));
        var exported = PortableNetwork.From(file);
        var names = exported.Cell.States;
        using var session = new InferenceSession(OnnxModel.Write(exported, ""));
        float[][] states = [.. names.Select((_, s) => Enumerable.Range(0, layers).SelectMany(layer => exported.State[layer * names.Count + s]).Select(value => (float)value).ToArray())];
        var (logits, _) = Run(session, names, [.. Ids.Select(id => (long)id)], 1, layers, 33, states);

        using var network = Network<float>.Create(file.Shape, 1);
        network.Load(weights, null);
        network.SetHidden(hidden);
        var expected = new float[11];
        for (var t = 0; t < Ids.Length; t++)
        {
            network.Step(Ids[t], expected);
            AssertClose([.. expected.Select(value => (double)value)], logits.AsSpan(11 * t, 11));
        }
    }

    [Fact]
    public void A_number_beyond_single_precision_is_refused()
    {
        var network = PlainCells.Random(PortableCell.Vanilla, 1);
        network.Parameters["V"][3] = 1e300;
        Assert.Contains("1E+300", Assert.Throws<ArithmeticException>(() => OnnxModel.Write(network, "")).Message);
    }

    private static (float[] Logits, float[][] States) Run(InferenceSession session, IReadOnlyList<string> names, long[] ids, long batch, long layers, long m, float[][] states)
    {
        using var options = new RunOptions();
        var inputs = new Dictionary<string, OrtValue> { ["ids"] = OrtValue.CreateTensorValueFromMemory(ids, [ids.Length / batch, batch]) };
        for (var s = 0; s < names.Count; s++)
        {
            inputs[names[s]] = OrtValue.CreateTensorValueFromMemory(states[s], [layers, batch, m]);
        }

        using var results = session.Run(options, inputs, ["logits", .. names.Select(name => name + "_next")]);
        foreach (var input in inputs.Values)
        {
            input.Dispose();
        }

        return (results[0].GetTensorDataAsSpan<float>().ToArray(), [.. results.Skip(1).Select(value => value.GetTensorDataAsSpan<float>().ToArray())]);
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - 1e-5, expected[i] + 1e-5);
        }
    }
}
