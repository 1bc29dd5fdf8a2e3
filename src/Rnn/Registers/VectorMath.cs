namespace CharRnn.Rnn.Registers;

/// <summary>
/// The elementwise functions of a recurrent network, a register at a time; the bodies are emitted in every register
/// form and both element types from one description.
/// </summary>
[ElementwiseFunctions]
public static partial class VectorMath
{
}
