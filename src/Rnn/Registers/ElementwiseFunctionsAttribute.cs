namespace CharRnn.Rnn.Registers;

/// <summary>Marks the class that the source generator writes tanh, exp and the lane maximum into.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ElementwiseFunctionsAttribute : Attribute
{
}
