using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>Which state the factor 1 - h^2 of a time step is taken of.</summary>
internal enum SlopeOf
{
    State,
    Nothing,
    PreviousState,
    NextState,
    Argument,
    TanhOfState,
}

/// <summary>How the gradients of one character's column of U come together.</summary>
internal enum ColumnsOfU
{
    Added,
    EarliestKept,
    LatestKept,
}

/// <summary>
/// Backpropagation with switches for the classic mistakes; with none set it is
/// <see cref="ReferenceNetwork{T}.Backward"/>, which a test holds it to.
/// </summary>
internal sealed record BackwardVariant
{
    public bool RecurrenceDropped { get; init; }

    public bool WTransposed { get; init; }

    public bool OuterProductOfWTransposed { get; init; }

    public SlopeOf Slope { get; init; }

    /// <summary>dW takes h_{t + shift - 1}; right is 0.</summary>
    public int StateShiftInW { get; init; }

    public bool InitialStateIgnoredInW { get; init; }

    public bool OneHotKept { get; init; }

    public bool TargetsAreInputs { get; init; }

    /// <summary>The gradient of the logits has its element y_t and zeros.</summary>
    public bool OnlyTheTarget { get; init; }

    /// <summary>dh_t receives W' dh_{t+1} instead of W' dz_{t+1}.</summary>
    public bool CarriedWithoutSlope { get; init; }

    /// <summary>What comes back from later steps is added to what came back before, instead of taking its place.</summary>
    public bool CarriedAccumulates { get; init; }

    /// <summary>How often W' dz_{t+1} goes into dh_t; right is 1.</summary>
    public int CarriedTimes { get; init; } = 1;

    /// <summary>dV takes h_{t + shift}; right is 0.</summary>
    public int StateShiftInV { get; init; }

    /// <summary>dh_t takes V' g_{t + shift}; right is 0.</summary>
    public int LogitShiftInHidden { get; init; }

    public ColumnsOfU ColumnsOfU { get; init; }

    public double BiasFactor { get; init; } = 1;

    /// <summary>What a window of so many time steps hands back to the one before it is dropped; 0 for none.</summary>
    public int Window { get; init; }

