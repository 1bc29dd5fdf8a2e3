namespace CharRnn.Rnn.Kernels;

/// <summary>
/// On a static partial class: the source generator writes the update kernels into it, fixed in size for each shape and
/// with run-time sizes for all others, in float and double and in every register form.
/// </summary>
/// <param name="cell">The cell whose equations they compute: a class of this project with [RecurrentCell], one state, one matrix on it, one on the input, one vector.</param>
/// <param name="rule">The rule that they apply where a tile's gradient is done: a class of this project with [OptimizerRule], one slot, eta and epsilon.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RecurrentKernelsAttribute(Type cell, Type rule) : Attribute
{
    /// <summary>The cell whose equations the kernels compute.</summary>
    public Type Cell { get; } = cell;

    /// <summary>The rule that they apply.</summary>
    public Type Rule { get; } = rule;

    /// <summary>
    /// Shapes such as <c>64x80+100x80</c> (hidden size x vocabulary size); null takes the build's: the properties
    /// HiddenSize, VocabularySize, Corpus and Shapes.
    /// </summary>
    public string? Shapes { get; set; }
}
