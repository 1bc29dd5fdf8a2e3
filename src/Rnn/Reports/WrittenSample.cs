namespace CharRnn.Rnn.Reports;

/// <summary>What the network wrote at some point of its training.</summary>
/// <param name="Step">The update before which it was written.</param>
/// <param name="Epoch">The epoch then, from 1.</param>
/// <param name="SmoothLoss">The smooth loss then, in nats a chunk.</param>
/// <param name="Text">The text.</param>
public sealed record WrittenSample(long Step, int Epoch, double SmoothLoss, string Text);
