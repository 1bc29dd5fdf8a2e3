using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Reference;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Gradients;

/// <summary>
/// The gradients that training applies, read back from one real update in single precision: with AdaGrad's sums at zero
/// and clipping off, G = g g, so g is the root of G with the sign opposite to the weight's change.
/// </summary>
public static class UpdateGradients
{
    /// <summary>Runs one update.</summary>
    /// <param name="of">The chunk; its weights and h_0 are rounded to float.</param>
    /// <param name="kernels">The kernels to run on.</param>
    public static ReferenceParameters<double> Of(GradientCase of, RecurrentKernels<float> kernels)
    {
        var weights = of.Weights.ToWeights<float>();
        using var network = new VanillaNetwork<float>(of.Shape, of.SequenceLength, kernels, Options(of));
        network.Load(weights, null);
        network.SetHidden(Array.ConvertAll(of.InitialHidden, value => (float)value));
        network.Forward(of.X, of.Y);
        network.BackwardAndUpdate(1, double.PositiveInfinity);
        var gradients = new ReferenceParameters<double>(of.Shape);
        foreach (var (((before, after), sum), gradient) in weights.Tensors.Zip(network.ExportWeights().Tensors).Zip(network.ExportSlots()[0].Tensors).Zip(gradients.Tensors))
        {
            for (var i = 0; i < gradient.Values.Length; i++)
            {
                gradient.Values[i] = Math.CopySign(Math.Sqrt(sum.Values[i]), before.Values[i] - after.Values[i]);
            }
        }

        return gradients;
    }

    /// <summary>The gradients of the layered network, which trains every other shape, in single precision.</summary>
    /// <param name="of">The chunk; its weights and states are rounded to float.</param>
    public static ReferenceParameters<double> OfLayers(GradientCase of)
    {
        using var network = new LayeredNetwork<float>(of.Shape, of.SequenceLength, Options(of));
        network.Load(of.Weights.ToWeights<float>(), null);
        network.SetHidden(Array.ConvertAll(of.InitialHidden, value => (float)value));
        network.Forward(of.X, of.Y);
        return ReferenceParameters<double>.From(network.Gradients());
    }

    private static NetworkOptions Options(GradientCase of) => NetworkOptions.Default with { MeanLoss = of.IsMean };

    /// <summary>Which kernels <see cref="OfLayers"/> runs on.</summary>
    internal static string LayersName(GradientCase of)
    {
        using var network = new LayeredNetwork<float>(of.Shape, of.SequenceLength, NetworkOptions.Default);
        return network.KernelName;
    }

    /// <summary>The same chunk with weights and h_0 that float represents exactly.</summary>
    public static GradientCase InSingle(GradientCase of) => of with
    {
        Weights = of.Weights.Convert<float>().Convert<double>(),
        InitialHidden = Array.ConvertAll(of.InitialHidden, value => (double)(float)value),
    };
}
