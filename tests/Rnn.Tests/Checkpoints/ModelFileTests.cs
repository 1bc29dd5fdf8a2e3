using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;
using Rule = CharRnn.Rnn.Checkpoints.SafetensorsRule;

namespace CharRnn.Rnn.Tests.Checkpoints;

public class ModelFileTests
{
    private static readonly NetworkShape Shape = new(3, 5);
    private static readonly Vocabulary Letters = Vocabulary.FromText("abcd😀");

    private static SafetensorsFile Valid<T>()
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var sums = NetworkWeights<T>.Random(Shape, 2);
        foreach (var tensor in sums.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = T.Abs(tensor.Values[i]);
            }
        }

        return ModelFile.Create(Letters, NetworkWeights<T>.Random(Shape, 1), new("adagrad", [sums]), new T[3], [new("a", "b")]);
    }

    private static SafetensorsFile With(Func<SafetensorsTensor, SafetensorsTensor?> change, string? vocabulary = "abcd😀")
    {
        var metadata = vocabulary is null ? [] : new Dictionary<string, string> { ["vocabulary"] = vocabulary };
        return new SafetensorsFile(metadata, [.. Valid<float>().Tensors.Select(change).OfType<SafetensorsTensor>()]);
    }

    private static SafetensorsFile Without(string name) => With(tensor => tensor.Name == name ? null : tensor);

    private static SafetensorsFile Reshaped(string name, params long[] shape) =>
        With(tensor => tensor.Name == name ? tensor with { Shape = shape, Data = new byte[4 * shape.Aggregate(1L, (product, extent) => product * extent)] } : tensor);

    private static SafetensorsFile Number(string name, float value) => With(tensor =>
    {
        if (tensor.Name == name)
        {
            BitConverter.TryWriteBytes(tensor.Data.Span[^4..], value);
        }

        return tensor;
    });

    /// <summary>As docs/files.md names them: written and read under each other's names they would come back all the same.</summary>
    [Fact]
    public void Each_of_Adams_slots_stands_under_its_own_name()
    {
        var (m, v) = (new NetworkWeights<double>(Shape), new NetworkWeights<double>(Shape));
        (m["W"][0], v["W"][0]) = (-0.25, 0.5);
        var file = ModelFile.Create(Letters, NetworkWeights<double>.Random(Shape, 1), new("adam", [m, v]), new double[3], []);
        Assert.Equal(-0.25, Assert.Single(file.Tensors, tensor => tensor.Name == "adam.m.W").Reals()![0]);
        Assert.Equal(0.5, Assert.Single(file.Tensors, tensor => tensor.Name == "adam.v.W").Reals()![0]);
        Assert.True(ModelFile.From(file).HasSlots("adam"));
        Assert.False(ModelFile.From(new SafetensorsFile(file.Metadata, [.. file.Tensors.Where(tensor => !tensor.Name.StartsWith("adam.v.", StringComparison.Ordinal))])).HasSlots("adam"));
        v["c"][4] = -0.5;
        Refused(Rule.NegativeSum, ModelFile.Create(Letters, NetworkWeights<double>.Random(Shape, 1), new("adam", [m, v]), new double[3], []));
    }

    private static void Refused(Rule rule, SafetensorsFile file) => Assert.Equal(rule, Assert.Throws<SafetensorsException>(() => ModelFile.From(file)).Rule);

    [Fact]
    public void What_is_saved_is_loaded_to_the_bit()
    {
        var model = ModelFile.From(SafetensorsFile.Read(Valid<double>().ToBytes()));
        Assert.Equal(Shape, model.Shape);
        Assert.Equal(TensorType.F64, model.Type);
        Assert.Equal(Letters, model.Vocabulary);
        Assert.Equal("b", model.Metadata["a"]);
        Assert.Equal(NetworkWeights<double>.Random(Shape, 1).Tensors.Select(tensor => tensor.Values), model.Weights<double>().Tensors.Select(tensor => tensor.Values));
        Assert.Equal(Math.Abs(NetworkWeights<double>.Random(Shape, 2)["U"][3]), model.Slots<double>("adagrad")![0]["U"][3]);
        Assert.Equal(3, model.Hidden<double>()!.Length);
        Assert.Equal((float)model.Weights<double>()["V"][4], model.Weights<float>()["V"][4]);
    }

    [Fact]
    public void A_model_needs_every_parameter_and_fitting_shapes()
    {
        foreach (var name in (string[])["W", "U", "V", "b", "c", "adagrad.U", "adagrad.c"])
        {
            Refused(Rule.TensorMissing, Without(name));
            Refused(Rule.TensorUnfit, Reshaped(name, 3, 4));
        }

        Refused(Rule.TensorUnfit, Reshaped("h", 4));
        Refused(Rule.TensorUnfit, Reshaped("U"));
        Refused(Rule.TensorUnfit, Reshaped("U", 0, 5));
        Refused(Rule.TensorUnfit, With(tensor => tensor.Name == "V" ? tensor with { Type = TensorType.I32 } : tensor));
        Refused(Rule.TensorUnfit, With(tensor => tensor with { Type = TensorType.I32 }));
    }

    [Fact]
    public void Every_number_is_finite_and_sums_of_squares_are_not_negative()
    {
        string[] sums = ["adagrad.W", "adagrad.U", "adagrad.V", "adagrad.b", "adagrad.c"];
        foreach (var name in (string[])["W", "U", "V", "b", "c", "h", .. sums])
        {
            Refused(Rule.NotFinite, Number(name, float.NaN));
            Refused(Rule.NotFinite, Number(name, float.NegativeInfinity));
        }

        foreach (var name in sums)
        {
            Refused(Rule.NegativeSum, Number(name, -1e-20f));
        }
    }

    [Fact]
    public void A_number_too_large_for_single_precision()
    {
        var file = Valid<double>();
        BitConverter.TryWriteBytes(file.Tensors[0].Data.Span, 1e300);
        var model = ModelFile.From(file);
        Assert.Equal(1e300, model.Weights<double>()["W"][0]);
        var exception = Assert.Throws<SafetensorsException>(() => model.Weights<float>());
        Assert.Equal((Rule.NotFinite, "W has the number 1E+300 at 0, too large for this precision: use --precision double"), (exception.Rule, exception.Message));
        BitConverter.TryWriteBytes(file.Tensors[0].Data.Span, double.NaN);
        Refused(Rule.NotFinite, file);
    }

    /// <summary>Of several layers and streams of another cell: the metadata say so, and the state has a place for each.</summary>
    [Fact]
    public void Layers_and_streams_of_another_cell_are_loaded_to_the_bit()
    {
        var shape = new NetworkShape(2, 5) { Cell = Lstm.Description, Layers = 3 };
        float[] state = [.. Enumerable.Range(0, 4 * shape.StateSize).Select(i => i - 3.5f)];
        var written = ModelFile.Create(Letters, NetworkWeights<float>.Random(shape, 1), null, state, [new("a", "b")]);
        Assert.Equal([4, 3, 2, 2], Assert.Single(written.Tensors, tensor => tensor.Name == "state").Shape);
        Assert.Equal([new("vocabulary", "abcd😀"), new("cell", "lstm"), new("layers", "3"), new("a", "b")], written.Metadata);
        var model = ModelFile.From(SafetensorsFile.Read(written.ToBytes()));
        Assert.Equal((shape, TensorType.F32, true, 4), (model.Shape, model.Type, model.HasHidden, model.Streams));
        Assert.Equal(NetworkWeights<float>.Random(shape, 1).Tensors.Select(tensor => tensor.Values), model.Weights<float>().Tensors.Select(tensor => tensor.Values));
        Assert.Equal(state, model.Hidden<float>(4));
        Assert.Equal(state[..shape.StateSize], model.Hidden<float>());
        Assert.Null(model.Hidden<float>(5));
        Assert.Equal(-3.5, model.Hidden<double>()![0]);
    }

    /// <summary>Of one vanilla layer several streams are a state; of one it is h, as it was before there were others. What has none says so.</summary>
    [Fact]
    public void The_state_is_h_where_one_vanilla_layer_reads_one_stream()
    {
        var weights = NetworkWeights<float>.Random(Shape, 1);
        foreach (var (streams, name) in new[] { (1, "h"), (2, "state"), (0, null) })
        {
            var file = ModelFile.Create(Letters, weights, null, [.. Enumerable.Repeat(-0.5f, streams * Shape.HiddenSize)], []);
            Assert.Equal(name, file.Tensors.Select(tensor => tensor.Name).Except(weights.Tensors.Select(tensor => tensor.Name)).SingleOrDefault());
            var model = ModelFile.From(file);
            Assert.Equal((streams > 0, streams), (model.HasHidden, model.Streams));
            Assert.Equal(streams == 0, model.Hidden<float>() is null);
        }

        var other = ModelFile.Create(Letters, NetworkWeights<float>.Random(Shape with { Cell = Gru.Description }, 1), null, [], []);
        Assert.False(ModelFile.From(new SafetensorsFile(other.Metadata, [.. other.Tensors, new("h", TensorType.F32, [3], new byte[12])])).HasHidden);
    }

    [Theory]
    [InlineData("cell", "rnn", "its cell is 'rnn', which this program does not have: it knows vanilla, gru, gru-before, lstm")]
    [InlineData("layers", "0", "its layers are not a number from 1 to 8")]
    [InlineData("layers", "9", "its layers are not a number from 1 to 8")]
    [InlineData("layers", "+1", "its layers are not a number from 1 to 8")]
    public void A_network_that_this_program_does_not_have_is_named(string key, string value, string message)
    {
        var valid = Valid<float>();
        var exception = Assert.Throws<SafetensorsException>(() => ModelFile.From(new SafetensorsFile(valid.Metadata.Append(new(key, value)), valid.Tensors)));
        Assert.Equal((Rule.TensorUnfit, message), (exception.Rule, exception.Message));
    }

    [Theory]
    [InlineData("vanilla", NetworkShape.MostLayers)]
    [InlineData("gru", 1)]
    public void The_most_layers_and_one_of_another_cell_come_back(string cell, int layers)
    {
        var shape = Shape with { Cell = BuiltInCells.Find(cell)!, Layers = layers };
        Assert.Equal(shape, ModelFile.From(ModelFile.Create(Letters, NetworkWeights<float>.Random(shape, 1), null, [], [])).Shape);
    }

    /// <summary>Which tensor, what it is, and what it should be.</summary>
    [Fact]
    public void What_does_not_fit_is_said()
    {
        Assert.Equal("no model of charrnn: it lacks the tensor W", Said(Without("W")));
        Assert.Equal("it lacks the tensor adagrad.U", Said(Without("adagrad.U")));
        Assert.Equal("its weights are I32: F32 and F64 can be read", Said(With(tensor => tensor with { Type = TensorType.I32 })));
        Assert.Equal("V is I32, but W is F32", Said(With(tensor => tensor.Name == "V" ? tensor with { Type = TensorType.I32 } : tensor)));
        Assert.Equal("U is [], not hidden size x vocabulary size", Said(Reshaped("U")));
        Assert.Equal("U is [0, 5], not hidden size x vocabulary size", Said(Reshaped("U", 0, 5)));
        Assert.Equal("V is [3, 4], not [5, 3]", Said(Reshaped("V", 3, 4)));
        var gru = ModelFile.Create(Letters, NetworkWeights<float>.Random(Shape with { Cell = Gru.Description }, 1), null, [], []);
        Assert.Equal("V is [15], not vocabulary size x hidden size", Said(new(gru.Metadata, [.. gru.Tensors.Select(tensor => tensor.Name == "V" ? tensor with { Shape = [15] } : tensor)])));
        Assert.Equal("V has a number that is not finite (NaN at 14)", Said(Number("V", float.NaN)));
        Assert.Equal("adagrad.c has a negative sum of squares (-1 at 4)", Said(Number("adagrad.c", -1)));
        Assert.Equal("its metadata has no vocabulary", Said(With(tensor => tensor, null)));
        Assert.Equal("its vocabulary has a character twice, or is not in order of code point", Said(With(tensor => tensor, "abdc😀")));
        Assert.Equal("its vocabulary has 4 characters, but the network is for 5", Said(With(tensor => tensor, "abcd")));

        static string Said(SafetensorsFile file) => Assert.Throws<SafetensorsException>(() => ModelFile.From(file)).Message;
    }

    /// <summary>A state of another number of layers, cell states or units, or of no stream.</summary>
    [Theory]
    [InlineData(0, 3, 2, 2)]
    [InlineData(1, 2, 2, 2)]
    [InlineData(1, 3, 1, 2)]
    [InlineData(1, 3, 2, 4)]
    [InlineData(ModelFile.MostStreams + 1, 3, 2, 2)]
    public void A_state_that_does_not_fit_is_refused(long streams, long layers, long states, long units)
    {
        var shape = new NetworkShape(2, 5) { Cell = Lstm.Description, Layers = 3 };
        var valid = ModelFile.Create(Letters, NetworkWeights<float>.Random(shape, 1), null, new float[shape.StateSize], []);
        var state = new SafetensorsTensor("state", TensorType.F32, [streams, layers, states, units], new byte[4 * streams * layers * states * units]);
        Refused(Rule.TensorUnfit, new SafetensorsFile(valid.Metadata, [.. valid.Tensors.SkipLast(1), state]));
    }

    /// <summary>The weights stay, and what the optimiser knows comes from the state in which the run was saved; only of the same network.</summary>
    [Fact]
    public void Slots_are_taken_from_another_file_of_the_same_network()
    {
        var slot = new NetworkWeights<float>(Shape);
        slot["U"][3] = 0.25f;
        var bare = ModelFile.From(ModelFile.Create(Letters, NetworkWeights<float>.Random(Shape, 1), null, [], []));
        var other = ModelFile.From(ModelFile.Create(Letters, NetworkWeights<float>.Random(Shape, 2), new("adagrad", [slot]), [], []));
        Assert.Null(bare.Slots<float>("adagrad"));
        var joined = bare.WithSlotsOf(other, "adagrad");
        Assert.Equal(0.25f, joined.Slots<float>("adagrad")![0]["U"][3]);
        Assert.Equal(bare.Weights<float>()["W"], joined.Weights<float>()["W"]);
        Assert.False(bare.HasSlots("adagrad"));

        Assert.Same(bare, bare.WithSlotsOf(other, "adam"));
        var wider = new NetworkShape(4, 5);
        Assert.Same(bare, bare.WithSlotsOf(ModelFile.From(ModelFile.Create(Letters, new NetworkWeights<float>(wider), new("adagrad", [new(wider)]), [], [])), "adagrad"));
        Assert.Same(bare, bare.WithSlotsOf(ModelFile.From(ModelFile.Create(Letters, new NetworkWeights<double>(Shape), new("adagrad", [new(Shape)]), [], [])), "adagrad"));
        Assert.Same(bare, bare.WithSlotsOf(ModelFile.From(ModelFile.Create(Vocabulary.FromText("abcde"), new NetworkWeights<float>(Shape), new("adagrad", [slot]), [], [])), "adagrad"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("abcd")]        // too few
    [InlineData("abcde😀")]     // too many
    [InlineData("abcdd")]       // twice
    [InlineData("abdc😀")]      // out of order
    public void The_vocabulary_fits(string? vocabulary) => Refused(Rule.VocabularyInvalid, With(tensor => tensor, vocabulary));

    [Fact]
    public void Other_tensors_are_ignored()
    {
        var valid = Valid<float>();
        var extra = new SafetensorsFile(valid.Metadata, [new("extra", TensorType.BF16, [2], new byte[] { 1, 2, 3, 4 }), .. valid.Tensors]);
        Assert.Equal(Shape, ModelFile.From(SafetensorsFile.Read(extra.ToBytes())).Shape);
    }
}
