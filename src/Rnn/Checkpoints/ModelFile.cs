using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Optimizers;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>
/// A char-RNN in a safetensors file: its parameters under their names (<see cref="NetworkShape.Parameters"/>), row-major, F32 or F64; the
/// vocabulary in index order, as one string, under <c>vocabulary</c> in the metadata; <c>cell</c> and <c>layers</c> there, where the network
/// is not one vanilla layer; and, where training may go on, the optimiser's slots under <c>adagrad.W</c>, <c>adam.m.layer0.Wi</c> and so on,
/// and the state that the next chunk starts from: <c>h</c> [m] of one vanilla layer and one stream, else <c>state</c>
/// [streams, layers, states of the cell, m]. Other tensors are ignored.
/// </summary>
public sealed class ModelFile
{
    private const string HiddenName = "h";
    private const string StateName = "state";

    /// <summary>The most streams that a network reads at once.</summary>
    public const int MostStreams = 65_536;

    private readonly Dictionary<string, SafetensorsTensor> _tensors;

    private ModelFile(Dictionary<string, SafetensorsTensor> tensors, NetworkShape shape, TensorType type, Vocabulary vocabulary, MetadataDictionary metadata) =>
        (_tensors, Shape, Type, Vocabulary, Metadata) = (tensors, shape, type, vocabulary, metadata);

    /// <summary>m and K.</summary>
    public NetworkShape Shape { get; }

    /// <summary>The precision of the numbers, F32 or F64.</summary>
    public TensorType Type { get; }

    /// <summary>The K characters.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The strings of the file's metadata.</summary>
    public MetadataDictionary Metadata { get; }

    /// <summary>Whether the file has the state that the next chunk starts from.</summary>
    public bool HasHidden => StateTensor is not null;

    /// <summary>How many streams that state is of; 0 where the file has none.</summary>
    public int Streams => StateTensor is { } state ? (int)(Length(state) / Shape.StateSize) : 0;

    private SafetensorsTensor? StateTensor => _tensors.GetValueOrDefault(StateName) ?? (Shape.IsVanilla ? _tensors.GetValueOrDefault(HiddenName) : null);

    /// <summary>Whether the file has the slots of an optimiser.</summary>
    /// <param name="optimizer">Its name.</param>
    public bool HasSlots(string optimizer) => Prefixes(optimizer).All(prefix => _tensors.ContainsKey(prefix + Shape.Parameters[0].Name));

    /// <summary>The same model with the slots of an optimiser that another file has.</summary>
    /// <param name="other">A model of the same network, such as the state in which a run was saved.</param>
    /// <param name="optimizer">Its name.</param>
    /// <returns>This model where the other is of another network or has no such slots.</returns>
    public ModelFile WithSlotsOf(ModelFile other, string optimizer)
    {
        if (other.Shape != Shape || other.Type != Type || !other.Vocabulary.Equals(Vocabulary) || !other.HasSlots(optimizer))
        {
            return this;
        }

        var tensors = new Dictionary<string, SafetensorsTensor>(_tensors, StringComparer.Ordinal);
        foreach (var name in Prefixes(optimizer).SelectMany(prefix => Shape.Parameters.Select(parameter => prefix + parameter.Name)))
        {
            tensors[name] = other._tensors[name];
        }

        return new ModelFile(tensors, Shape, Type, Vocabulary, Metadata);
    }

    /// <summary>Reads and checks a model.</summary>
    /// <exception cref="SafetensorsException">The file is no model; the rule says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ModelFile Read(string path) => From(SafetensorsFile.Read(path));

