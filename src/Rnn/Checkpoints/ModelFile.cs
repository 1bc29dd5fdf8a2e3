using System.Numerics;
using System.Runtime.InteropServices;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Text;

namespace CharRnn.Rnn.Checkpoints;

/// <summary>
/// A char-RNN in a safetensors file: W [m, m], U [m, K], V [K, m], b [m] and c [K], row-major, F32 or F64; the vocabulary in index order,
/// as one string, under <c>vocabulary</c> in the metadata; and, where training may go on, AdaGrad's sums under <c>adagrad.W</c> and so on
/// and the state h [m] that the next chunk starts from. Other tensors are ignored.
/// </summary>
public sealed class ModelFile
{
    private const string SumsPrefix = "adagrad.";
    private const string HiddenName = "h";
    private static readonly string[] Names = ["W", "U", "V", "b", "c"];

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

    /// <summary>Whether the file has AdaGrad's sums.</summary>
    public bool HasAdagradSums => _tensors.ContainsKey(SumsPrefix + Names[0]);

    /// <summary>Whether the file has the state that the next chunk starts from.</summary>
    public bool HasHidden => _tensors.ContainsKey(HiddenName);

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
        foreach (var name in Names)
        {
            if (!tensors.ContainsKey(name))
            {
                throw new SafetensorsException(SafetensorsRule.TensorMissing, $"no model of charrnn: it lacks the tensor {name}");
            }
        }

        var type = tensors["W"].Type;
        if (type is not (TensorType.F32 or TensorType.F64))
        {
            throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"its weights are {type}: F32 and F64 can be read");
        }

        if (tensors["U"].Shape is not [>= 1 and <= int.MaxValue and var m, >= 1 and <= int.MaxValue and var k])
        {
            throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"U is [{string.Join(", ", tensors["U"].Shape)}], not hidden size x vocabulary size");
        }

        CheckAll("", sums: false);
        if (tensors.ContainsKey(SumsPrefix + Names[0]))
        {
            CheckAll(SumsPrefix, sums: true);
        }

        if (tensors.ContainsKey(HiddenName))
        {
            Check(HiddenName, [m], sums: false);
        }

        var shape = new NetworkShape((int)m, (int)k);
        return new ModelFile(tensors, shape, type, ReadVocabulary(file.Metadata, shape.VocabularySize), file.Metadata);

        void CheckAll(string prefix, bool sums)
        {
            Check(prefix + "W", [m, m], sums);
            Check(prefix + "U", [m, k], sums);
            Check(prefix + "V", [k, m], sums);
            Check(prefix + "b", [m], sums);
            Check(prefix + "c", [k], sums);
        }

        void Check(string name, long[] expected, bool sums)
        {
            if (!tensors.TryGetValue(name, out var tensor))
            {
                throw new SafetensorsException(SafetensorsRule.TensorMissing, $"it lacks the tensor {name}");
            }

            if (tensor.Type != type)
            {
                throw new SafetensorsException(SafetensorsRule.TensorUnfit, $"{name} is {tensor.Type}, but W is {type}");
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

    /// <summary>AdaGrad's sums, or null where the file has none.</summary>
    /// <exception cref="SafetensorsException">A number is too large for the precision asked for.</exception>
    public NetworkWeights<T>? AdagradSums<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HasAdagradSums ? Load<T>(SumsPrefix) : null;

    /// <summary>The state that the next chunk starts from, m numbers, or null where the file has none.</summary>
    public T[]? Hidden<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!HasHidden)
        {
            return null;
        }

        var hidden = new T[Shape.HiddenSize];
        Copy(_tensors[HiddenName], hidden);
        return hidden;
    }

    /// <summary>A model as a safetensors file.</summary>
    /// <param name="vocabulary">The K characters.</param>
    /// <param name="weights">The parameters.</param>
    /// <param name="adagradSums">AdaGrad's sums, or null to leave them out.</param>
    /// <param name="hidden">The state that the next chunk starts from, m numbers; empty to leave it out.</param>
    /// <param name="metadata">What else the metadata says, written in this order after the vocabulary.</param>
    public static SafetensorsFile Create<T>(Vocabulary vocabulary, NetworkWeights<T> weights, NetworkWeights<T>? adagradSums, T[] hidden, IEnumerable<KeyValuePair<string, string>> metadata)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var type = typeof(T) == typeof(float) ? TensorType.F32 : TensorType.F64;
        var tensors = new List<SafetensorsTensor>();
        foreach (var tensor in weights.Tensors)
        {
            Add(tensor.Name, tensor.Shape, tensor.Values);
        }

        if (adagradSums is not null)
        {
            foreach (var tensor in adagradSums.Tensors)
            {
                Add(SumsPrefix + tensor.Name, tensor.Shape, tensor.Values);
            }
        }

        if (hidden.Length > 0)
        {
            Add(HiddenName, [hidden.Length], hidden);
        }

        return new SafetensorsFile(metadata.Prepend(new("vocabulary", vocabulary.ToString())), tensors);

        void Add(string name, int[] shape, T[] values) =>
            tensors.Add(new SafetensorsTensor(name, type, Array.ConvertAll(shape, extent => (long)extent), MemoryMarshal.AsBytes(values.AsSpan()).ToArray()));
    }

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
            Convert<float>(MemoryMarshal.Cast<byte, float>(from.Data));
        }
        else
        {
            Convert<double>(MemoryMarshal.Cast<byte, double>(from.Data));
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
        var values = MemoryMarshal.Cast<byte, T>(tensor.Data);
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
            : throw new SafetensorsException(SafetensorsRule.VocabularyInvalid, $"its vocabulary has {characters} characters, but U is for {size}");
    }
}
