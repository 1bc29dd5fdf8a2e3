using System.Runtime.InteropServices;
using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>
/// How often a right gradient is called wrong, a wrong one right, and a mistake by another's name, over random small cases in which layouts
/// and conventions are mixed. The mistakes are written apart from the catalogue.
/// </summary>
internal sealed record DiagnosisRates(int Drawn, int CalledRight, int NamedAsIs, int NamedOtherwise, int Unnamed, IReadOnlyList<string> Wrong)
{
    private static readonly string[] Layouts = ["plain", "columns", "transposed", "column-major"];

    /// <summary>Draws cases for one mistake; "none" is a right gradient.</summary>
    /// <param name="plant">The gradients, by a case.</param>
    /// <param name="name">What diagnose must call it; null for a right gradient.</param>
    /// <param name="cases">How many.</param>
    public static DiagnosisRates Of(Func<GradientCase, ReferenceParameters<double>> plant, string? name, int cases)
    {
        var (drawn, right, named, otherwise, unnamed) = (0, 0, 0, 0, 0);
        var wrong = new List<string>();
        for (var seed = 1UL; seed <= (ulong)cases; seed++)
        {
            var random = new RandomStream(seed * 7919);
            int Below(int n) => (int)(random.NextUnit() * n);
            var of = GradientCase.Random(new(1 + Below(6), 1 + Below(6)), 1 + Below(8), 0.2 + random.NextUnit(), seed);
            var (layout, isMean, isSingle) = (Layouts[Below(4)], Below(2) == 1, Below(2) == 1);
            var gradients = plant(of);
            var truth = of.Solve().Gradients;
            var changed = truth.Tensors.Max(tensor => GradientMeasures.NormRatioOf(tensor.Values, gradients[tensor.Name]));
            if (name is not null && changed < 1e-3)
            {
                continue;
            }

            drawn++;
            var what = $"seed {seed}, {of.Shape} T {of.SequenceLength}, {layout}, {(isMean ? "mean" : "sum")}, {(isSingle ? "float" : "double")}";
            var diagnosis = Diagnosis.Of(GradientCaseFile.From(File(of, gradients, layout, isMean, isSingle)));
            if (diagnosis.Ok)
            {
                right++;
                if (name is not null)
                {
                    wrong.Add($"called right: {what}; {string.Join("; ", diagnosis.Notes)}");
                }
            }
            else if (diagnosis.Causes.Where(cause => cause.Rank == 1).Any(cause => cause.Name == name))
            {
                named++;
            }
            else
            {
                if (diagnosis.Causes.Any(cause => cause.Rank == 1))
                {
                    otherwise++;
                }
                else
                {
                    unnamed++;
                }

                wrong.Add($"{what}: {string.Join(" | ", diagnosis.Causes.Select(cause => $"{cause.Rank} {cause.Name} ({cause.Form}) {string.Join(',', cause.Explains)} {cause.Residual:E1}"))}; {string.Join("; ", diagnosis.Notes)}");
            }
        }

        return new(drawn, right, named, otherwise, unnamed, wrong);
    }

    /// <summary>The case as somebody stores it.</summary>
    public static SafetensorsFile File(GradientCase of, ReferenceParameters<double> gradients, string layout, bool isMean, bool isSingle)
    {
        var tensors = new List<SafetensorsTensor>();
        foreach (var (prefix, parameters) in new[] { (string.Empty, of.Weights), ("grad.", gradients) })
        {
            foreach (var tensor in parameters.Tensors)
            {
                var values = (double[])tensor.Values.Clone();
                if (prefix.Length > 0)
                {
                    values = Array.ConvertAll(values, value => isMean ? value / of.SequenceLength : value);
                    values = isSingle ? Array.ConvertAll(values, value => (double)(float)value) : values;
                }

                var shape = Array.ConvertAll(tensor.Shape, extent => (long)extent);
                if (shape.Length == 2 && layout is "transposed" or "column-major")
                {
                    values = shape.Length == 2 ? Transposed(values, tensor.Shape[0], tensor.Shape[1]) : values;
                    shape = layout == "transposed" && shape.Length == 2 ? [shape[1], shape[0]] : shape;
                }

                tensors.Add(new(prefix + tensor.Name, TensorType.F64, shape.Length == 1 && layout == "columns" ? [shape[0], 1] : shape, MemoryMarshal.AsBytes<double>(values).ToArray()));
            }
        }

        tensors.Add(new("h0", TensorType.F64, [of.InitialHidden.Length], MemoryMarshal.AsBytes<double>(of.InitialHidden).ToArray()));
        foreach (var (name, indices) in new[] { ("x", of.X), ("y", of.Y) })
        {
            tensors.Add(new(name, TensorType.I64, [indices.Length], MemoryMarshal.AsBytes<long>(Array.ConvertAll(indices, index => (long)index)).ToArray()));
        }

        return new([], tensors);
    }

    private static double[] Transposed(double[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])];
}
