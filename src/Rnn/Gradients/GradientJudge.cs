using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// Says of anybody's gradients of one chunk, right or wrong: the truth is computed once, and with it how far rounding to
/// float can lead from it. See docs/numerics.md for the two rates of error.
/// </summary>
public sealed class GradientJudge
{
    private readonly RoundingAllowance _allowance;

    /// <summary>Computes the truth about a chunk.</summary>
    public GradientJudge(GradientCase of)
    {
        Case = of;
        Solution = of.Solve();
        _allowance = RoundingAllowance.Of(of, Truth);
    }

    /// <summary>The chunk.</summary>
    public GradientCase Case { get; }

    /// <summary>The reference network after forward and backward.</summary>
    public ReferenceNetwork<double> Solution { get; }

    /// <summary>The right gradients.</summary>
    public ReferenceParameters<double> Truth => Solution.Gradients;

    /// <summary>Whether rounding to float alone can make anything of this chunk's gradients.</summary>
    public bool IsChaotic => _allowance.IsChaotic;

    /// <summary>Judges one parameter's gradient.</summary>
    /// <param name="name">W, U, V, b or c.</param>
    /// <param name="claimed">The gradient, row-major, summed over the chunk, not clipped.</param>
    /// <exception cref="ArgumentException">It has not as many elements as the parameter.</exception>
    public ParameterJudgement Judge(string name, double[] claimed)
    {
        var truth = Truth.Tensors.First(tensor => tensor.Name == name);
        var measures = GradientMeasures.Compare(claimed, truth.Values);
        var difference = new double[claimed.Length];
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = claimed[i] - truth.Values[i];
        }

        var (rows, columns, whole) = RoundingAllowance.Norms(truth, difference);
        var allowed = _allowance[name];
        var (excess, worst) = (Ratio(whole, allowed.Whole), "the whole");
        Look(rows, allowed.Rows, truth.Shape.Length == 2 ? "row" : "element");
        Look(columns, allowed.Columns, "column");
        var isUncertain = _allowance.IsChaotic && measures.NormRatio > 1e-6 && Array.TrueForAll(claimed, double.IsFinite);
        return new(name, isUncertain || excess <= 1, measures, excess, worst, isUncertain);

        void Look(double[] norms, double[] limits, string what)
        {
            for (var i = 0; i < norms.Length; i++)
            {
                var ratio = Ratio(norms[i], limits[i]);
                if (ratio > excess)
                {
                    (excess, worst) = (ratio, $"{what} {i}");
                }
            }
        }
    }

    /// <summary>Judges all five.</summary>
    public IReadOnlyList<ParameterJudgement> Judge(ReferenceParameters<double> claimed) =>
        [.. claimed.Tensors.Select(tensor => Judge(tensor.Name, tensor.Values))];

    /// <summary>The norm ratio that rounding to float alone can lead to, at most 1e-2.</summary>
    internal double AllowedNormRatio(NamedTensor<double> parameter)
    {
        var norm = RoundingAllowance.Norms(parameter, parameter.Values).Whole;
        return norm > 0 ? Math.Min(1e-2, _allowance[parameter.Name].Whole / norm) : 1e-2;
    }

    private static double Ratio(double distance, double allowed) =>
        double.IsNaN(distance) ? double.PositiveInfinity : distance == 0 ? 0 : distance / allowed;
}
