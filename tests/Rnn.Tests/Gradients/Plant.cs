using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Gradients;

/// <summary>Wrong gradients, written apart from the catalogue that must name them.</summary>
internal static class Plant
{
    public static ReferenceParameters<double> Backward(
        GradientCase of,
        Func<int, double, double>? carry = null,
        Func<double[][], int, int, double>? slope = null,
        Func<double[][], int, double[]>? stateInW = null,
        Func<double[][], int, double[]>? stateInV = null,
        double oneHot = 1,
        bool transposeW = false,
        bool overwriteU = false,
        bool onlyTarget = false,
        bool carriedWithoutSlope = false)
    {
        var network = of.Forward();
        var (m, k) = (of.Shape.HiddenSize, of.Shape.VocabularySize);
        var g = new ReferenceParameters<double>(of.Shape);
        var later = new double[m];
        for (var t = of.SequenceLength - 1; t >= 0; t--)
        {
            var error = network.p[t].Select((p, i) => p - (i == of.Y[t] ? oneHot : 0)).ToArray();
            if (onlyTarget)
            {
                error = [.. error.Select((value, i) => i == of.Y[t] ? value : 0)];
            }

            var (dz, back) = (new double[m], new double[m]);
            for (var i = 0; i < m; i++)
            {
                var s = slope?.Invoke(network.h, t, i) ?? 1 - (network.h[t + 1][i] * network.h[t + 1][i]);
                var dh = later[i] + Enumerable.Range(0, k).Sum(row => of.Weights.V[(row * m) + i] * error[row]);
                dz[i] = s * dh;
                back[i] = carriedWithoutSlope ? dh : dz[i];
            }

            var (inV, inW) = (stateInV?.Invoke(network.h, t) ?? network.h[t + 1], stateInW?.Invoke(network.h, t) ?? network.h[t]);
            for (var i = 0; i < m; i++)
            {
                g.b[i] += dz[i];
                g.U[(i * k) + of.X[t]] = dz[i] + (overwriteU ? 0 : g.U[(i * k) + of.X[t]]);
                later[i] = 0;
                for (var j = 0; j < m; j++)
                {
                    g.W[(i * m) + j] += dz[i] * inW[j];
                    later[i] += (transposeW ? of.Weights.W[(i * m) + j] : of.Weights.W[(j * m) + i]) * back[j];
                }

                later[i] = carry?.Invoke(t, later[i]) ?? later[i];
            }

            for (var row = 0; row < k; row++)
            {
                g.c[row] += error[row];
                for (var j = 0; j < m; j++)
                {
                    g.V[(row * m) + j] += error[row] * inV[j];
                }
            }
        }

        return g;
    }

    /// <summary>The sum over t of the gradients of the loss at t alone, carried back through <paramref name="reach"/> steps.</summary>
    public static ReferenceParameters<double> Truncated(GradientCase of, int reach)
    {
        var sum = new ReferenceParameters<double>(of.Shape);
        var network = of.Forward();
        for (var t = 0; t < of.SequenceLength; t++)
        {
            var start = Math.Max(0, t - reach + 1);
            var window = of with { InitialHidden = network.h[start], X = of.X[start..(t + 1)], Y = of.Y[start..(t + 1)] };
            var before = of with { InitialHidden = network.h[start], X = of.X[start..t], Y = of.Y[start..t] };

            // The loss at t is what the window has beyond the window without its last step.
            var with = window.Solve().Gradients;
            var without = before.X.Length > 0 ? before.Solve().Gradients : new(of.Shape);
            foreach (var tensor in sum.Tensors)
            {
                for (var i = 0; i < tensor.Values.Length; i++)
                {
                    tensor.Values[i] += with[tensor.Name][i] - without[tensor.Name][i];
                }
            }
        }

        return sum;
    }

    public static ReferenceParameters<double> WithPreviousBatch(GradientCase of)
    {
        var other = GradientCase.Random(of.Shape, of.SequenceLength + 30, 0.1, 99);
        var previous = (of with { X = other.X, Y = other.Y, InitialHidden = new double[of.InitialHidden.Length] }).Solve().Gradients;
        return Edit(of, g =>
        {
            foreach (var tensor in g.Tensors)
            {
                for (var i = 0; i < tensor.Values.Length; i++)
                {
                    tensor.Values[i] += previous[tensor.Name][i];
                }
            }
        });
    }

    public static ReferenceParameters<double> Times(GradientCase of, double factor) => Edit(of, g =>
    {
        foreach (var tensor in g.Tensors)
        {
            Scale(tensor.Values, factor);
        }
    });

    public static ReferenceParameters<double> Clip(GradientCase of, double limit) => Edit(of, g =>
    {
        foreach (var tensor in g.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = Math.Clamp(tensor.Values[i], -limit, limit);
            }
        }
    });

    public static ReferenceParameters<double> Edit(GradientCase of, Action<ReferenceParameters<double>> edit)
    {
        var gradients = of.Solve().Gradients;
        edit(gradients);
        return gradients;
    }

    public static void Scale(double[] values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    public static void Transpose(double[] square, int m)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < i; j++)
            {
                (square[(i * m) + j], square[(j * m) + i]) = (square[(j * m) + i], square[(i * m) + j]);
            }
        }
    }
}
