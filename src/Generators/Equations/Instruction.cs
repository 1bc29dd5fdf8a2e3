namespace CharRnn.Generators.Equations;

/// <summary>
/// One step of a method's equations, compared by value: a list of them is what the pipeline keeps of the method. Operands are
/// places in that list, before this one.
/// </summary>
/// <param name="Operator">What is done.</param>
/// <param name="Left">The first operand, or -1.</param>
/// <param name="Right">The second operand, or -1.</param>
/// <param name="Index">Of a leaf or a product: which field or state.</param>
/// <param name="Value">Of a constant: the number.</param>
/// <param name="Name">What the source calls the result; empty where it has no name.</param>
internal sealed record Instruction(Operator Operator, int Left, int Right, int Index, double Value, string Name);
