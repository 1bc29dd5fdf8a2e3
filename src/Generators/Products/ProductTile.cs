using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Products;

/// <summary>
/// A register tile: R rows by C registers of sums. Either the C registers of the right side are held and the rows' elements come one by
/// one, or the R elements are held and the registers come one by one; what allows more rows is taken.
/// </summary>
internal readonly record struct ProductTile(int Rows, int Columns, bool HoldsElements)
{
    /// <summary>More rows than this add code and no speed: the multiply-adds are fed already.</summary>
    private const int MostRows = 8;

    /// <summary>A multiply-add takes four cycles and two may start in each.</summary>
    private const int Chains = 8;

    /// <summary>The most registers across: 5 with 32 registers, 4 with 16.</summary>
    public static int MostColumns(VectorForm form) => form.Registers >= 32 ? 5 : 4;

    /// <summary>The tile with the most rows for a number of registers across.</summary>
    public static ProductTile Largest(VectorForm form, int columns)
    {
        var holdingRegisters = (form.Registers - 1 - columns) / columns;
        var holdingElements = (form.Registers - 1) / (columns + 1);
        return new(Math.Min(MostRows, Math.Max(holdingRegisters, holdingElements)), columns, holdingElements > holdingRegisters);
    }

    /// <summary>
    /// Sums of one element: a single row has too few chains, so it takes several elements of the depth at a time, each for sums of its own.
    /// More rows never do: whoever shares them out among threads gets the same bytes for any share.
    /// </summary>
    public int Sets => Rows > 1 ? 1 : Math.Min(4, (Chains + Columns - 1) / Columns);
}
