using CharRnn.Rnn.Checkpoints;
using CharRnn.Rnn.Gradients;
using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Sampling;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Properties;

/// <summary>Something that must hold of every network and every chunk.</summary>
/// <param name="Name">One word, for <c>--replay</c>.</param>
/// <param name="Statement">What must hold.</param>
public sealed record Property(string Name, string Statement)
{
    private const double Tolerance = 1e-9;

    private Func<PropertyCase, string?> Violation { get; init; } = _ => null;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Property> All { get; } =
    [
        new("dual", "backpropagation gives the derivatives of dual numbers") { Violation = AnalyticIsDual },
        new("kernels", "every kernel is the scalar loop: to the bit on small integers, within its rounding bound elsewhere") { Violation = KernelsAreScalarLoops },
        new("adjoint", "<y, W x> = <W'y, x>, and so for V, to the bit on small integers") { Violation = TransposedProductsAreAdjoint },
        new("linear", "kernels are linear: V'(3 g + f) = 3 V'g + V'f, to the bit on small integers") { Violation = ProductsAreLinear },
        new("chunks", "a chunk is its two parts: losses and gradients add up when h is carried and dh handed back") { Violation = ChunksAddUp },
        new("permutation", "permuting the vocabulary permutes the gradients") { Violation = PermutationPermutes },
        new("shift", "adding a constant to the logits changes nothing") { Violation = ShiftChangesNothing },
        new("softmax", "softmax sums to 1 and never overflows") { Violation = SoftmaxIsADistribution },
        new("untouched", "columns of U that a chunk does not read stay as they are to the bit") { Violation = UntouchedColumnsStay },
        new("clip", "clipping is idempotent, and nothing where the limit is not reached") { Violation = ClipIsIdempotent },
        new("save", "saving and loading is the identity") { Violation = SavingIsIdentity },
        new("argmax", "sampling at temperature to 0 is the arg max") { Violation = ColdSamplingIsArgMax },
    ];

