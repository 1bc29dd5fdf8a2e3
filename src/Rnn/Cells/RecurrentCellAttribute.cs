namespace CharRnn.Rnn.Cells;

/// <summary>
/// On a sealed partial class whose matrices and vectors are fields and whose method <c>Step</c> says how the next state comes
/// from the last one and the input. The source generator reads that method, derives its gradient, and writes constructor, base,
/// description and kernels; what it does not understand is a compile error at its place.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RecurrentCellAttribute : Attribute
{
    /// <summary>The name in files and on the command line, such as <c>lstm</c>; null: the class's name in lower case.</summary>
    public string? Name { get; set; }
}
