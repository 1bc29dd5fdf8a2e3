using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Kernels;

/// <summary>
/// How the kernels of one register width lay out an update's matrices. Every row starts on a register boundary.
/// W is in two parts, one after the other: its columns up to the last whole register, row by row without padding, and the
/// columns that are left, by column; so that W takes no more of the cache than it must. All else is padded to a whole
/// number of registers; the padding is part of the contract: zero in U, V, V', b, h, the last columns of W and their
/// AdaGrad sums (so that a dot product may run over it) and minus infinity in c (so that a padded logit has probability
/// zero). Kernels keep it so.
/// </summary>
/// <param name="Shape">m and K.</param>
/// <param name="Lanes">Elements in a register.</param>
public readonly record struct RecurrentLayout(NetworkShape Shape, int Lanes)
{
    /// <summary>Elements from one row of m numbers to the next: U by column [K], V [K], h [T + 1], dh [T], the last columns of W.</summary>
    public int HiddenStride => Padded(Shape.HiddenSize, Lanes);

    /// <summary>Elements from one row of K numbers to the next: V' [m], logits [T].</summary>
    public int VocabularyStride => Padded(Shape.VocabularySize, Lanes);

    /// <summary>The columns of W that fill whole registers: the stride of its first part.</summary>
    public int MainColumns => Shape.HiddenSize / Lanes * Lanes;

    /// <summary>Elements of both parts of W.</summary>
    public long LengthOfW => ((long)Shape.HiddenSize * MainColumns) + ((long)(Shape.HiddenSize - MainColumns) * HiddenStride);

    /// <summary>Where element [row, column] of W lies.</summary>
    public nint IndexOfW(int row, int column) => column < MainColumns
        ? ((nint)row * MainColumns) + column
        : ((nint)Shape.HiddenSize * MainColumns) + ((nint)(column - MainColumns) * HiddenStride) + row;

    private static int Padded(int size, int lanes) => checked((size + lanes - 1) / lanes * lanes);
}
