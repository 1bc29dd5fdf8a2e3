using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>A classic mistake in backpropagation through time.</summary>
/// <param name="Name">A short name, the same in every report.</param>
/// <param name="Advice">What to look for in one's code.</param>
/// <param name="PerParameter">Whether it may be made in one parameter and not in another: a factor, a sign, a clip.</param>
public sealed record Mistake(string Name, string Advice, bool PerParameter = false)
{
    /// <summary>What the mistake gives, in each of its forms; the second argument is what is to be explained.</summary>
    internal Func<GradientJudge, ReferenceParameters<double>, IEnumerable<MistakenGradients>> Forms { get; init; } = (_, _) => [];

    /// <summary>Whether it covers others as special cases, so that it is asked only where those do not explain all.</summary>
    internal bool IsGeneral { get; init; }

    /// <summary>The catalogue, the likelier first among those that cannot be told apart.</summary>
    public static IReadOnlyList<Mistake> Catalogue { get; } =
    [
        Backward("recurrent term dropped", "dh_t must also receive W' dz_{t+1} from the time step after it",
            ("dh_t = V' g_t alone", new() { RecurrenceDropped = true })),
        Backward("recurrent term without its slope", "what goes back through W' is dz_{t+1} = dh_{t+1} (1 - h_{t+1}^2), not dh_{t+1}",
            ("dh_t = V' g_t + W' dh_{t+1}", new() { CarriedWithoutSlope = true })),
        Backward("dh accumulated twice", "W' dz_{t+1} goes into dh_t once, and takes the place of what came back before",
            ("what comes back is added to what came back before", new() { CarriedAccumulates = true }),
            ("dh_t = V' g_t + 2 W' dz_{t+1}", new() { CarriedTimes = 2 })),
        Backward("(1 - h^2) missing", "dz_t = dh_t (1 - h_t^2): the slope of tanh is not there",
            ("dz_t = dh_t", new() { Slope = SlopeOf.Nothing })),
        Backward("(1 - h^2) at the wrong step", "the slope of time step t is 1 - h_t^2, of the state that the step has made",
            ("1 - h_{t-1}^2", new() { Slope = SlopeOf.PreviousState }),
            ("1 - h_{t+1}^2", new() { Slope = SlopeOf.NextState })),
        Backward("(1 - h^2) of the wrong quantity", "the slope of tanh is 1 - h_t^2, where h_t is already tanh(a_t)",
            ("1 - a_t^2", new() { Slope = SlopeOf.Argument }),
            ("1 - tanh(h_t)^2", new() { Slope = SlopeOf.TanhOfState })),
        Backward("W transposed", "going back takes W', and dW is the outer product dz_t h_{t-1}', rows first",
            ("W dz_{t+1} instead of W' dz_{t+1}", new() { WTransposed = true }),
            ("h_{t-1} dz_t' instead of dz_t h_{t-1}'", new() { OuterProductOfWTransposed = true })),
        Backward("h_t for h_{t-1} in dW", "dW takes the state that the step has read, not the one it has made",
            ("dW = sum dz_t h_t'", new() { StateShiftInW = 1 })),
        new Mistake("h_0 ignored", "the first time step reads h_0, carried over from the chunk before: pin it, and use it in dW")
        {
            Forms = (judge, _) =>
            [
                .. judge.Case.Shape.IsVanilla
                    ? (MistakenGradients[])[new("h_0 left out of dW", new BackwardVariant { InitialStateIgnoredInW = true }.Compute(judge.Case, judge.Solution))]
                    : [],
                new("the chunk run from h_0 = 0, as where a numeric gradient resets it", (judge.Case with { InitialHidden = new double[judge.Case.InitialHidden.Length] }).Solve().Gradients),
            ],
        },
        OfLogits("one-hot not subtracted", "the gradient of the logits is p_t - onehot(y_t)", "g_t = p_t", (_, p, _) => p),
        OfLogits("gradient of p[y] alone", "the loss -log p[y] depends on every logit: p_t - onehot(y_t), not only its element y_t", "g_t is p_t[y_t] - 1 at y_t and 0 elsewhere",
            (i, p, y) => i == y ? p - 1 : 0),
        new Mistake("targets not shifted", "y_t is the next character, x_{t+1}")
        {
            Forms = (judge, _) => [new("the one-hot of x_t instead of y_t", (judge.Case with { Y = judge.Case.X }).Solve().Gradients)],
        },
        new Mistake("last step dropped", "the sums go over all T time steps: look for an end that is one short")
        {
            Forms = (judge, _) => judge.Case.SequenceLength == 1 ? [] :
                [new("the chunk without its last time step", (judge.Case with { X = judge.Case.X[..^1], Y = judge.Case.Y[..^1] }).Solve().Gradients)],
        },
        Scaled("mean for sum", "sum or mean over the chunk, but the same for the loss and for every gradient",
            judge => [("divided by T", 1.0 / judge.Case.SequenceLength), ("divided by T - 1", 1.0 / (judge.Case.SequenceLength - 1))]),
        Scaled("sign", "the gradient of the loss, not of the log-likelihood", _ => [("all signs turned", -1)]),
        new Mistake("clipped before comparing", "compare first and clip afterwards: clipping is not part of the gradient", PerParameter: true)
        {
            Forms = (judge, claimed) => new[] { 5, 1, 10, claimed.Tensors.Max(tensor => tensor.Values.Max(Math.Abs)) }.Distinct()
                .Where(limit => double.IsFinite(limit) && limit > 0)
                .Select(limit => new MistakenGradients($"clipped at {limit:G4}", Map(judge.Truth, value => Math.Clamp(value, -limit, limit)))),
        },
        Scaled("gradients not zeroed between batches", "set the sums to zero before each chunk",
            _ => [("the same chunk's gradients added twice", 2), ("the same chunk's gradients added three times", 3)]),
        Backward("V's gradient fed to the wrong step", "g_t goes with h_t: into dV as g_t h_t' and into dh_t as V' g_t",
            ("dV = sum g_t h_{t-1}'", new() { StateShiftInV = -1 }),
            ("dV = sum g_t h_{t+1}'", new() { StateShiftInV = 1 }),
            ("dh_t takes V' g_{t+1}", new() { LogitShiftInHidden = 1 }),
            ("dh_t takes V' g_{t-1}", new() { LogitShiftInHidden = -1 })),
        Backward("U's columns overwritten instead of added", "a character that occurs twice adds to its column twice: += where there is =",
            ("the earliest occurrence is left", new() { ColumnsOfU = ColumnsOfU.EarliestKept }),
            ("the latest occurrence is left", new() { ColumnsOfU = ColumnsOfU.LatestKept })),
        Backward("b double-counted", "db = sum dz_t, once a time step",
            ("db = 2 sum dz_t", new() { BiasFactor = 2 })),
        new Mistake("truncated after k steps", "within the chunk, the error goes back to its first character")
        {
            Forms = (judge, _) => judge.Case.Shape.IsVanilla ? TruncatedForms(judge) : Windows(judge),
        },
        new Mistake("scaled by a constant", "a factor over all: a mean over something, a loss in bits (1 / ln 2), a learning rate", PerParameter: true)
        {
            IsGeneral = true,
            Forms = (judge, claimed) =>
            {
                var factor = BestFactor(judge.Truth, claimed);
                return factor is 0 || !double.IsFinite(factor) || Math.Abs(factor - 1) < 1e-3 ? [] : [new($"times {factor:G6}", Map(judge.Truth, value => factor * value))];
            },
        },
    ];

