using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Tests.Gradients;

public class DiagnosisTests
{
    private static readonly (int M, int K, int Steps, double Scale)[] Shapes = [(8, 6, 5, 0.5), (20, 12, 25, 0.3), (33, 17, 9, 1), (5, 40, 12, 0.1)];

    /// <summary>Written here a second time, apart from the catalogue, so that a mistake in the catalogue shows.</summary>
    public static TheoryData<string> Plants => [.. Planted.Keys];

    private static readonly Dictionary<string, (string Name, Func<GradientCase, ReferenceParameters<double>> Gradients)> Planted = new()
    {
        ["recurrence"] = ("recurrent term dropped", of => Plant.Backward(of, carry: (_, _) => 0)),
        ["slope missing"] = ("(1 - h^2) missing", of => Plant.Backward(of, slope: (_, _, _) => 1)),
        ["slope before"] = ("(1 - h^2) at the wrong step", of => Plant.Backward(of, slope: (h, t, i) => 1 - (h[t][i] * h[t][i]))),
        ["slope after"] = ("(1 - h^2) at the wrong step", of => Plant.Backward(of, slope: (h, t, i) => t + 2 < h.Length ? 1 - (h[t + 2][i] * h[t + 2][i]) : 1)),
        ["slope of tanh h"] = ("(1 - h^2) of the wrong quantity", of => Plant.Backward(of, slope: (h, t, i) => 1 - Math.Pow(Math.Tanh(h[t + 1][i]), 2))),
        ["W transposed"] = ("W transposed", of => Plant.Backward(of, transposeW: true)),
        ["dW transposed"] = ("W transposed", of => Plant.Edit(of, g => Plant.Transpose(g.W, g.Shape.HiddenSize))),
        ["h_t in dW"] = ("h_t for h_{t-1} in dW", of => Plant.Backward(of, stateInW: (h, t) => h[t + 1])),
        ["h_0 left out"] = ("h_0 ignored", of => Plant.Backward(of, stateInW: (h, t) => t == 0 ? new double[h[0].Length] : h[t])),
        ["h_0 zero"] = ("h_0 ignored", of => (of with { InitialHidden = new double[of.InitialHidden.Length] }).Solve().Gradients),
        ["one-hot"] = ("one-hot not subtracted", of => Plant.Backward(of, oneHot: 0)),
        ["targets"] = ("targets not shifted", of => Plant.Backward(of with { Y = of.X })),
        ["mean"] = ("mean for sum", of => Plant.Times(of, 1.0 / of.SequenceLength)),
        ["mean T - 1"] = ("mean for sum", of => Plant.Times(of, 1.0 / (of.SequenceLength - 1))),
        ["sign"] = ("sign", of => Plant.Times(of, -1)),
        ["clip 5"] = ("clipped before comparing", of => Plant.Clip(of, 5)),
        ["clip 0.7"] = ("clipped before comparing", of => Plant.Clip(of, 0.7)),
        ["twice"] = ("gradients not zeroed between batches", of => Plant.Times(of, 2)),
        ["previous batch"] = ("gradients not zeroed between batches", Plant.WithPreviousBatch),
        ["V before"] = ("V's gradient fed to the wrong step", of => Plant.Backward(of, stateInV: (h, t) => h[t])),
        ["V after"] = ("V's gradient fed to the wrong step", of => Plant.Backward(of, stateInV: (h, t) => t + 2 < h.Length ? h[t + 2] : new double[h[0].Length])),
        ["U overwritten"] = ("U's columns overwritten instead of added", of => Plant.Backward(of, overwriteU: true)),
        ["b twice"] = ("b double-counted", of => Plant.Edit(of, g => Plant.Scale(g.b, 2))),
        ["truncated after 1"] = ("recurrent term dropped", of => Plant.Truncated(of, 1)),
        ["truncated after 2"] = ("truncated after k steps", of => Plant.Truncated(of, 2)),
        ["truncated after 4"] = ("truncated after k steps", of => Plant.Truncated(of, 4)),
        ["windows of 3"] = ("truncated after k steps", of => Plant.Backward(of, carry: (t, value) => t % 3 == 0 ? 0 : value)),
        ["bits"] = ("scaled by a constant", of => Plant.Times(of, 1 / Math.Log(2))),
    };

    [Theory]
    [MemberData(nameof(Plants))]
    public void A_planted_mistake_is_found_wrong_and_named_first(string plant)
    {
        var (name, gradients) = Planted[plant];
        var changed = 0;
        foreach (var (m, k, steps, scale) in Shapes)
        {
            for (var seed = 1UL; seed <= 3; seed++)
            {
                var judge = new GradientJudge(GradientCase.Random(new(m, k), steps, scale, seed));
                var planted = gradients(judge.Case);
                if (judge.Truth.Tensors.Max(tensor => GradientMeasures.NormRatioOf(tensor.Values, planted[tensor.Name])) < 1e-4)
                {
                    continue;
                }

                changed++;
                foreach (var single in (bool[])[false, true])
                {
                    var claimed = single ? planted.Convert<float>().Convert<double>() : planted;
                    var diagnosis = Diagnosis.Of(judge, claimed);
                    var what = $"{plant}, {m}x{k}, T {steps}, seed {seed}, float {single}: {string.Join(" | ", diagnosis.Causes.Select(cause => $"{cause.Rank} {cause.Name} {cause.Residual:E1}"))}";
                    Assert.False(diagnosis.Ok, what);
                    Assert.True(diagnosis.Causes.Where(cause => cause.Rank == 1).Select(cause => cause.Name).Contains(name), what);
                    Assert.True(diagnosis.Causes[0].Name == name, what);
                }
            }
        }

        Assert.True(changed >= 6, $"{plant} changes the gradient in {changed} cases");
    }

