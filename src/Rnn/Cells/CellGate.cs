namespace CharRnn.Rnn.Cells;

/// <summary>A value of a cell's equations that is <c>Sigmoid(...)</c> and no state: from 0 (shut) to 1 (open), it says how much of another value passes.</summary>
/// <param name="Name">What the equations call it; one without a name is called after its call.</param>
/// <param name="Call">Which call of Sigmoid computes it, from 0, in the order in which the equations are evaluated.</param>
public sealed record CellGate(string Name, int Call);
