namespace CharRnn.Rnn.Runs;

/// <summary>One line of metrics.jsonl and metrics.csv.</summary>
/// <param name="Step">The update, from 1.</param>
/// <param name="Epoch">The pass over the text that it belongs to, from 1.</param>
/// <param name="Loss">Its loss, summed over the chunk, before the weights changed; nats.</param>
/// <param name="SmoothLoss">The smooth loss after it.</param>
/// <param name="ElapsedSeconds">Training time so far; a resumed run goes on from the time at its checkpoint.</param>
/// <param name="CharactersPerSecond">The speed since the line before.</param>
public sealed record MetricsRecord(long Step, long Epoch, double Loss, double SmoothLoss, double ElapsedSeconds, double CharactersPerSecond);