    [Fact]
    public void Two_mistakes_at_once_are_named_both()
    {
        var judge = new GradientJudge(GradientCase.Random(new(20, 12), 10, 0.3, 4));
        var planted = Plant.Backward(judge.Case, carry: (_, _) => 0);
        foreach (var tensor in planted.Tensors)
        {
            Plant.Scale(tensor.Values, -1);
        }

        Assert.Equal("recurrent term dropped and sign", Diagnosis.Of(judge, planted).Causes[0].Name);
    }

    [Fact]
    public void In_a_chaotic_chunk_a_known_mistake_is_named_and_a_float_gradient_is_not_called_wrong()
    {
        // The larger the weights, the more a chunk makes of a rounding error.
        GradientJudge? judge = null;
        foreach (var scale in (double[])[3, 4, 6, 9, 14])
        {
            var candidate = new GradientJudge(GradientCase.Random(new(33, 32), 28, scale, 8910705253528673337));
            var single = new ReferenceNetwork<float>(candidate.Case.Weights.Convert<float>());
            single.SetHidden(Array.ConvertAll(candidate.Case.InitialHidden, value => (float)value));
            single.Forward(candidate.Case.X, candidate.Case.Y);
            single.Backward();
            var right = Diagnosis.Of(candidate, single.Gradients.Convert<double>());
            Assert.True(right.Ok);
            judge ??= right.Parameters.Any(parameter => parameter.IsUncertain) ? candidate : null;
        }

        Assert.NotNull(judge);
        var wrong = Diagnosis.Of(judge, Plant.Backward(judge.Case, carry: (_, _) => 0));
        Assert.False(wrong.Ok);
        Assert.Equal("recurrent term dropped", wrong.Causes[0].Name);
    }

    [Fact]
    public void Variants_without_a_switch_are_the_reference()
    {
        var of = GradientCase.Random(new(7, 5), 6, 1, 3);
        var truth = of.Solve();
        var variant = new BackwardVariant().Compute(of, truth);
        var whole = BackwardVariant.Truncated(of, truth, 6)[5];
        foreach (var tensor in truth.Gradients.Tensors)
        {
            Assert.InRange(GradientMeasures.NormRatioOf(tensor.Values, variant[tensor.Name]), 0, 1e-14);
            Assert.InRange(GradientMeasures.NormRatioOf(tensor.Values, whole[tensor.Name]), 0, 1e-14);
        }
    }

    [Fact]
    public void A_right_gradient_is_never_called_wrong_in_float_or_double()
    {
        var random = new RandomStream(2026);
        Parallel.ForEach(Enumerable.Range(0, 1000).Select(_ => random.NextBits()).ToArray(), bits =>
        {
            var draw = new RandomStream(bits);
            int Below(int n) => (int)(draw.NextUnit() * n);
            var of = GradientCase.Random(new(1 + Below(40), 1 + Below(40)), 1 + Below(30), Math.Pow(10, (2.5 * draw.NextUnit()) - 2), bits);
            var judge = new GradientJudge(of);
            var single = new ReferenceNetwork<float>(of.Weights.Convert<float>());
            single.SetHidden(Array.ConvertAll(of.InitialHidden, value => (float)value));
            single.Forward(of.X, of.Y);
            single.Backward();
            foreach (var gradients in (ReferenceParameters<double>[])[judge.Truth, judge.Truth.Convert<float>().Convert<double>(), single.Gradients.Convert<double>()])
            {
                Assert.True(Diagnosis.Of(judge, gradients).Ok, $"{of.Shape} T {of.SequenceLength} bits {bits}: {string.Join(' ', judge.Judge(gradients))}");
            }
        });
    }

    [Fact]
    public void A_thousandth_planted_in_any_row_or_column_is_caught_at_initial_scale()
    {
        var (first, second) = GradientCase.FirstBatches(new(30, 20), 25, 5);
        foreach (var judge in (GradientJudge[])[new(first), new(second)])
        {
            foreach (var tensor in judge.Truth.Tensors)
            {
                var columns = tensor.Shape.Length == 2 ? tensor.Shape[1] : 1;
                for (var line = 0; line < (columns == 1 ? tensor.Values.Length : tensor.Values.Length / columns + columns); line++)
                {
                    var isRow = line < tensor.Values.Length / columns;
                    var planted = (double[])tensor.Values.Clone();
                    for (var i = 0; i < planted.Length; i++)
                    {
                        planted[i] *= (isRow ? i / columns == line : i % columns == line - (planted.Length / columns)) ? 1.001 : 1;
                    }

                    Assert.Equal(planted.SequenceEqual(tensor.Values), judge.Judge(tensor.Name, planted).Ok);
                }
            }
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_is_wrong(double value)
    {
        var judge = new GradientJudge(GradientCase.Random(new(3, 3), 4, 1, 1));
        var claimed = judge.Truth.Clone();
        claimed.V[4] = value;
        var diagnosis = Diagnosis.Of(judge, claimed);
        Assert.Equal(["V"], diagnosis.Parameters.Where(parameter => !parameter.Ok).Select(parameter => parameter.Name));
    }
}
