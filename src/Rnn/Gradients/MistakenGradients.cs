using CharRnn.Rnn.Reference;

namespace CharRnn.Rnn.Gradients;

/// <summary>One form of a classic mistake: the gradients that it gives for a chunk.</summary>
/// <param name="Form">In words, what exactly is done.</param>
/// <param name="Gradients">The mistaken gradients, unclipped sums otherwise.</param>
public sealed record MistakenGradients(string Form, ReferenceParameters<double> Gradients);