    /// <summary>The gradients under this variant.</summary>
    /// <param name="of">The chunk.</param>
    /// <param name="forward">A network that has run it forward.</param>
    public ReferenceParameters<double> Compute(GradientCase of, ReferenceNetwork<double> forward)
    {
        var (m, k, steps) = (of.Shape.HiddenSize, of.Shape.VocabularySize, of.SequenceLength);
        var gradients = new ReferenceParameters<double>(of.Shape);
        var g = new double[steps][];
        for (var t = 0; t < steps; t++)
        {
            g[t] = [.. forward.p[t]];
            if (!OneHotKept)
            {
                g[t][TargetsAreInputs ? of.X[t] : of.Y[t]] -= 1;
            }

            if (OnlyTheTarget)
            {
                g[t] = [.. g[t].Select((value, character) => character == of.Y[t] ? value : 0)];
            }
        }

        var arguments = Slope == SlopeOf.Argument ? of.Arguments(forward) : [];
        var nothing = new double[m];
        var carried = new double[m];
        var written = new HashSet<int>();
        for (var t = steps - 1; t >= 0; t--)
        {
            var logits = t + LogitShiftInHidden >= 0 && t + LogitShiftInHidden < steps ? g[t + LogitShiftInHidden] : new double[k];
            var (dz, dh) = (new double[m], new double[m]);
            for (var i = 0; i < m; i++)
            {
                for (var character = 0; character < k; character++)
                {
                    dz[i] += of.Weights.V[(character * m) + i] * logits[character];
                }

                dh[i] = dz[i] + (CarriedTimes * carried[i]);
                dz[i] = dh[i] * SlopeAt(forward, arguments, t, i);
            }

            var stateOfV = t + 1 + StateShiftInV <= steps ? forward.h[t + 1 + StateShiftInV] : nothing;
            var stateOfW = forward.h[t + StateShiftInW];
            if (t == 0 && InitialStateIgnoredInW)
            {
                stateOfW = nothing;
            }

            for (var character = 0; character < k; character++)
            {
                gradients.c[character] += g[t][character];
                for (var j = 0; j < m; j++)
                {
                    gradients.V[(character * m) + j] += g[t][character] * stateOfV[j];
                }
            }

            var overwrite = ColumnsOfU == ColumnsOfU.EarliestKept;
            var skip = !written.Add(of.X[t]) && ColumnsOfU == ColumnsOfU.LatestKept;
            for (var i = 0; i < m; i++)
            {
                var column = (i * k) + of.X[t];
                gradients.b[i] += BiasFactor * dz[i];
                gradients.U[column] = skip ? gradients.U[column] : overwrite ? dz[i] : gradients.U[column] + dz[i];
                for (var j = 0; j < m; j++)
                {
                    gradients.W[OuterProductOfWTransposed ? (j * m) + i : (i * m) + j] += dz[i] * stateOfW[j];
                }
            }

            if (!CarriedAccumulates)
            {
                Array.Clear(carried);
            }

            if (RecurrenceDropped || (Window > 0 && t % Window == 0))
            {
                continue;
            }

            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < m; j++)
                {
                    carried[WTransposed ? i : j] += of.Weights.W[(i * m) + j] * (CarriedWithoutSlope ? dh : dz)[WTransposed ? j : i];
                }
            }
        }

        return gradients;
    }

    /// <summary>
    /// The gradients where each time step's error goes back through at most k steps, for every k from 1 to
    /// <paramref name="most"/> at once: they differ by what travels one step further.
    /// </summary>
    public static ReferenceParameters<double>[] Truncated(GradientCase of, ReferenceNetwork<double> forward, int most)
    {
        var (m, k, steps) = (of.Shape.HiddenSize, of.Shape.VocabularySize, of.SequenceLength);
        var byReach = new ReferenceParameters<double>[most];
        for (var reach = 0; reach < most; reach++)
        {
            byReach[reach] = new(of.Shape);
        }

        // V and c do not depend on the reach.
        var right = new BackwardVariant().Compute(of, forward);
        for (var t = steps - 1; t >= 0; t--)
        {
            var dh = new double[m];
            for (var i = 0; i < m; i++)
            {
                for (var character = 0; character < k; character++)
                {
                    dh[i] += of.Weights.V[(character * m) + i] * (forward.p[t][character] - (character == of.Y[t] ? 1 : 0));
                }
            }

            for (var reach = 0; reach < most && t - reach >= 0; reach++)
            {
                var at = t - reach;
                var next = new double[m];
                for (var i = 0; i < m; i++)
                {
                    var dz = dh[i] * (1 - (forward.h[at + 1][i] * forward.h[at + 1][i]));
                    byReach[reach].b[i] += dz;
                    byReach[reach].U[(i * k) + of.X[at]] += dz;
                    for (var j = 0; j < m; j++)
                    {
                        byReach[reach].W[(i * m) + j] += dz * forward.h[at][j];
                        next[j] += of.Weights.W[(i * m) + j] * dz;
                    }
                }

                dh = next;
            }
        }

        for (var reach = 0; reach < most; reach++)
        {
            right.V.CopyTo(byReach[reach].V, 0);
            right.c.CopyTo(byReach[reach].c, 0);
            if (reach > 0)
            {
                foreach (var name in (string[])["W", "U", "b"])
                {
                    var (sum, less) = (byReach[reach][name], byReach[reach - 1][name]);
                    for (var i = 0; i < sum.Length; i++)
                    {
                        sum[i] += less[i];
                    }
                }
            }
        }

        return byReach;
    }

    private double SlopeAt(ReferenceNetwork<double> forward, double[][] arguments, int t, int i)
    {
        var of = Slope switch
        {
            SlopeOf.State => forward.h[t + 1][i],
            SlopeOf.Nothing => 0,
            SlopeOf.PreviousState => forward.h[t][i],
            SlopeOf.NextState => t + 2 < forward.h.Length ? forward.h[t + 2][i] : 0,
            SlopeOf.Argument => arguments[t][i],
            _ => Math.Tanh(forward.h[t + 1][i]),
        };
        return 1 - (of * of);
    }
}
