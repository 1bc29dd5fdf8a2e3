using System.Runtime.InteropServices;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// A chunk with somebody's gradients in a safetensors file, in the form that any language can read and write:
/// W [m,m], U [m,K], V [K,m], b [m], c [K], h0 [m], x and y [T] (zero-based), grad.W ... grad.c, and if they like
/// loss [] or [1], a and h [T,m], o and p [T,K].
/// </summary>
/// <param name="Case">The chunk.</param>
/// <param name="Gradients">The gradients in the file, by parameter name; at least one.</param>
/// <param name="Intermediates">loss, a, h, o and p, as far as they are in the file.</param>
public sealed record GradientCaseFile(
    GradientCase Case, IReadOnlyDictionary<string, double[]> Gradients, IReadOnlyDictionary<string, double[]> Intermediates)
{
    private const string GradientPrefix = "grad.";

    private static readonly string[] ParameterNames = ["W", "U", "V", "b", "c"];

    /// <summary>A file of the chunk with every intermediate and the exact gradients, in double precision.</summary>
    public static SafetensorsFile Export(GradientCase of)
    {
        var network = new ReferenceNetwork<double>(of.Weights.Clone());
        network.SetHidden(of.InitialHidden);
        var loss = network.Forward(of.X, of.Y);
        network.Backward();
        var (m, k, steps) = (of.Shape.HiddenSize, of.Shape.VocabularySize, of.SequenceLength);
        var tensors = of.Weights.Tensors.Select(tensor => Doubles(tensor.Name, tensor.Shape, tensor.Values)).ToList();
        tensors.Add(Doubles("h0", [m], of.InitialHidden));
        tensors.Add(Indices("x", of.X));
        tensors.Add(Indices("y", of.Y));
        tensors.Add(Doubles("loss", [], [loss]));
        tensors.Add(Doubles("a", [steps, m], [.. of.Arguments(network).SelectMany(row => row)]));
        tensors.Add(Doubles("h", [steps, m], [.. network.h.Skip(1).SelectMany(row => row)]));
        tensors.Add(Doubles("o", [steps, k], [.. network.o.SelectMany(row => row)]));
        tensors.Add(Doubles("p", [steps, k], [.. network.p.SelectMany(row => row)]));
        tensors.AddRange(network.Gradients.Tensors.Select(tensor => Doubles(GradientPrefix + tensor.Name, tensor.Shape, tensor.Values)));
        return new([], tensors);
    }

    /// <summary>Takes a file apart.</summary>
    /// <exception cref="GradientCaseException">A tensor is missing, of a shape or type that does not fit, or out of range.</exception>
    public static GradientCaseFile From(SafetensorsFile file)
    {
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        var missing = ParameterNames.Append("h0").Append("x").Append("y").Where(name => !tensors.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new GradientCaseException($"no tensor {string.Join(", ", missing)}: a case has W U V b c, h0, x, y and grad.W ... grad.c");
        }

        if (tensors["W"].Shape is not [var m, var width] || m != width || tensors["V"].Shape is not [var k, _] || m < 1 || k < 1)
        {
            throw new GradientCaseException($"W is {Shape(tensors["W"])} and V is {Shape(tensors["V"])}: W must be [m,m] and V [K,m]");
        }

        if (m > 1 << 14 || k > 1 << 20 || m * k > 1 << 28)
        {
            throw new GradientCaseException($"m = {m} and K = {k} are too large to judge");
        }

        var steps = tensors["x"].Shape is [var length] && length > 0 ? length : throw new GradientCaseException($"x is {Shape(tensors["x"])}: it must be [T], with T at least 1");
        var shapes = new Dictionary<string, long[]>
        {
            ["W"] = [m, m], ["U"] = [m, k], ["V"] = [k, m], ["b"] = [m], ["c"] = [k],
        };
        var weights = new ReferenceParameters<double>(new((int)m, (int)k));
        foreach (var tensor in weights.Tensors)
        {
            Numbers(tensors[tensor.Name], shapes[tensor.Name], finite: true).CopyTo(tensor.Values, 0);
        }

        var of = new GradientCase(weights, Numbers(tensors["h0"], [m], finite: true), Characters(tensors["x"], steps, k), Characters(tensors["y"], steps, k));
        var gradients = new Dictionary<string, double[]>();
        foreach (var name in ParameterNames.Where(name => tensors.ContainsKey(GradientPrefix + name)))
        {
            gradients[name] = Numbers(tensors[GradientPrefix + name], shapes[name], finite: false);
        }

        if (gradients.Count == 0)
        {
            throw new GradientCaseException("no gradient to judge: put yours in as grad.W, grad.U, grad.V, grad.b, grad.c");
        }

        var intermediates = new Dictionary<string, double[]>();
        foreach (var (name, shape) in new (string, long[])[] { ("a", [steps, m]), ("h", [steps, m]), ("o", [steps, k]), ("p", [steps, k]) })
        {
            if (tensors.TryGetValue(name, out var tensor))
            {
                intermediates[name] = Numbers(tensor, shape, finite: false);
            }
        }

        if (tensors.TryGetValue("loss", out var loss))
        {
            intermediates["loss"] = Numbers(loss, loss.Shape.Length == 0 ? [] : [1], finite: false);
        }

        return new(of, gradients, intermediates);
    }

    private static SafetensorsTensor Doubles(string name, int[] shape, double[] values) =>
        new(name, TensorType.F64, Array.ConvertAll(shape, extent => (long)extent), MemoryMarshal.AsBytes<double>(values).ToArray());

    private static SafetensorsTensor Indices(string name, int[] values) =>
        new(name, TensorType.I64, [values.Length], MemoryMarshal.AsBytes<long>(Array.ConvertAll(values, value => (long)value)).ToArray());

    private static double[] Numbers(SafetensorsTensor tensor, long[] shape, bool finite)
    {
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new GradientCaseException($"{tensor.Name} is {Shape(tensor)} and must be [{string.Join(',', shape)}]{(Enumerable.Reverse(tensor.Shape).SequenceEqual(shape) ? ": transpose it" : string.Empty)}");
        }

        var values = tensor.Type switch
        {
            TensorType.F64 => MemoryMarshal.Cast<byte, double>(tensor.Data).ToArray(),
            TensorType.F32 => Array.ConvertAll(MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray(), value => (double)value),
            _ => throw new GradientCaseException($"{tensor.Name} is of type {tensor.Type}: it must be F64 or F32"),
        };
        return !finite || Array.TrueForAll(values, double.IsFinite)
            ? values
            : throw new GradientCaseException($"{tensor.Name} holds a number that is infinite or not a number");
    }

    private static int[] Characters(SafetensorsTensor tensor, long steps, long vocabularySize)
    {
        if (tensor.Shape is not [var length] || length != steps)
        {
            throw new GradientCaseException($"{tensor.Name} is {Shape(tensor)} and must be [{steps}], as long as x");
        }

        var values = tensor.Type switch
        {
            TensorType.I64 => MemoryMarshal.Cast<byte, long>(tensor.Data).ToArray(),
            TensorType.I32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(tensor.Data).ToArray(), value => (long)value),
            TensorType.U8 => Array.ConvertAll(tensor.Data, value => (long)value),
            _ => throw new GradientCaseException($"{tensor.Name} is of type {tensor.Type}: it must be I64, I32 or U8"),
        };
        var wrong = Array.FindIndex(values, value => value < 0 || value >= vocabularySize);
        return wrong < 0
            ? Array.ConvertAll(values, value => (int)value)
            : throw new GradientCaseException($"{tensor.Name}[{wrong}] is {values[wrong]}: indices are zero-based, from 0 to {vocabularySize - 1}");
    }

    private static string Shape(SafetensorsTensor tensor) => $"[{string.Join(',', tensor.Shape)}]";
}
