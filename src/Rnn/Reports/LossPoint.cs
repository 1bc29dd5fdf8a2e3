namespace CharRnn.Rnn.Reports;

/// <summary>One line of a run's metrics.</summary>
/// <param name="Step">The update, from 1.</param>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Loss">The loss of its chunk before the weights changed, in nats, summed over the chunk or its mean.</param>
/// <param name="SmoothLoss">0.999 of the smooth loss before plus 0.001 of the loss, started at the first loss.</param>
/// <param name="Seconds">Since the run began.</param>
public sealed record LossPoint(long Step, int Epoch, double Loss, double SmoothLoss, double Seconds);
