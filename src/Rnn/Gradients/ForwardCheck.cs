using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>Somebody's loss and intermediates against the truth, in the order in which they are computed.</summary>
public static class ForwardCheck
{
    /// <summary>The relative difference that float accuracy may bring.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>Names what differs first.</summary>
    /// <param name="file">The case with its intermediates.</param>
    /// <param name="truth">The reference network that has run it.</param>
    /// <returns>One line, or null where nothing that was given differs.</returns>
    public static string? FirstDifference(GradientCaseFile file, ReferenceNetwork<double> truth)
    {
        foreach (var (name, rows) in new[] { ("a", file.Case.Shape.IsVanilla ? file.Case.Arguments(truth) : []), ("h", truth.h[1..]), ("o", truth.o), ("p", truth.p) })
        {
            if (!file.Intermediates.TryGetValue(name, out var given))
            {
                continue;
            }

            for (var t = 0; t < rows.Length; t++)
            {
                var row = given.AsSpan(t * rows[t].Length, rows[t].Length);
                if (!(GradientMeasures.NormRatioOf(row, rows[t]) <= Tolerance))
                {
                    return $"the forward pass differs first in {name} at time step {t + 1} of {rows.Length}: mend that before the gradients";
                }
            }
        }

        if (!file.Intermediates.TryGetValue("loss", out var claimed))
        {
            return null;
        }

        var loss = GradientCaseFile.SumOfLosses(file.Case);
        var ratio = claimed[0] / loss;
        return Near(ratio, 1) || claimed[0] == loss || Near(ratio, 1.0 / file.Case.SequenceLength) ? null
            : Near(ratio, 1 / Math.Log(2)) ? "the loss is in bits, not in nats"
            : Near(ratio, -1) ? "the loss has the wrong sign: it is -sum_t log p_t[y_t], or its mean"
            : $"the loss is {claimed[0]:G8} and should be {loss:G8}";
    }

    private static bool Near(double value, double target) => Math.Abs(value - target) <= Tolerance * Math.Abs(target);
}
