using System.Runtime.InteropServices;
using CharRnn.Rnn.Cells;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// A chunk with somebody's gradients in a safetensors file, in the form that any language can read and write:
/// W [m,m], U [m,K], V [K,m], b [m], c [K], h0 [m], x and y [T] (zero-based), grad.W ... grad.c, and if they like
/// loss [] or [1], a and h [T,m], o and p [T,K]. A vector may be a column or a row, and all matrices may be transposed. Other cells have
/// their own parameters in the place of W, U and b, named as in checkpoints, and h0 holds all states of all layers.
/// </summary>
/// <param name="Readings">The ways to read it, the plain one first.</param>
/// <param name="Contradicting">The parameters whose gradients have the shape of the transposed matrix.</param>
/// <param name="Intermediates">loss, a, h, o and p, as far as they are in the file.</param>
public sealed record GradientCaseFile(
    IReadOnlyList<GradientReading> Readings, IReadOnlyList<string> Contradicting, IReadOnlyDictionary<string, double[]> Intermediates)
{
    private const string GradientPrefix = "grad.";

    /// <summary>The chunk, read plainly.</summary>
    public GradientCase Case => Readings[0].Case;

    /// <summary>The gradients in the file, by parameter name, read plainly; at least one.</summary>
    public IReadOnlyDictionary<string, double[]> Gradients => Readings[0].Gradients;

    /// <summary>A file of the chunk with every intermediate and the exact gradients, in double precision; sum or mean as the case says.</summary>
    public static SafetensorsFile Export(GradientCase of)
    {
        var network = of.Solve();
        var (m, k, steps) = (of.Shape.HiddenSize, of.Shape.VocabularySize, of.SequenceLength);
        var tensors = of.Weights.Tensors.Select(tensor => Doubles(tensor.Name, tensor.Shape, tensor.Values)).ToList();
        tensors.Add(Doubles("h0", [of.InitialHidden.Length], of.InitialHidden));
        tensors.Add(Indices("x", of.X));
        tensors.Add(Indices("y", of.Y));
        tensors.Add(Doubles("loss", [], [Exported(of.IsMean ? SumOfLosses(of) / steps : SumOfLosses(of))]));
        if (of.Shape.IsVanilla)
        {
            tensors.Add(Doubles("a", [steps, m], [.. of.Arguments(network).SelectMany(row => row)]));
        }

        tensors.Add(Doubles("h", [steps, m], [.. network.h.Skip(1).SelectMany(row => row)]));
        tensors.Add(Doubles("o", [steps, k], [.. network.o.SelectMany(row => row)]));
        tensors.Add(Doubles("p", [steps, k], [.. network.p.SelectMany(row => row)]));
        tensors.AddRange(network.Gradients.Tensors.Select(tensor => Doubles(GradientPrefix + tensor.Name, tensor.Shape, tensor.Values)));
        return new([], tensors);
    }

    /// <summary>
    /// Whether the loss in the file is the mean, as far as it is somebody's own; null where there is none, where it is what
    /// <see cref="Export"/> wrote, which is rounded to be known again, or where it is neither.
    /// </summary>
    internal bool? StudentsConvention(GradientCase of)
    {
        if (!Intermediates.TryGetValue("loss", out var loss) || of.SequenceLength == 1)
        {
            return null;
        }

        var sum = SumOfLosses(of);
        var mean = sum / of.SequenceLength;
        return loss[0] == Exported(sum) || loss[0] == Exported(mean) ? null
            : Math.Abs(loss[0] - mean) <= 1e-3 * mean ? true
            : Math.Abs(loss[0] - sum) <= 1e-3 * sum ? false
            : null;
    }

    /// <summary>Takes a file apart.</summary>
    /// <exception cref="GradientCaseException">A tensor is missing, of a shape or type that does not fit, or out of range.</exception>
    public static GradientCaseFile From(SafetensorsFile file)
    {
        var tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        var shape = ShapeOf(tensors, out var isTransposed);
        var missing = shape.Parameters.Select(parameter => parameter.Name).Append("h0").Append("x").Append("y").Where(name => !tensors.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
        {
            throw Missing(missing);
        }

        var steps = tensors["x"].Shape is [var length] && length > 0 ? length : throw new GradientCaseException($"x is {Shape(tensors["x"])}: it must be [T], with T at least 1");
        var (x, y) = (Characters(tensors["x"], steps, shape.VocabularySize), Characters(tensors["y"], steps, shape.VocabularySize));
        var parameters = shape.Parameters;
        var weights = parameters.ToDictionary(parameter => parameter.Name, parameter => Values(tensors[parameter.Name], parameter.Shape, isTransposed, finite: true));
        var hidden = Numbers(tensors["h0"], finite: true);
        if (hidden.Length != shape.StateSize || tensors["h0"].Shape.Count(extent => extent > 1) > (shape.IsVanilla ? 1 : 3))
        {
            throw new GradientCaseException($"h0 is {Shape(tensors["h0"])} and must be [{shape.StateSize}]");
        }

        var gradients = new Dictionary<string, double[]>();
        var contradicting = new List<string>();
        foreach (var parameter in parameters.Where(parameter => tensors.ContainsKey(GradientPrefix + parameter.Name)))
        {
            var tensor = tensors[GradientPrefix + parameter.Name];
            var own = Extents(parameter.Shape, isTransposed);
            var isContradicting = parameter.IsMatrix && own[0] != own[1] && tensor.Shape.AsSpan().SequenceEqual([own[1], own[0]]);
            if (isContradicting)
            {
                contradicting.Add(parameter.Name);
            }

            gradients[parameter.Name] = Values(tensor, parameter.Shape, isTransposed != isContradicting, finite: false);
        }

        if (gradients.Count == 0)
        {
            throw new GradientCaseException($"no gradient to judge: put yours in as {string.Join(", ", parameters.Select(parameter => GradientPrefix + parameter.Name))}");
        }

        var intermediates = new Dictionary<string, double[]>();
        foreach (var (name, width) in new[] { ("a", shape.HiddenSize), ("h", shape.HiddenSize), ("o", shape.VocabularySize), ("p", shape.VocabularySize) })
        {
            if (tensors.TryGetValue(name, out var tensor))
            {
                intermediates[name] = Values(tensor, [(int)steps, width], isTransposed: false, finite: false);
            }
        }

        if (tensors.TryGetValue("loss", out var loss))
        {
            intermediates["loss"] = loss.Shape.All(extent => extent == 1) ? Numbers(loss, finite: false) : throw new GradientCaseException($"loss is {Shape(loss)} and must be one number");
        }

        return new([.. Read()], contradicting, intermediates);

        IEnumerable<GradientReading> Read()
        {
            yield return new(Case(weights), gradients, Note(isTransposed ? "all matrices are transposed, inputs as rows: U [K,m], V [m,K]" : null));
            if (isTransposed && shape.IsVanilla)
            {
                yield return new(Case(Turned(weights, name => name == "W")), Turned(gradients, name => name == "W"), Note("U and V are transposed, W is not"));
            }

            // One matrix alone that is turned is a mistake, not a layout.
            if (parameters.Count(parameter => parameter.IsMatrix && parameter.Shape[0] > 1 && parameter.Shape[1] > 1 && gradients.ContainsKey(parameter.Name)) < 2)
            {
                yield break;
            }

            var orTransposed = shape.HiddenSize == shape.VocabularySize ? "transposed, or stored by columns (column-major; m = K cannot tell)" : "stored by columns (column-major)";
            yield return new(Case(weights), Reordered(gradients), Note($"the gradients are {orTransposed}, the matrices are not"));
            yield return new(Case(Reordered(weights)), Reordered(gradients), Note($"all matrices are {orTransposed}"));
        }

        // A vector may be a column or a row; that says nothing of the matrices.
        string? Note(string? ofMatrices)
        {
            string[] odd = [.. tensors.Where(pair => IsVector(pair.Key) && pair.Value.Shape.Length > 1).Select(pair => $"{pair.Key} {Shape(pair.Value)}").Order(StringComparer.Ordinal)];
            var ofVectors = odd.Length == 0 ? null : $"vectors are stored as matrices: {string.Join(", ", odd)}";
            return (ofMatrices, ofVectors) switch { (_, null) => ofMatrices, (null, _) => ofVectors, _ => $"{ofMatrices}; {ofVectors}" };
        }

        bool IsVector(string name) =>
            (name == "h0" && shape.IsVanilla) || parameters.Any(parameter => !parameter.IsMatrix && (name == parameter.Name || name == GradientPrefix + parameter.Name));

        GradientCase Case(IReadOnlyDictionary<string, double[]> values)
        {
            var own = new ReferenceParameters<double>(shape);
            foreach (var tensor in own.Tensors)
            {
                values[tensor.Name].CopyTo(tensor.Values, 0);
            }

            return new(own, hidden, x, y);
        }

        // The bytes of a matrix by columns are the rows of its transpose, under the extents that the file gives.
        Dictionary<string, double[]> Reordered(IReadOnlyDictionary<string, double[]> from) => from.ToDictionary(pair => pair.Key, pair =>
        {
            var parameter = parameters.First(known => known.Name == pair.Key);
            return !parameter.IsMatrix ? pair.Value
                : isTransposed ? Transposed(pair.Value, parameter.Shape[0], parameter.Shape[1])
                : Transposed(pair.Value, parameter.Shape[1], parameter.Shape[0]);
        });

        Dictionary<string, double[]> Turned(IReadOnlyDictionary<string, double[]> from, Func<string, bool> which) =>
            from.ToDictionary(pair => pair.Key, pair => which(pair.Key) ? Transposed(pair.Value, shape.HiddenSize, shape.HiddenSize) : pair.Value);
    }

    internal static double SumOfLosses(GradientCase of)
    {
        var network = (of with { IsMean = false }).Forward();
        var loss = 0.0;
        for (var t = 0; t < network.o.Length; t++)
        {
            var largest = network.o[t].Max();
            loss += Math.Log(network.o[t].Sum(logit => Math.Exp(logit - largest))) + largest - network.o[t][of.Y[t]];
        }

        return loss;
    }

    private static double Exported(double loss) => double.Parse(loss.ToString("E11", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private static NetworkShape ShapeOf(Dictionary<string, SafetensorsTensor> tensors, out bool isTransposed)
    {
        var cell = tensors.ContainsKey("W") || !tensors.Keys.Any(name => name.StartsWith("layer0.", StringComparison.Ordinal)) ? Vanilla.Description
            : BuiltInCells.All.FirstOrDefault(known => known.Parameters.All(parameter => tensors.ContainsKey($"layer0.{parameter.Name}"))
                && tensors.Keys.Where(name => name.StartsWith("layer0.", StringComparison.Ordinal)).All(name => known.Parameters.Any(parameter => name == $"layer0.{parameter.Name}")))
            ?? throw new GradientCaseException($"the tensors layer0.* are those of no cell: there are {string.Join(", ", BuiltInCells.All)}");
        var layers = 1;
        while (layers < NetworkShape.MostLayers && tensors.Keys.Any(name => name.StartsWith($"layer{layers}.", StringComparison.Ordinal)))
        {
            layers++;
        }

        var one = new NetworkShape(1, 1) { Cell = cell, Layers = layers };
        var recurrent = cell.Parameters.FirstOrDefault(parameter => parameter.Kind == CellParameterKind.Recurrent)
            ?? throw new GradientCaseException($"{cell} has no recurrent matrix to read m from");
        var name = NetworkParameter.NameOf(one, 0, recurrent.Name);
        var missing = one.Parameters.Select(parameter => parameter.Name).Where(known => !tensors.ContainsKey(known)).ToArray();
        if (missing.Length > 0)
        {
            throw Missing([.. missing, .. new[] { "h0", "x", "y" }.Where(known => !tensors.ContainsKey(known))]);
        }

        var (square, dense) = (tensors[name], tensors["V"]);
        if (square.Shape is not [var m, var width] || m != width || dense.Shape is not [var rows, var columns] || m < 1 || rows < 1 || columns < 1 || (rows != m && columns != m))
        {
            throw new GradientCaseException($"{name} is {Shape(square)} and V is {Shape(dense)}: {name} must be [m,m] and V [K,m]");
        }

        isTransposed = columns != m;
        var k = isTransposed ? columns : rows;
        return m > 1 << 14 || k > 1 << 20 || m * k > 1 << 28
            ? throw new GradientCaseException($"m = {m} and K = {k} are too large to judge")
            : new((int)m, (int)k) { Cell = cell, Layers = layers };
    }

    private static GradientCaseException Missing(string[] names) =>
        new($"no tensor {string.Join(", ", names)}: a case has W U V b c, h0, x, y and grad.W ... grad.c");

    private static long[] Extents(int[] shape, bool isTransposed) =>
        shape.Length == 2 ? (isTransposed ? [shape[1], shape[0]] : [shape[0], shape[1]]) : [shape[0]];

    /// <summary>A tensor's numbers in the parameter's own order.</summary>
    private static double[] Values(SafetensorsTensor tensor, int[] shape, bool isTransposed, bool finite)
    {
        var extents = Extents(shape, isTransposed);
        var fits = tensor.Shape.AsSpan().SequenceEqual(extents)
            || (extents.Length == 1 && (tensor.Shape.AsSpan().SequenceEqual([extents[0], 1]) || tensor.Shape.AsSpan().SequenceEqual([1, extents[0]])));
        if (!fits)
        {
            throw new GradientCaseException($"{tensor.Name} is {Shape(tensor)} and must be [{string.Join(',', extents)}]");
        }

        var values = Numbers(tensor, finite);
        return isTransposed && shape.Length == 2 ? Transposed(values, shape[1], shape[0]) : values;
    }

    /// <summary>[rows, columns] to [columns, rows].</summary>
    private static double[] Transposed(double[] values, int rows, int columns)
    {
        var result = new double[values.Length];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                result[(j * rows) + i] = values[(i * columns) + j];
            }
        }

        return result;
    }

    private static SafetensorsTensor Doubles(string name, int[] shape, double[] values) =>
        new(name, TensorType.F64, Array.ConvertAll(shape, extent => (long)extent), MemoryMarshal.AsBytes<double>(values).ToArray());

    private static SafetensorsTensor Indices(string name, int[] values) =>
        new(name, TensorType.I64, [values.Length], MemoryMarshal.AsBytes<long>(Array.ConvertAll(values, value => (long)value)).ToArray());

    private static double[] Numbers(SafetensorsTensor tensor, bool finite)
    {
        var values = tensor.Reals() ?? throw new GradientCaseException($"{tensor.Name} is of type {tensor.Type}: it must be F64 or F32");
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
            TensorType.I64 => MemoryMarshal.Cast<byte, long>(tensor.Data.Span).ToArray(),
            TensorType.I32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(tensor.Data.Span).ToArray(), value => (long)value),
            TensorType.U8 => Array.ConvertAll(tensor.Data.ToArray(), value => (long)value),
            _ => throw new GradientCaseException($"{tensor.Name} is of type {tensor.Type}: it must be I64, I32 or U8"),
        };
        var wrong = Array.FindIndex(values, value => value < 0 || value >= vocabularySize);
        return wrong < 0
            ? Array.ConvertAll(values, value => (int)value)
            : throw new GradientCaseException($"{tensor.Name}[{wrong}] is {values[wrong]}: indices are zero-based, from 0 to {vocabularySize - 1}");
    }

    private static string Shape(SafetensorsTensor tensor) => $"[{string.Join(',', tensor.Shape)}]";
}
