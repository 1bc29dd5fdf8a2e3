using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels.Plans;

/// <summary>
/// The plan of a matrix product whose sides both lie along the inner dimension: tiles of dots, each dot's sum in a register, four
/// columns at a time so that a row of a tile is reduced to one store.
/// </summary>
/// <param name="Lanes">Elements a register.</param>
/// <param name="Full">Whole registers along the inner dimension.</param>
/// <param name="Tail">Elements after them, read by an overlapping, masked register.</param>
/// <param name="Rows">Rows of a whole tile.</param>
/// <param name="AllColumns">Columns of the result.</param>
/// <param name="RowRuns">Start, rows a tile, tiles.</param>
/// <param name="ColumnRuns">Start, columns a tile, tiles.</param>
internal sealed record DotTilePlan(
    int Lanes, int Full, int Tail, int Rows, int AllColumns,
    EquatableArray<(int Start, int Size, int Count)> RowRuns, EquatableArray<(int Start, int Size, int Count)> ColumnRuns)
{
    /// <summary>Columns of a whole tile: one 128-bit register of floats, one 256-bit register of doubles.</summary>
    public int Columns => 4;

    public static DotTilePlan For(int rows, int inner, int columns, ElementType element, VectorForm form)
    {
        var lanes = form.Lanes(element);

        // Sixteen sums and eight operands fit 32 registers; eight sums and five operands fit 16.
        // Twelve sums, three operands and one more fit 16 too.
        var most = form.Registers >= 32 || columns <= 3 ? 4 : 2;
        return new(lanes, inner / lanes, inner % lanes, most, columns, Runs(rows, most), Runs(columns, 4));
    }

    private static EquatableArray<(int Start, int Size, int Count)> Runs(int length, int size)
    {
        var runs = new List<(int, int, int)>();
        if (length >= size)
        {
            runs.Add((0, size, length / size));
        }

        if (length % size > 0)
        {
            runs.Add((length / size * size, length % size, 1));
        }

        return new([.. runs]);
    }
}
