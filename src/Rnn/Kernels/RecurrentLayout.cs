using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Kernels;

/// <summary>
/// How the kernels of one register width lay out an update's matrices. Every row starts on a register boundary and is
/// padded to a whole number of registers; the padding is part of the contract:
/// it is zero in W, U, V, V', b, h and their AdaGrad sums (so that a row's dot product may run over it) and minus
/// infinity in c (so that a padded logit has probability zero). Kernels keep it so.
/// </summary>
/// <param name="Shape">m and K.</param>
/// <param name="Lanes">Elements in a register.</param>
public readonly record struct RecurrentLayout(NetworkShape Shape, int Lanes)
{
    /// <summary>Elements from one row of m numbers to the next: W [m], U by column [K], V [K], h [T + 1], dh [T].</summary>
    public int HiddenStride => Padded(Shape.HiddenSize, Lanes);

    /// <summary>Elements from one row of K numbers to the next: V' [m], logits [T].</summary>
    public int VocabularyStride => Padded(Shape.VocabularySize, Lanes);

    private static int Padded(int size, int lanes) => checked((size + lanes - 1) / lanes * lanes);
}