    /// <summary>Checks that a safetensors file is a model.</summary>
    /// <exception cref="SafetensorsException">It is none; the rule says why.</exception>
    public static ModelFile From(SafetensorsFile file)
    {
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var cellName = file.Metadata.TryGetValue("cell", out var named) ? named : Vanilla.Description.Name;
        var cell = BuiltInCells.Find(cellName)
            ?? throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"its cell is '{cellName}', which this program does not have: it knows {string.Join(", ", BuiltInCells.All.Select(known => known.Name))}");
        var layers = !file.Metadata.TryGetValue("layers", out var text) ? 1
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= NetworkShape.MostLayers ? count
            : throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"its layers are not a number from 1 to {NetworkShape.MostLayers}");
        var shape = new NetworkShape(1, 1) { Cell = cell, Layers = layers };
        foreach (var parameter in shape.Parameters)
        {
            if (!tensors.ContainsKey(parameter.Name))
            {
                throw new SafetensorsException(SafetensorsRule.TensorMissing, $"no model of charrnn: it lacks the tensor {parameter.Name}");
            }
        }

        var first = shape.Parameters[0].Name;
        var type = tensors[first].Type;
        if (type is not (TensorType.F32 or TensorType.F64))
        {
            throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"its weights are {type}: F32 and F64 can be read");
        }

        var sizes = shape.IsVanilla ? "U" : "V";
        if (tensors[sizes].Shape is not [>= 1 and <= int.MaxValue and var rows, >= 1 and <= int.MaxValue and var columns])
        {
            throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"{sizes} is [{string.Join(", ", tensors[sizes].Shape)}], not {(shape.IsVanilla ? "hidden size x vocabulary size" : "vocabulary size x hidden size")}");
        }

        shape = (shape.IsVanilla ? new NetworkShape((int)rows, (int)columns) : new NetworkShape((int)columns, (int)rows)) with { Cell = cell, Layers = layers };
        CheckAll("", sums: false);
        foreach (var optimizer in BuiltInRules.Names)
        {
            foreach (var prefix in Prefixes(optimizer).Where(prefix => tensors.ContainsKey(prefix + first)))
            {
                CheckAll(prefix, sums: prefix is "adagrad." or "adam.v.");
            }
        }

        if (shape.IsVanilla && tensors.ContainsKey(HiddenName))
        {
            Check(HiddenName, [shape.HiddenSize], sums: false);
        }

        if (tensors.TryGetValue(StateName, out var state))
        {
            Check(StateName, [state.Shape is [>= 1 and <= MostStreams and var streams, ..] ? streams : 1, layers, cell.States.Count, shape.HiddenSize], sums: false);
        }

        return new ModelFile(tensors, shape, type, ReadVocabulary(file.Metadata, shape.VocabularySize), file.Metadata);

        void CheckAll(string prefix, bool sums)
        {
            foreach (var parameter in shape.Parameters)
            {
                Check(prefix + parameter.Name, Array.ConvertAll(parameter.Shape, extent => (long)extent), sums);
            }
        }

        void Check(string name, long[] expected, bool sums)
        {
            if (!tensors.TryGetValue(name, out var tensor))
            {
                throw new SafetensorsException(SafetensorsRule.TensorMissing, $"it lacks the tensor {name}");
            }

            if (tensor.Type != type)
            {
                throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"{name} is {tensor.Type}, but {first} is {type}");
            }

            if (!tensor.Shape.AsSpan().SequenceEqual(expected))
            {
                throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"{name} is [{string.Join(", ", tensor.Shape)}], not [{string.Join(", ", expected)}]");
            }

            if (type == TensorType.F32)
            {
                CheckValues<float>(name, tensor, sums);
            }
            else
            {
                CheckValues<double>(name, tensor, sums);
            }
        }
    }

    /// <summary>The weights, rounded to nearest where the file has the other precision.</summary>
    /// <exception cref="SafetensorsException">A number is too large for the precision asked for.</exception>
    public NetworkWeights<T> Weights<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Load<T>("");

    /// <summary>An optimiser's slots in the order of its rule, or null where the file has none.</summary>
    /// <param name="optimizer">Its name.</param>
    /// <exception cref="SafetensorsException">A number is too large for the precision asked for.</exception>
    public IReadOnlyList<NetworkWeights<T>>? Slots<T>(string optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HasSlots(optimizer) ? [.. Prefixes(optimizer).Select(Load<T>)] : null;

    /// <summary>The state that the next chunk starts from, stream by stream, or null where the file has none of so many streams.</summary>
    /// <param name="streams">Of how many streams; the first ones.</param>
    /// <exception cref="SafetensorsException">A number is too large for the precision asked for.</exception>
    public T[]? Hidden<T>(int streams = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (StateTensor is not { } state || streams > Streams)
        {
            return null;
        }

        var hidden = new T[Length(state)];
        Copy(state, hidden);
        return hidden[..(streams * Shape.StateSize)];
    }

    /// <summary>A model as a safetensors file.</summary>
    /// <param name="vocabulary">The K characters.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="slots">The optimiser's slots, or null to leave them out.</param>
    /// <param name="hidden">The state that the next chunk starts from, of one or more streams; empty to leave it out.</param>
    /// <param name="metadata">What else the metadata says, written in this order after the vocabulary and, where the network is not one vanilla layer, its cell and layers.</param>
    public static SafetensorsFile Create<T>(Vocabulary vocabulary, NetworkWeights<T> weights, OptimizerSlots<T>? slots, T[] hidden, IEnumerable<KeyValuePair<string, string>> metadata)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var type = typeof(T) == typeof(float) ? TensorType.F32 : TensorType.F64;
        var shape = weights.Shape;
        var tensors = new List<SafetensorsTensor>();
        var parts = slots is null ? [] : Prefixes(slots.Optimizer).Zip(slots.Slots);
        foreach (var (prefix, values) in parts.Prepend(("", weights)))
        {
            foreach (var tensor in values.Tensors)
            {
                Add(prefix + tensor.Name, tensor.Shape, tensor.Values);
            }
        }

        if (hidden.Length == shape.HiddenSize && shape.IsVanilla)
        {
            Add(HiddenName, [hidden.Length], hidden);
        }
        else if (hidden.Length > 0)
        {
            Add(StateName, [hidden.Length / shape.StateSize, shape.Layers, shape.Cell.States.Count, shape.HiddenSize], hidden);
        }

        if (!shape.IsVanilla)
        {
            metadata = [new("cell", shape.Cell.Name), new("layers", shape.Layers.ToString(CultureInfo.InvariantCulture)), .. metadata];
        }

        return new SafetensorsFile(metadata.Prepend(new("vocabulary", vocabulary.ToString())), tensors);

        void Add(string name, int[] shape, T[] values) =>
            tensors.Add(new SafetensorsTensor(name, type, Array.ConvertAll(shape, extent => (long)extent), new BytesOf<T>(values).Memory));
    }

    /// <summary>What stands in front of the names of an optimiser's slots: a rule of one slot needs no name for it.</summary>
    private static IEnumerable<string> Prefixes(string optimizer)
    {
        var slots = BuiltInRules.Create(optimizer).Slots;
        return slots.Select(slot => slots.Count == 1 ? $"{optimizer}." : $"{optimizer}.{slot}.");
    }

    private static long Length(SafetensorsTensor tensor) => tensor.Shape.Aggregate(1L, (product, extent) => product * extent);

    private NetworkWeights<T> Load<T>(string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var weights = new NetworkWeights<T>(Shape);
        foreach (var tensor in weights.Tensors)
        {
            Copy(_tensors[prefix + tensor.Name], tensor.Values);
        }

        return weights;
    }

    private static void Copy<T>(SafetensorsTensor from, T[] to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (from.Type == TensorType.F32)
        {
            Convert<float>(MemoryMarshal.Cast<byte, float>(from.Data.Span));
        }
        else
        {
            Convert<double>(MemoryMarshal.Cast<byte, double>(from.Data.Span));
        }

        void Convert<TFrom>(ReadOnlySpan<TFrom> values)
            where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
        {
            for (var i = 0; i < values.Length; i++)
            {
                to[i] = T.CreateTruncating(values[i]);
                if (!T.IsFinite(to[i]))
                {
                    throw new SafetensorsException(SafetensorsRule.NotFinite, $"{from.Name} has the number {values[i]} at {i}, too large for this precision: use --precision double");
                }
            }
        }
    }

    private static void CheckValues<T>(string name, SafetensorsTensor tensor, bool sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        for (var i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new SafetensorsException(SafetensorsRule.NotFinite, $"{name} has a number that is not finite ({values[i]} at {i})");
            }

            if (sums && values[i] < T.Zero)
            {
                throw new SafetensorsException(SafetensorsRule.NegativeSum, $"{name} has a negative sum of squares ({values[i]} at {i})");
            }
        }
    }

    private static Vocabulary ReadVocabulary(MetadataDictionary metadata, int size)
    {
        if (!metadata.TryGetUtf8("vocabulary", out var text))
        {
            throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, "its metadata has no vocabulary");
        }

        if (!Vocabulary.IsInOrder(text, out var characters))
        {
            throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, "its vocabulary has a character twice, or is not in order of code point");
        }

        return characters == size ? Vocabulary.FromOrdered(text, size)
            : throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, $"its vocabulary has {characters} characters, but the network is for {size}");
    }
}
