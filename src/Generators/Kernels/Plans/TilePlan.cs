using CharRnn.Generators.Emission;

namespace CharRnn.Generators.Kernels.Plans;

/// <summary>
/// The plan of a matrix product in register tiles: R rows by C registers of accumulators, C registers of the right side and one
/// broadcast element of the left. It fits when R C + C + 1 registers are there.
/// </summary>
/// <param name="Panels">The columns.</param>
/// <param name="Rows">For each run of panels, the rows in runs of tiles.</param>
internal sealed record TilePlan(PanelPlan Panels, EquatableArray<EquatableArray<TileRows>> Rows)
{
    /// <summary>More rows than this add code and no speed: the multiply-adds are fed already.</summary>
    private const int MostRows = 12;

    public static TilePlan For(int rows, int columns, ElementType element, VectorForm form)
    {
        var panels = PanelPlan.For(columns, element, form, MostRegisters(form));
        return new(panels, new([.. panels.Panels.Select(panel =>
        {
            var runs = new List<TileRows>();
            var start = 0;
            foreach (var (size, count) in Partition.Even(rows, MostTileRows(form, panel.Registers)))
            {
                runs.Add(new(start, size, count));
                start += size * count;
            }

            return new EquatableArray<TileRows>([.. runs]);
        })]));
    }

    /// <summary>Independent sums for each accumulator of a tile, so that at least eight chains cover the latency of the multiply-add.</summary>
    public static int Chains(int accumulators, int depth)
    {
        var chains = 1;
        while (2 * chains * accumulators <= 8 && 2 * chains <= depth)
        {
            chains *= 2;
        }

        return chains;
    }

    private static int MostRegisters(VectorForm form) => form.IsScalar ? 4 : form.Registers >= 32 ? 5 : 3;

    private static int MostTileRows(VectorForm form, int registers) =>
        Math.Min(form.IsScalar ? 2 : MostRows, (form.Registers - 1 - registers) / registers);
}

/// <summary>A run of equal tiles, one below the other.</summary>
/// <param name="Start">The first row.</param>
/// <param name="Size">Rows a tile.</param>
/// <param name="Count">Tiles.</param>
internal sealed record TileRows(int Start, int Size, int Count);
