using CharRnn.Rnn.Model;

namespace CharRnn.Rnn.Kernels;

/// <summary>
/// How the kernels of one register width lay out an update's matrices. Every row starts on a register boundary and is
/// padded to a whole number of registers. W lies in blocks of one register, R rows by C columns, a row in each 128 bits:
/// for h the columns of a block lie side by side, for dz its rows, so forward and backward read W as it lies, and it takes
/// no more of the cache than it must (m = 100: 25 x 25 blocks of 16 floats, no padding). The padding is part of the
/// contract: zero in W, U, V, V', b, h and their AdaGrad sums (so that a dot product may run over it) and minus infinity in
/// c (so that a padded logit has probability zero). Kernels keep it so.
/// </summary>
/// <param name="Shape">m and K.</param>
/// <param name="Lanes">Elements in a register: R C.</param>
/// <param name="BlockColumns">C, columns of a block of W.</param>
public readonly record struct RecurrentLayout(NetworkShape Shape, int Lanes, int BlockColumns)
{
    /// <summary>Elements from one row of m numbers to the next: U by column [K], V [K], h [T + 1], dh [T].</summary>
    public int HiddenStride => Padded(Shape.HiddenSize, Lanes);

    /// <summary>Elements from one row of K numbers to the next: V' [m], logits [T].</summary>
    public int VocabularyStride => Padded(Shape.VocabularySize, Lanes);

    /// <summary>R, rows of a block of W.</summary>
    public int BlockRows => Lanes / BlockColumns;

    /// <summary>Blocks of W one below the other.</summary>
    public int RowBlocks => Padded(Shape.HiddenSize, BlockRows) / BlockRows;

    /// <summary>Blocks of W side by side, which follow one another in memory.</summary>
    public int ColumnBlocks => Padded(Shape.HiddenSize, BlockColumns) / BlockColumns;

    /// <summary>
    /// Elements from one row of blocks of W to the next. Rows that a multiple of 2 KB would separate are a block further
    /// apart: eight of them are read side by side, and would meet in the same few sets of the nearest cache.
    /// </summary>
    public int RowStride => (ColumnBlocks + (ColumnBlocks * BlockRows % 128 == 0 ? 1 : 0)) * Lanes;

    /// <summary>Elements of W.</summary>
    public long LengthOfW => (long)RowBlocks * RowStride;

    /// <summary>Elements of the scratch that the update of W takes for each time step: the widest tile that is emitted.</summary>
    public int SpreadStride => 12 * Lanes;

    /// <summary>Where element [row, column] of W lies.</summary>
    public nint IndexOfW(int row, int column) =>
        ((nint)(row / BlockRows) * RowStride) + ((nint)(column / BlockColumns) * Lanes) + (row % BlockRows * BlockColumns) + (column % BlockColumns);

    private static int Padded(int size, int unit) => checked((size + unit - 1) / unit * unit);
}
