namespace CharRnn.Rnn.Cells;

/// <summary>What a parameter of a cell is multiplied with, which fixes its extents.</summary>
public enum CellParameterKind
{
    /// <summary>A matrix [m, m] that is multiplied with a state, or with a vector made of states.</summary>
    Recurrent,

    /// <summary>A matrix [m, inputs] that is multiplied with the input.</summary>
    Input,

    /// <summary>A vector [m].</summary>
    Vector,
}

/// <summary>One field of a cell.</summary>
/// <param name="Name">As the class declares it.</param>
/// <param name="Kind">What it is multiplied with.</param>
/// <param name="Start">For a vector, what all its elements start at; matrices are drawn.</param>
public sealed record CellParameter(string Name, CellParameterKind Kind, double Start = 0);
