namespace CharRnn.Rnn.Training;

/// <summary>Where a training run stands; with the weights, AdaGrad's sums and the hidden state it is all there is to resume from.</summary>
/// <param name="Step">Updates done; step n is the n-th update.</param>
/// <param name="Epoch">Passes over the text begun, from 1.</param>
/// <param name="Position">How many characters of the epoch each stream has read; with one stream in the order of the text, the index of the next chunk's first character.</param>
/// <param name="Loss">The last update's loss, summed over its chunk, before its weights changed; nats.</param>
/// <param name="SmoothLoss">0.999 of the previous smooth loss plus 0.001 of the loss; at step 1 the loss itself.</param>
/// <param name="BestSmoothLoss">The smooth loss at <paramref name="BestStep"/>: without held-out text the lowest so far.</param>
/// <param name="BestStep">The step of the best weights, which are those after its update: of the lowest smooth loss, or where text is held out, of the lowest loss on it.</param>
public readonly record struct TrainingProgress(
    long Step, long Epoch, long Position, double Loss, double SmoothLoss, double BestSmoothLoss, long BestStep)
{
    /// <summary>The last loss on the held-out text, a character, in nats; NaN where there is none yet.</summary>
    public double ValidationLoss { get; init; } = double.NaN;

    /// <summary>The lowest loss on the held-out text so far, that of <see cref="BestStep"/>; infinite where there is none.</summary>
    public double BestValidationLoss { get; init; } = double.PositiveInfinity;

    /// <summary>Validations since the one of the lowest loss.</summary>
    public long ValidationsSinceBest { get; init; }

    /// <summary>Before the first update.</summary>
    public static TrainingProgress Start => new(0, 1, 0, double.NaN, double.NaN, double.PositiveInfinity, 0);
}