    /// <summary>Runs one case.</summary>
    /// <returns>What is wrong, or null where it holds.</returns>
    public string? Check(PropertyCase of)
    {
        try
        {
            return Violation(of);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    /// <summary>Draws cases and shrinks what fails.</summary>
    /// <param name="cases">How many.</param>
    /// <param name="seed">The same seed draws the same cases, for every property.</param>
    /// <returns>The smallest case that was found to fail; null where all hold.</returns>
    public PropertyFailure? Run(int cases, ulong seed)
    {
        var shrunk = Counterexample.Find(PropertyCase.Numbers, numbers => Check(new(numbers)) is null, PropertyCase.Smaller, cases, seed);
        if (shrunk is null)
        {
            return null;
        }

        var of = new PropertyCase(shrunk);
        return new(Name, of.ToString(), $"{Name}:{of.Replay}", Check(of) ?? "fails only sometimes");
    }

    private static string? AnalyticIsDual(PropertyCase of)
    {
        var truth = of.Chunk.Solve();
        var dual = DualGradients.Network(of.Chunk);
        var random = new RandomStream(of.Seed + 1);
        for (var place = 0; place < truth.Gradients.Tensors.Count; place++)
        {
            var tensor = truth.Gradients.Tensors[place];
            var indices = Enumerable.Range(0, DirectionalNetwork.Count).Select(_ => (int)(random.NextUnit() * tensor.Values.Length)).Distinct();
            foreach (var block in Coordinates.Of(of.Chunk, place, indices))
            {
                var derivatives = new double[DirectionalNetwork.Count];
                dual.Run(place, block.Directions, derivatives);
                for (var i = 0; i < block.Places.Length; i++)
                {
                    if (!Near(derivatives[i], tensor.Values[block.Places[i]], 1 + tensor.Values.Max(Math.Abs)))
                    {
                        return $"the gradient of {tensor.Name}[{block.Places[i]}] is {tensor.Values[block.Places[i]]:G17}, by dual numbers {derivatives[i]:G17}";
                    }
                }
            }
        }

        return null;
    }

    private static string? KernelsAreScalarLoops(PropertyCase of)
    {
        var shift = of.Choice % 4;
        var failures = KernelVerification<float>.Run(CompiledKernels.Best<float>(of.Shape), of.Chunk.SequenceLength, shift, of.Seed)
            .Concat(KernelVerification<double>.Run(CompiledKernels.Best<double>(of.Shape), of.Chunk.SequenceLength, shift, of.Seed));
        return failures.FirstOrDefault();
    }

    private static string? TransposedProductsAreAdjoint(PropertyCase of)
    {
        var (m, k) = (of.Shape.HiddenSize, of.Shape.VocabularySize);
        var kernels = CompiledKernels.Best<float>(of.Shape);
        var layout = kernels.Layout;
        var random = new RandomStream(of.Seed);
        var W = new float[layout.LengthOfW];
        var y = Row(m, layout.HiddenStride, random);
        var x = Row(m, layout.HiddenStride, random);
        var product = 0.0;
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < m; j++)
            {
                W[layout.IndexOfW(i, j)] = Small(random);
                product += (double)y[i] * W[layout.IndexOfW(i, j)] * x[j];
            }
        }

        // dz_0 = (0 + W' dz_1) (1 - 0), where dz_1 = y.
        var dh = new float[2 * layout.HiddenStride];
        y.CopyTo(dh, layout.HiddenStride);
        kernels.Backward(W, new float[3 * layout.HiddenStride], dh, 2);
        var turned = Inner(dh.AsSpan(0, m), x);
        if (turned != product)
        {
            return $"<y, W x> = {product}, <W'y, x> = {turned}";
        }

        var (V, VT) = (new float[k * layout.HiddenStride], new float[m * layout.VocabularyStride]);
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < m; j++)
            {
                V[(i * layout.HiddenStride) + j] = VT[(j * layout.VocabularyStride) + i] = Small(random);
            }
        }

        var states = new float[2 * layout.HiddenStride];
        x.CopyTo(states, layout.HiddenStride);
        var g = Row(k, layout.VocabularyStride, random);
        var logits = new float[layout.VocabularyStride];
        kernels.Logits(VT, new float[layout.VocabularyStride], states, logits, 1);
        var hidden = new float[layout.HiddenStride];
        kernels.HiddenGradient(V, g, hidden, 1);
        var (forward, backward) = (Inner(g.AsSpan(0, k), logits), Inner(hidden.AsSpan(0, m), x));
        return forward == backward ? null : $"<g, V h> = {forward}, <V'g, h> = {backward}";
    }

    private static string? ProductsAreLinear(PropertyCase of)
    {
        var (m, k) = (of.Shape.HiddenSize, of.Shape.VocabularySize);
        var kernels = CompiledKernels.Best<float>(of.Shape);
        var layout = kernels.Layout;
        var random = new RandomStream(of.Seed);
        var V = new float[k * layout.HiddenStride];
        for (var i = 0; i < k; i++)
        {
            Row(m, layout.HiddenStride, random).CopyTo(V, i * layout.HiddenStride);
        }

        var (f, g) = (Row(k, layout.VocabularyStride, random), Row(k, layout.VocabularyStride, random));
        var sum = f.Zip(g, (left, right) => left + (3 * right)).ToArray();
        var (ofF, ofG, ofSum) = (Times(f), Times(g), Times(sum));
        for (var i = 0; i < m; i++)
        {
            if (ofSum[i] != ofF[i] + (3 * ofG[i]))
            {
                return $"V'(3 g + f) is {ofSum[i]} in row {i}, 3 V'g + V'f is {ofF[i] + (3 * ofG[i])}";
            }
        }

        return null;

        float[] Times(float[] vector)
        {
            var result = new float[layout.HiddenStride];
            kernels.HiddenGradient(V, vector, result, 1);
            return result;
        }
    }

    private static string? ChunksAddUp(PropertyCase of)
    {
        var chunk = of.Chunk;
        if (chunk.SequenceLength < 2)
        {
            return null;
        }

        var at = 1 + (of.Choice % (chunk.SequenceLength - 1));
        var whole = new ReferenceNetwork<double>(chunk.Weights);
        whole.SetHidden(chunk.InitialHidden);
        var loss = whole.Forward(chunk.X, chunk.Y);
        whole.Backward();

        var first = new ReferenceNetwork<double>(chunk.Weights);
        first.SetHidden(chunk.InitialHidden);
        var second = new ReferenceNetwork<double>(chunk.Weights);
        var sum = first.Forward(chunk.X.AsSpan(0, at), chunk.Y.AsSpan(0, at));
        second.SetHidden(first.h[^1]);
        sum += second.Forward(chunk.X.AsSpan(at), chunk.Y.AsSpan(at));
        second.Backward();
        first.Backward();
        if (!Near(loss, sum, 1 + Math.Abs(loss)))
        {
            return $"the chunk's loss is {loss:G17}, its parts' {sum:G17}";
        }

        foreach (var name in (string[])["V", "c"])
        {
            if (Different(whole.Gradients[name], first.Gradients[name], second.Gradients[name]))
            {
                return $"the gradients of {name} do not add up";
            }
        }

        first.Backward(second.InitialHiddenGradient);
        foreach (var tensor in whole.Gradients.Tensors)
        {
            if (Different(tensor.Values, first.Gradients[tensor.Name], second.Gradients[tensor.Name]))
            {
                return $"the gradients of {tensor.Name} do not add up although dh is handed back";
            }
        }

        return null;

        static bool Different(double[] all, double[] left, double[] right) =>
            all.Where((value, i) => !Near(value, left[i] + right[i], 1 + all.Max(Math.Abs))).Any();
    }

    private static string? PermutationPermutes(PropertyCase of)
    {
        var chunk = of.Chunk;
        var (m, k) = (of.Shape.HiddenSize, of.Shape.VocabularySize);
        var order = Enumerable.Range(0, k).ToArray();
        var random = new RandomStream(of.Seed + 2);
        for (var i = k - 1; i > 0; i--)
        {
            var other = (int)(random.NextUnit() * (i + 1));
            (order[i], order[other]) = (order[other], order[i]);
        }

        var permuted = (chunk with
        {
            Weights = Permute(chunk.Weights),
            X = Array.ConvertAll(chunk.X, character => order[character]),
            Y = Array.ConvertAll(chunk.Y, character => order[character]),
        }).Solve().Gradients;
        var expected = Permute(chunk.Solve().Gradients);
        foreach (var (left, right) in permuted.Tensors.Zip(expected.Tensors))
        {
            for (var i = 0; i < left.Values.Length; i++)
            {
                if (!Near(left.Values[i], right.Values[i], 1 + right.Values.Max(Math.Abs)))
                {
                    return $"the gradient of {left.Name}[{i}] is {left.Values[i]:G17}, permuted {right.Values[i]:G17}";
                }
            }
        }

        return null;

        ReferenceParameters<double> Permute(ReferenceParameters<double> from)
        {
            var to = from.Clone();
            for (var character = 0; character < k; character++)
            {
                to.c[order[character]] = from.c[character];
                for (var i = 0; i < m; i++)
                {
                    to.U[(i * k) + order[character]] = from.U[(i * k) + character];
                    to.V[(order[character] * m) + i] = from.V[(character * m) + i];
                }
            }

            return to;
        }
    }

    private static string? ShiftChangesNothing(PropertyCase of)
    {
        var shifted = of.Chunk.Weights.Clone();
        for (var i = 0; i < shifted.c.Length; i++)
        {
            shifted.c[i] += of.Choice - 500;
        }

        var (truth, moved) = (of.Chunk.Solve().Gradients, (of.Chunk with { Weights = shifted }).Solve().Gradients);
        foreach (var (left, right) in truth.Tensors.Zip(moved.Tensors))
        {
            for (var i = 0; i < left.Values.Length; i++)
            {
                if (!Near(left.Values[i], right.Values[i], 1000 * (1 + left.Values.Max(Math.Abs))))
                {
                    return $"the gradient of {left.Name}[{i}] moves from {left.Values[i]:G17} to {right.Values[i]:G17}";
                }
            }
        }

        return null;
    }

    private static string? SoftmaxIsADistribution(PropertyCase of)
    {
        var k = of.Shape.VocabularySize;
        var kernels = CompiledKernels.Best<float>(of.Shape);
        var stride = kernels.Layout.VocabularyStride;
        var random = new RandomStream(of.Seed);

        // Logits from a thousandth to far beyond what exp can take.
        var size = Math.Pow(10, (of.Choice / 50) - 3);
        var logits = new float[stride];
        for (var i = 0; i < stride; i++)
        {
            logits[i] = i < k ? (float)(size * random.NextNormal()) : float.NegativeInfinity;
        }

        var loss = kernels.SoftmaxLoss(logits, [of.Chunk.Y[0]]);
        logits[of.Chunk.Y[0]] += 1;
        var sum = logits.Take(k).Sum(value => (double)value);
        return !double.IsFinite(loss) || loss < -1e-5 ? $"the loss is {loss} with logits of size {size:G1}"
            : logits.Any(value => !(value >= 0 && value <= 1.00001)) ? $"a probability is {logits.First(value => !(value >= 0 && value <= 1.00001))} with logits of size {size:G1}"
            : Math.Abs(sum - 1) > 1e-5 ? $"the probabilities sum to {sum}"
            : null;
    }

    private static string? UntouchedColumnsStay(PropertyCase of)
    {
        var k = of.Shape.VocabularySize;
        var before = of.Chunk.Weights.ToWeights<float>();
        using var network = Network<float>.Create(of.Shape, of.Chunk.SequenceLength);
        network.Load(before, before);
        network.Forward(of.Chunk.X, of.Chunk.Y);
        var sums = Array.ConvertAll(before["U"], value => value);
        network.BackwardAndUpdate(0.1, 5);
        var (after, afterSums) = (network.ExportWeights()["U"], network.ExportSlots()[0]["U"]);
        for (var i = 0; i < after.Length; i++)
        {
            var untouched = !of.Chunk.X.Contains(i % k);
            if (untouched && (BitConverter.SingleToInt32Bits(after[i]) != BitConverter.SingleToInt32Bits(before["U"][i])
                || BitConverter.SingleToInt32Bits(afterSums[i]) != BitConverter.SingleToInt32Bits(sums[i])))
            {
                return $"U[{i / k}, {i % k}] changes though character {i % k} is not read";
            }
        }

        return null;
    }

    private static string? ClipIsIdempotent(PropertyCase of)
    {
        var limit = 0.001 * (1 + of.Choice);
        var once = of.Chunk.Solve();
        var twice = of.Chunk.Solve();
        foreach (var tensor in twice.Gradients.Tensors)
        {
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = Math.Clamp(tensor.Values[i], -limit, limit);
            }
        }

        once.Update(0.1, limit);
        twice.Update(0.1, limit);
        var (largest, plain, generous) = (of.Chunk.Solve().Gradients.Tensors.Max(tensor => tensor.Values.Max(Math.Abs)), Trained(double.PositiveInfinity), 0.0);
        generous = (2 * largest) + 1;
        foreach (var (left, right) in once.Weights.Tensors.Zip(twice.Weights.Tensors))
        {
            if (!left.Values.AsSpan().SequenceEqual(right.Values))
            {
                return $"{left.Name} changes when clipped gradients are clipped again at {limit:G3}";
            }
        }

        foreach (var (left, right) in plain.Tensors.Zip(Trained(generous).Tensors))
        {
            if (!left.Values.AsSpan().SequenceEqual(right.Values))
            {
                return $"{left.Name} changes with a clip at {generous:G3}, which no gradient reaches";
            }
        }

        return null;

        NetworkWeights<float> Trained(double clip)
        {
            using var network = Network<float>.Create(of.Shape, of.Chunk.SequenceLength);
            network.Load(of.Chunk.Weights.ToWeights<float>(), null);
            network.SetHidden(Array.ConvertAll(of.Chunk.InitialHidden, value => (float)value));
            network.Forward(of.Chunk.X, of.Chunk.Y);
            network.BackwardAndUpdate(0.1, clip);
            return network.ExportWeights();
        }
    }

    private static string? SavingIsIdentity(PropertyCase of)
    {
        var bytes = GradientCaseFile.Export(of.Chunk).ToBytes();
        var read = GradientCaseFile.From(SafetensorsFile.Read(bytes));
        if (!GradientCaseFile.Export(read.Case).ToBytes().AsSpan().SequenceEqual(bytes))
        {
            return "the case read from a file writes another file";
        }

        using var network = Network<double>.Create(of.Shape, of.Chunk.SequenceLength);
        network.Load(of.Chunk.Weights.ToWeights<double>(), of.Chunk.Weights.ToWeights<double>());
        foreach (var ((given, weight), sum) in of.Chunk.Weights.Tensors.Zip(network.ExportWeights().Tensors).Zip(network.ExportSlots()[0].Tensors))
        {
            if (!given.Values.AsSpan().SequenceEqual(weight.Values) || !given.Values.AsSpan().SequenceEqual(sum.Values))
            {
                return $"{given.Name} does not come out of the network as it went in";
            }
        }

        return null;
    }

    private static string? ColdSamplingIsArgMax(PropertyCase of)
    {
        var logits = of.Chunk.Forward().o[0];
        var best = Array.IndexOf(logits, logits.Max());
        foreach (var temperature in (double[])[0, 1e-12])
        {
            // At a temperature above 0, what is nearly the best is drawn too.
            var close = logits.Where((logit, i) => i != best && logits[best] - logit < 40 * temperature).Any();
            var drawn = new Sampler(new SamplingSettings { Temperature = temperature, Seed = of.Seed }, logits.Length).Next<double>(logits);
            if (drawn != best && !close)
            {
                return $"at temperature {temperature} character {drawn} is drawn, the arg max is {best}";
            }
        }

        return null;
    }

    private static bool Near(double left, double right, double size) => Math.Abs(left - right) <= Tolerance * size;

    private static float Small(RandomStream random) => (int)(random.NextUnit() * 9) - 4;

    private static float[] Row(int length, int stride, RandomStream random)
    {
        var row = new float[stride];
        for (var i = 0; i < length; i++)
        {
            row[i] = Small(random);
        }

        return row;
    }

    private static double Inner(ReadOnlySpan<float> left, float[] right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }
}
