using CharRnn.Rnn.Kernels;
using CharRnn.Rnn.Model;
using CharRnn.Rnn.Runs;
using CharRnn.Rnn.Training;

namespace CharRnn.Rnn.Gradients;

/// <summary>The whole check of this program's own gradients.</summary>
/// <param name="Parameters">Every parameter of each batch.</param>
/// <param name="KernelErrors">Every single-precision kernel call of two real updates against its rounding bound; of one vanilla layer.</param>
/// <param name="Sweep">For the first parameter on the first batch: step size and norm ratio against the exact gradient.</param>
/// <param name="Kernels">Which kernels were checked.</param>
public sealed record GradientCheck(
    IReadOnlyList<ParameterCheck> Parameters, KernelErrors KernelErrors, IReadOnlyList<(double Step, double NormRatio)> Sweep, string Kernels)
{
    /// <summary>The step sizes of the sweep.</summary>
    private static readonly double[] SweptSteps = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    // How a batch's time goes, at the reports' size; only for saying how far the work is.
    private const double DualShare = 0.25, DifferencesShare = 0.2, JudgeShare = 0.033;

    /// <summary>More work a batch than this, and a direction for each row stands for the row's coordinates: an LSTM of 100 units with 80 characters, 25 of them a chunk, has 0.7e11.</summary>
    private const double MostWork = 1e11;

    private const int SmallHiddenSize = 20, SmallVocabularySize = 12, SmallSequenceLength = 10;

    /// <summary>Where the network is too large for all its coordinates, every coordinate of a small one of the same cell and layers; null where they are all in <see cref="Parameters"/>.</summary>
    public GradientCheck? Small { get; private init; }

    /// <summary>The size of the small network.</summary>
    public static NetworkShape SmallShape(NetworkShape shape) =>
        new(Math.Min(shape.HiddenSize, SmallHiddenSize), Math.Min(shape.VocabularySize, SmallVocabularySize)) { Cell = shape.Cell, Layers = shape.Layers };

    /// <summary>The small network's T.</summary>
    public static int SmallLength(int sequenceLength) => Math.Min(sequenceLength, SmallSequenceLength);

    /// <summary>Whether everything is within what is allowed.</summary>
    public bool Ok => KernelErrors.Ok && Parameters.All(parameter => parameter.Ok) && Small is null or { Ok: true };

    /// <summary>
    /// Checks every coordinate on the first two batches of a run; of a network too large for that one random direction for each row of each
    /// matrix, and every coordinate of a small one.
    /// </summary>
    /// <param name="shape">m and K.</param>
    /// <param name="sequenceLength">T.</param>
    /// <param name="seed">Of weights and text.</param>
    /// <param name="step">The step size of the differences.</param>
    /// <param name="text">At least 2 T + 1 indices of the characters to read; null for random ones.</param>
    /// <param name="progress">Is told how far the check is.</param>
    /// <param name="settings">Of the run whose batches they are: its rule, its loss and how its matrices are drawn; null for those of the textbooks.</param>
    /// <exception cref="OperationCanceledException"><paramref name="progress"/> says stop.</exception>
    public static GradientCheck Run(NetworkShape shape, int sequenceLength, ulong seed, double step, int[]? text = null, WorkProgress? progress = null, RunConfiguration? settings = null) =>
        Run(shape, sequenceLength, seed, step, text, progress, settings, MostWork);

    /// <summary>The same, where anything may be large.</summary>
    /// <param name="shape">As above.</param>
    /// <param name="sequenceLength">As above.</param>
    /// <param name="seed">As above.</param>
    /// <param name="step">As above.</param>
    /// <param name="text">As above.</param>
    /// <param name="progress">As above.</param>
    /// <param name="settings">As above.</param>
    /// <param name="mostWork">The <see cref="Coordinates.WorkOfAll"/> from which on a network is large.</param>
    internal static GradientCheck Run(NetworkShape shape, int sequenceLength, ulong seed, double step, int[]? text, WorkProgress? progress, RunConfiguration? settings, double mostWork)
    {
        try
        {
            return RunStages(shape, sequenceLength, seed, step, text, progress, settings, mostWork);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException("the check was stopped", exception);
        }
    }

    private static GradientCheck RunStages(NetworkShape shape, int sequenceLength, ulong seed, double step, int[]? text, WorkProgress? progress, RunConfiguration? settings, double mostWork)
    {
        var (first, second) = GradientCase.FirstBatches(shape, sequenceLength, seed, text, settings);
        var isLarge = Coordinates.WorkOfAll(first) > mostWork;
        var kernels = shape.IsVanilla ? CompiledKernels.Best<float>(shape) : null;
        var parameters = new List<ParameterCheck>();
        foreach (var (number, batch) in new[] { (1, first), (2, second) })
        {
            var blocks = isLarge ? Coordinates.Rows(batch, seed) : Coordinates.All(batch);
            double[][] Derivatives() => [.. shape.Parameters.Select(parameter => new double[isLarge ? parameter.Shape[0] : parameter.Count])];
            var (truth, dual, differences) = (Derivatives(), Derivatives(), Derivatives());
            var gradients = batch.Solve().Gradients;
            if (isLarge)
            {
                Coordinates.Read(blocks, gradients, truth);
            }
            else
            {
                truth = [.. gradients.Tensors.Select(tensor => tensor.Values)];
            }

            var which = number == 1 ? "first batch" : "second batch";
            progress?.Begin($"dual numbers, {which}", DualShare, blocks.Count);
            DualGradients.Run(batch, blocks, dual, progress);
            progress?.Begin($"differences, {which}", DifferencesShare, blocks.Count);
            CentredDifferences.Run(batch, step, blocks, differences, progress);
            progress?.Begin($"single precision, {which}", JudgeShare, 1);
            var judge = new GradientJudge(UpdateGradients.InSingle(batch));
            var single = kernels is null ? UpdateGradients.OfLayers(judge.Case) : UpdateGradients.Of(judge.Case, kernels);
            for (var place = 0; place < truth.Length; place++)
            {
                var name = shape.Parameters[place].Name;
                var measures = GradientMeasures.Compare(truth[place], differences[place]);
                var dualMeasures = GradientMeasures.Compare(truth[place], dual[place]);
                var judgement = judge.Judge(name, single[name]);

                // Truncation grows with h^2, rounding of the loss with 1 / h; where gradients vanish, norm ratios say nothing.
                var ok = judgement.Ok
                    && (dualMeasures.NormRatio < 1e-11 || dualMeasures.LargestDifference < 1e-15 * sequenceLength)
                    && (measures.NormRatio < 1e-6 * Math.Max(1, step * step / 1e-8) || measures.LargestDifference < 1e-14 * sequenceLength / step);
                parameters.Add(new(number, name, measures, dualMeasures.NormRatio, judgement, ok));
            }
        }

        progress?.Begin("kernel calls and step sizes", JudgeShare, 1);
        return new(parameters, kernels is null ? new() : ObserveUpdates(first, second, kernels), SweepW(first), kernels?.Name ?? UpdateGradients.LayersName(first))
        {
            Small = isLarge ? RunStages(SmallShape(shape), SmallLength(sequenceLength), seed, step, text: null, progress: null, settings, double.PositiveInfinity) : null,
        };
    }

    private static KernelErrors ObserveUpdates(GradientCase first, GradientCase second, RecurrentKernels<float> kernels)
    {
        var errors = new KernelErrors();
        using var network = new VanillaNetwork<float>(first.Shape, first.SequenceLength, kernels.Observe(errors));
        network.Load(first.Weights.ToWeights<float>(), null);
        foreach (var batch in (GradientCase[])[first, second])
        {
            network.Forward(batch.X, batch.Y);
            network.BackwardAndUpdate(0.1, 5);
        }

        return errors;
    }

    private static List<(double Step, double NormRatio)> SweepW(GradientCase batch)
    {
        var truth = batch.Solve().Gradients.Tensors[0].Values;
        var every = Math.Max(1, truth.Length / 400);
        if (batch.Shape.HiddenSize % every == 0)
        {
            every++;
        }

        var sample = truth.Where((_, i) => i % every == 0).ToArray();
        return [.. SweptSteps.Select(step => (step, GradientMeasures.NormRatioOf(
            sample, CentredDifferences.SampleOfFirst(batch, step, every).Where((_, i) => i % every == 0).ToArray())))];
    }
}
