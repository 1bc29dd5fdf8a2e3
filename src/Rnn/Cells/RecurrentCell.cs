namespace CharRnn.Rnn.Cells;

/// <summary>What every cell is to the rest of the program; the generator makes it the base of each class with [RecurrentCell].</summary>
public abstract class RecurrentCell
{
    /// <summary>The cell's equations as they are written, once.</summary>
    /// <param name="states">The states of the time step before, m elements each, in the order of <see cref="CellDescription.States"/>.</param>
    /// <param name="x">The input: one-hot in the first layer, the states h of the layer below in the others.</param>
    /// <returns>The states of this time step.</returns>
    public abstract Vector[] Run(Vector[] states, Vector x);

    /// <summary>The hyperbolic tangent of every element.</summary>
    protected static Vector Tanh(Vector a) => a.Tanh();

    /// <summary>1 / (1 + e^-a) of every element a.</summary>
    protected static Vector Sigmoid(Vector a) => a.Sigmoid();
}
