namespace CharRnn.Rnn.Explain;

/// <summary>A passage of the text and how well the network predicts it.</summary>
/// <param name="Position">Where it begins, in characters.</param>
/// <param name="Loss">The mean loss a character, in nats.</param>
/// <param name="Text">The passage.</param>
public sealed record PassageLoss(long Position, double Loss, string Text);
