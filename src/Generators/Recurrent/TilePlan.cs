using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Recurrent;

/// <summary>
/// The register tiles of one form. A tile of R rows by C registers keeps R C accumulators, C registers of the right-hand
/// side and one broadcast element of the left; it fits when R C + C + 1 registers are there. Column counts are split into
/// panels, and rows into tiles, as evenly as can be, because a thin left-over tile waits for its few accumulators.
/// </summary>
internal static class TilePlan
{
    /// <summary>More rows than this add code and no speed: the multiply-adds are fed already.</summary>
    private const int MostRows = 8;

    /// <summary>
    /// Rows of blocks whose sums W h forms at a time: enough independent chains of multiply-adds, each load of h shared by
    /// all. More are better with 32 registers, and no better with 16 (measured with <c>charrnn bench</c>, m = 100 and 256).
    /// </summary>
    public static int PassBlocks(VectorForm form) => form.Registers >= 32 ? 12 : 8;

    /// <summary>The last pass takes up to as many: what would be left for one more would wait for its own few chains.</summary>
    public static int MostPassBlocks(VectorForm form) => PassBlocks(form) + 4;

    /// <summary>Columns of a block of W: the elements that 128 bits hold.</summary>
    public static int BlockColumns(ElementType type, VectorForm form) => form.IsScalar ? 1 : 16 / type.Size();

    /// <summary>The rows of blocks that are left for the last pass of W h.</summary>
    public static int LastPass(VectorForm form, int rowBlocks)
    {
        var least = LeastLastPass(form);
        return rowBlocks <= MostPassBlocks(form) ? rowBlocks : least + ((rowBlocks - least) % PassBlocks(form));
    }

    /// <summary>The fewest rows of blocks in a last pass that is not the only one.</summary>
    public static int LeastLastPass(VectorForm form) => MostPassBlocks(form) - PassBlocks(form) + 1;

    /// <summary>The most registers across in a tile: 5 x 5 with 32 registers, 4 x 3 with 16.</summary>
    public static int MostColumns(VectorForm form) => form.IsScalar ? 1 : form.Registers >= 32 ? 5 : 3;

    /// <summary>
    /// The same for a tile that also applies AdaGrad. With 16 registers a tile is one row, whose right-hand side comes from
    /// memory within the multiply-add: fewer instructions than 5 x 2 or 3 x 3, and AdaGrad's own fit beside them (measured
    /// with <c>charrnn bench</c>, m = 100, K = 80: 10 to 15 % less time).
    /// </summary>
    public static int MostUpdateColumns(VectorForm form) => form.IsScalar ? 1 : form.Registers >= 32 ? 5 : 12;

    /// <summary>The most rows that fit in a tile of <paramref name="columns"/> registers across.</summary>
    public static int MostTileRows(VectorForm form, int columns) =>
        Math.Min(MostRows, (form.Registers - 1 - columns) / columns);

    /// <summary>
    /// The most rows of a tile that also applies AdaGrad to the tile before it, a register at a time: those operations
    /// need registers too.
    /// </summary>
    public static int MostUpdateRows(VectorForm form, int columns) =>
        Math.Max(1, Math.Min(MostRows, (form.Registers - 1 - columns - (form.Registers >= 32 ? 5 : 3)) / columns));

    /// <summary>
    /// Time steps from one register of the tile before to the next that AdaGrad is applied to: a small tile is done with
    /// them long before the usual 25 steps end, and square root and division hide best where they are spread over all
    /// (measured with <c>charrnn bench</c>, m = 100, K = 80, 256 bits: 3 to 5 % of dV and dW).
    /// </summary>
    public static int AdagradInterval(int registers) => registers <= 12 ? 2 : 1;

    /// <summary>The most sums of a transposed mat-vec: all registers but those for the element, a load and an index.</summary>
    public static int MostPanelBlocks(VectorForm form) => form.IsScalar ? 4 : form.Registers >= 32 ? 16 : 13;

    /// <summary>
    /// <paramref name="count"/> blocks in panels of at most <paramref name="most"/>: as many as are needed, equal, and each
    /// a multiple of <paramref name="unit"/> so that the next starts on a register; the last takes what is left.
    /// </summary>
    public static int[] Panels(int count, int unit, int most)
    {
        for (var panels = (count + most - 1) / most; ; panels++)
        {
            var width = count / panels / unit * unit;
            var last = count - ((panels - 1) * width);
            if (last <= most)
            {
                return [.. Enumerable.Repeat(width, panels - 1), last];
            }
        }
    }

    /// <summary><paramref name="count"/> in the fewest parts of at most <paramref name="most"/>, equal up to one, larger first.</summary>
    public static int[] Split(int count, int most)
    {
        var parts = (count + most - 1) / most;
        var sizes = new int[parts];
        for (var i = 0; i < parts; i++)
        {
            sizes[i] = (count / parts) + (i < count % parts ? 1 : 0);
        }

        return sizes;
    }
}
