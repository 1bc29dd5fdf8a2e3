namespace CharRnn.Rnn.Optimizers;

/// <summary>
/// On a sealed partial class whose vectors are the slots that a rule keeps for each weight, whose numbers are the same for all weights
/// and set by <c>Begin</c> once an update, and whose method <c>Step</c> says what becomes of a weight and its slots. The source
/// generator reads that method and writes the rest.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OptimizerRuleAttribute : Attribute
{
}
