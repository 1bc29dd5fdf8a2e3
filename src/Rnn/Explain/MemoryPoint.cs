namespace CharRnn.Rnn.Explain;

/// <summary>The loss of a network that has read only so many characters before the current one.</summary>
/// <param name="CharactersBefore">How many characters before the current one were read.</param>
/// <param name="Loss">The mean loss a character, in nats.</param>
/// <param name="Excess">What that is above the loss of the network that has read everything, in nats.</param>
/// <param name="Uncertainty">The standard error of the excess.</param>
public sealed record MemoryPoint(int CharactersBefore, double Loss, double Excess, double Uncertainty);
