namespace CharRnn.Rnn.Reports;

/// <summary>What the network wrote at some point of its training.</summary>
/// <param name="Step">The update before which it was written.</param>
/// <param name="Epoch">The epoch then, from 1.</param>
/// <param name="SmoothLoss">The smooth loss then, in nats; before the first update that update's loss, and not a number where the run did not record it.</param>
/// <param name="Text">The text.</param>
public sealed record WrittenSample(long Step, int Epoch, double SmoothLoss, string Text);
