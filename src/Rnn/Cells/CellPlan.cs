namespace CharRnn.Rnn.Cells;

/// <summary>
/// What the generator found in a cell's equations, as far as whoever calls its kernels must know: which matrices meet which vector,
/// in which order, and where the gradients of their products are kept. A row of the network is one stream at one time step.
/// </summary>
/// <param name="Products">
/// The products with the previous time step, in the order in which they can be formed: the operand of a later one may need an earlier one.
/// </param>
/// <param name="Inputs">The matrices that are multiplied with the input.</param>
/// <param name="Vectors">The cell's vectors.</param>
/// <param name="Kept">How many vectors of a row the forward pass keeps for the backward pass.</param>
/// <param name="Gradients">How many vectors of a row the backward pass leaves: gradients of products and of vectors.</param>
/// <param name="ForwardPhases">For each phase, 0 to the number of products, whether the forward pass has work there.</param>
/// <param name="BackwardPhases">The same for the backward pass, by the same numbers.</param>
/// <param name="GradientsReplaceKept">Whether the backward pass may leave a row's gradients in the place of what was kept of it.</param>
/// <param name="Direct">For each state, whether it reaches the next states past the products, so that the backward pass leaves a gradient for it.</param>
public sealed record CellPlan(
    IReadOnlyList<CellProduct> Products,
    IReadOnlyList<CellTerm> Inputs,
    IReadOnlyList<CellTerm> Vectors,
    int Kept,
    int Gradients,
    bool GradientsReplaceKept,
    IReadOnlyList<bool> ForwardPhases,
    IReadOnlyList<bool> BackwardPhases,
    IReadOnlyList<bool> Direct)
{
    /// <summary>How many vectors of a row there must be room for: what is kept, and behind it the gradients, or in its place.</summary>
    public int RoomForKept => GradientsReplaceKept ? Math.Max(Kept, Gradients) : Kept + Gradients;
}

/// <summary>The matrices that are multiplied with one vector: one product, whose rows are interleaved by register of units.</summary>
/// <param name="State">The previous state that is the operand; -1 where the operand is computed.</param>
/// <param name="Kept">Where the computed operand is kept; -1 where it is a state.</param>
/// <param name="Terms">The matrices.</param>
public sealed record CellProduct(int State, int Kept, IReadOnlyList<CellTerm> Terms);

/// <summary>A parameter and where its gradient is found.</summary>
/// <param name="Parameter">Its place in <see cref="CellDescription.Parameters"/>.</param>
/// <param name="Gradient">The kept vector, of <see cref="CellPlan.Gradients"/>, that is the gradient of its product or of itself.</param>
public sealed record CellTerm(int Parameter, int Gradient);
