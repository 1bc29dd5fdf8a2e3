namespace CharRnn.Rnn.Gradients;

/// <summary>A mistake that gives what a wrong gradient is, or comes near it.</summary>
/// <param name="Name">The mistake's name in the catalogue; two joined by "and" where it takes both.</param>
/// <param name="Form">In words, which form of it.</param>
/// <param name="Advice">What to look for in one's code.</param>
/// <param name="Explains">The wrong parameters that it gives exactly, as far as rounding lets one see; empty where it only comes near.</param>
/// <param name="Contradicts">Parameters that are right and would not be under this mistake.</param>
/// <param name="Residual">The norm ratio between what was claimed and what the mistake gives, the largest over the parameters explained (over all wrong ones where none is).</param>
/// <param name="Rank">From 1; causes of one rank cannot be told apart on this chunk.</param>
public sealed record Cause(
    string Name, string Form, string Advice, IReadOnlyList<string> Explains, IReadOnlyList<string> Contradicts, double Residual, int Rank);