    /// <summary>A mistake that follows another: the same form applied to gradients that are wrong already.</summary>
    internal static IEnumerable<(string Name, string Form, Func<double, double> Apply)> Followers(GradientJudge judge, ReferenceParameters<double> claimed)
    {
        yield return ("sign", "all signs turned", value => -value);
        yield return ("mean for sum", "divided by T", value => value / judge.Case.SequenceLength);
        yield return ("mean for sum", "divided by T - 1", value => value / (judge.Case.SequenceLength - 1));
        yield return ("gradients not zeroed between batches", "the same chunk's gradients added twice", value => 2 * value);
        foreach (var limit in new[] { 5, claimed.Tensors.Max(tensor => tensor.Values.Max(Math.Abs)) })
        {
            yield return ("clipped before comparing", $"clipped at {limit:G4}", value => Math.Clamp(value, -limit, limit));
        }
    }

    internal static ReferenceParameters<double> Map(ReferenceParameters<double> gradients, Func<double, double> map)
    {
        var result = gradients.Clone();
        foreach (var tensor in result.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = map(tensor.Values[i]);
            }
        }

        return result;
    }

    private static Mistake Backward(string name, string advice, params (string Form, BackwardVariant Variant)[] forms) => new(name, advice)
    {
        Forms = (judge, _) => !judge.Case.Shape.IsVanilla ? [] : forms.Select(form => new MistakenGradients(form.Form, form.Variant.Compute(judge.Case, judge.Solution))),
    };

    /// <summary>A mistake in the gradient of the logits; the rest of backpropagation is right, whatever the cell.</summary>
    private static Mistake OfLogits(string name, string advice, string form, Func<int, double, int, double> element) => new(name, advice)
    {
        Forms = (judge, _) =>
        {
            var network = judge.Case.Forward();
            network.BackwardFrom(t => [.. network.p[t].Select((p, i) => element(i, p, judge.Case.Y[t]))]);
            return [new(form, network.Gradients)];
        },
    };

    private static Mistake Scaled(string name, string advice, Func<GradientJudge, (string Form, double Factor)[]> forms) => new(name, advice, PerParameter: true)
    {
        Forms = (judge, _) => forms(judge).Where(form => double.IsFinite(form.Factor) && form.Factor != 1)
            .Select(form => new MistakenGradients(form.Form, Map(judge.Truth, value => form.Factor * value))),
    };

    private static IEnumerable<MistakenGradients> TruncatedForms(GradientJudge judge)
    {
        // Beyond 64 steps back, little is left of the error, and the work grows with the square of the length.
        var most = Math.Min(judge.Case.SequenceLength - 1, 64);
        if (most < 1)
        {
            yield break;
        }

        var byReach = BackwardVariant.Truncated(judge.Case, judge.Solution, most);
        for (var k = 1; k <= most; k++)
        {
            yield return new($"each error goes back through {k} step{(k == 1 ? string.Empty : "s")}", byReach[k - 1]);
        }

        for (var k = 2; k <= most; k++)
        {
            yield return new($"the chunk is cut in windows of {k} steps", new BackwardVariant { Window = k }.Compute(judge.Case, judge.Solution));
        }
    }

    /// <summary>The chunk in windows: each starts from the states that the one before it ended with, and hands nothing back.</summary>
    private static IEnumerable<MistakenGradients> Windows(GradientJudge judge)
    {
        var of = judge.Case;
        for (var k = 1; k < Math.Min(of.SequenceLength, 64); k++)
        {
            var sum = new ReferenceParameters<double>(of.Shape);
            var network = new ReferenceNetwork<double>(of.Weights);
            network.SetHidden(of.InitialHidden);
            for (var start = 0; start < of.SequenceLength; start += k)
            {
                var end = Math.Min(start + k, of.SequenceLength);
                network.Forward(of.X.AsSpan(start..end), of.Y.AsSpan(start..end));
                network.Backward();
                network.CarryHidden();
                foreach (var (total, part) in sum.Tensors.Zip(network.Gradients.Tensors))
                {
                    for (var i = 0; i < part.Values.Length; i++)
                    {
                        total.Values[i] += part.Values[i];
                    }
                }
            }

            yield return new($"the chunk is cut in windows of {k} step{(k == 1 ? string.Empty : "s")}", sum);
        }
    }

    private static double BestFactor(ReferenceParameters<double> truth, ReferenceParameters<double> claimed)
    {
        var (product, square) = (0.0, 0.0);
        foreach (var (right, given) in truth.Tensors.Zip(claimed.Tensors))
        {
            for (var i = 0; i < right.Values.Length; i++)
            {
                product += right.Values[i] * given.Values[i];
                square += right.Values[i] * right.Values[i];
            }
        }

        return product / square;
    }
}
