using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels.Plans;

/// <summary>
/// The plan of a matrix-vector product by row dots: groups of rows whose sums stay in one register each, reduced together at
/// the end of the group, so that a group of as many rows as a register has lanes is stored as one register.
/// </summary>
/// <param name="Lanes">Elements a register.</param>
/// <param name="Full">Whole registers along a row.</param>
/// <param name="Tail">Elements after them. They are read by one more register that ends where the row ends; the lanes that overlap are masked to zero on both sides.</param>
/// <param name="Groups">Runs of groups, from the first row to the last.</param>
/// <param name="IsUnrolled">The row is short: no loop along it, and the vector stays in registers.</param>
internal sealed record DotPlan(int Lanes, int Full, int Tail, EquatableArray<DotGroup> Groups, bool IsUnrolled)
{
    /// <summary>Longer rows are walked by a loop: unrolling them further is slower and costs code.</summary>
    private const int MostUnrolled = 4;

    public static DotPlan For(int rows, int columns, ElementType element, VectorForm form)
    {
        var lanes = form.Lanes(element);
        var (full, tail) = (columns / lanes, columns % lanes);
        var groups = new List<DotGroup>();
        var row = 0;
        var narrowest = form.IsScalar ? 4 : VectorForm.Vector128.Lanes(element);
        for (var size = form.IsScalar ? 4 : Math.Max(8, lanes); size >= narrowest; size /= 2)
        {
            var count = (rows - row) / size;
            if (count > 0)
            {
                groups.Add(new(row, size, count, Chains(size, full)));
                row += count * size;
            }
        }

        // Groups are halved down to the lanes of the narrowest register; of fewer rows, each sum is reduced by itself.
        if (row < rows)
        {
            groups.Add(new(row, rows - row, 1, Chains(rows - row, full)));
        }

        return new(lanes, full, tail, new([.. groups]), full <= MostUnrolled);
    }

    /// <summary>Eight independent chains cover the latency of the multiply-add.</summary>
    private static int Chains(int rows, int full)
    {
        var chains = 1;
        while (2 * chains * rows <= 8 && 2 * chains <= full)
        {
            chains *= 2;
        }

        return chains;
    }
}

/// <summary>A run of equal groups of rows.</summary>
/// <param name="Start">The first row.</param>
/// <param name="Rows">Rows a group.</param>
/// <param name="Count">Groups.</param>
/// <param name="Chains">Independent sums a row.</param>
internal sealed record DotGroup(int Start, int Rows, int Count, int Chains);
